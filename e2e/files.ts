import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, type Locator } from '@playwright/test';
import type { Person } from './person';

/** A file in the transcript. */
export const card = (person: Person, name: string): Locator =>
  person.messages.getByRole('region', { name: `File ${name}`, exact: true });

export const fileButton = (person: Person, name: string): Locator =>
  person.page.getByRole('button', { name, exact: true });

/** Bytes that no two of which are alike in a row. */
export function bytesOf(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * 7) & 255));
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Picks a file to send. */
export async function pick(person: Person, name: string, buffer: Buffer): Promise<void> {
  const picked = person.page.waitForEvent('filechooser');
  await fileButton(person, 'Send files').click();
  await (await picked).setFiles({ name, mimeType: 'application/octet-stream', buffer });
}

/** The same with a file that is made in the page, for its size; answers its SHA-256. */
export function pickLarge(person: Person, name: string, megabytes: number): Promise<string> {
  return person.page.evaluate(
    async ({ name, megabytes }) => {
      const parts = Array.from({ length: megabytes }, (_, part) => new Uint8Array(1_000_000).fill(part + 1));
      const file = new File(parts, name);
      const chosen = new DataTransfer();
      chosen.items.add(file);
      const input = document.querySelector<HTMLInputElement>('input[type=file]');
      if (input === null) throw new Error('there is no field for files');
      input.files = chosen.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
      const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
      return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    },
    { name, megabytes },
  );
}

/** So fast, in bytes a second, are this page's own requests from now on: a transfer can be caught in the middle. */
export async function slowDown(person: Person, bytesPerSecond: number): Promise<void> {
  const session = await person.context.newCDPSession(person.page);
  const [uploadThroughput, downloadThroughput] = [bytesPerSecond, bytesPerSecond];
  await session.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 0, uploadThroughput, downloadThroughput },
  });
}

/** Saves a file where the person likes: the place is picked without a window, in the page's own store. Answers its SHA-256. */
export async function saveAs(person: Person, name: string): Promise<string> {
  await person.page.evaluate(() => {
    const showSaveFilePicker = async () => {
      const own = await navigator.storage.getDirectory();
      return own.getFileHandle('picked', { create: true });
    };
    Object.assign(globalThis, { showSaveFilePicker });
  });
  await fileButton(person, `Save ${name} as`).click();
  await expect(card(person, name)).toContainText('Saved where you wanted it');
  return person.page.evaluate(async () => {
    const picked = await (await navigator.storage.getDirectory()).getFileHandle('picked');
    const digest = await crypto.subtle.digest('SHA-256', await (await picked.getFile()).arrayBuffer());
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  });
}

/** Saves a file that this browser has; answers its name and SHA-256. */
export async function save(person: Person, name: string): Promise<{ name: string; sha256: string }> {
  const downloaded = person.page.waitForEvent('download');
  await fileButton(person, `Save ${name}`).click();
  const download = await downloaded;
  return { name: download.suggestedFilename(), sha256: sha256(readFileSync(await download.path())) };
}
