import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, type Locator, test } from '@playwright/test';
import { HomeServer } from '../homeServer';
import { Person } from '../person';

let server: HomeServer;
let alice: Person;
let bob: Person;

test.beforeEach(async ({ browser }) => {
  server = await HomeServer.start();
  [alice, bob] = await Promise.all([
    Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau'),
    Person.signedIn(browser, server.port, 'bob@contoso.example', 'Bob Barends'),
  ]);
  await alice.talkTo('Bob Barends');
  await bob.talkTo('Alice Moreau');
});

test.afterEach(async () => {
  for (const person of [alice, bob]) await person.leave();
  await server.stop();
});

const card = (person: Person, name: string): Locator =>
  person.messages.getByRole('region', { name: `File ${name}`, exact: true });
const button = (person: Person, name: string): Locator => person.page.getByRole('button', { name, exact: true });

/** Bytes that no two of which are alike in a row. */
function bytesOf(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * 7) & 255));
}

async function pick(person: Person, name: string, buffer: Buffer): Promise<void> {
  const picked = person.page.waitForEvent('filechooser');
  await button(person, 'Send files').click();
  await (await picked).setFiles({ name, mimeType: 'application/octet-stream', buffer });
}

/** Drops a file on the conversation, or hangs it over it. */
async function drag(person: Person, name: string, events: readonly string[]): Promise<void> {
  await person.page.locator('.talk').evaluate(
    (talk, { name, events }) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['dropped '.repeat(1000)], name));
      for (const type of events)
        talk.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    },
    { name, events },
  );
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

test('a file is picked, offered, taken and saved; one is dropped and declined', async () => {
  const bytes = bytesOf(3_000_001);
  await pick(alice, 'Draft plan (final).pdf', bytes);
  await expect(card(alice, 'Draft plan (final).pdf')).toContainText('Waits until Bob accepts it');
  await expect(card(bob, 'Draft plan (final).pdf')).toContainText('3.0 MB · PDF document');
  // It is before his eyes.
  await expect(bob.invitationFrom('Alice Moreau')).toHaveCount(0);
  await button(bob, 'Accept Draft plan (final).pdf').click();
  await expect(card(alice, 'Draft plan (final).pdf')).toContainText('Delivered');
  const downloaded = bob.page.waitForEvent('download');
  await button(bob, 'Save Draft plan (final).pdf').click();
  const download = await downloaded;
  expect(download.suggestedFilename()).toBe('Draft plan (final).pdf');
  expect(sha256(readFileSync(await download.path()))).toBe(sha256(bytes));

  await drag(alice, 'notes.txt', ['dragenter', 'dragover']);
  await expect(alice.page.getByText('Drop to send to Bob')).toBeVisible();
  await drag(alice, 'notes.txt', ['drop']);
  await bob.goTo('Settings');
  await bob.invitationFrom('Alice Moreau').getByRole('button', { name: 'Ignore' }).click();
  await expect(card(alice, 'notes.txt')).toContainText('Bob declined this file.');
});

test('goes on from the byte that is there when the page of the one that gets it was loaded again', async () => {
  const expected = await alice.page.evaluate(async () => {
    const parts = Array.from({ length: 40 }, (_, part) => new Uint8Array(1_000_000).fill(part + 1));
    const file = new File(parts, 'recording.mp4');
    const chosen = new DataTransfer();
    chosen.items.add(file);
    const input = document.querySelector<HTMLInputElement>('input[type=file]');
    if (input === null) throw new Error('there is no field for files');
    input.files = chosen.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  });
  await button(bob, 'Accept recording.mp4').click();
  await expect(card(bob, 'recording.mp4')).toContainText(/[1-9]\d? MB of 40 MB/);
  await bob.page.reload();
  await expect(card(alice, 'recording.mp4')).toContainText('Interrupted at');
  await expect(card(alice, 'recording.mp4')).toContainText('Delivered', { timeout: 30_000 });
  expect(alice.wire.messages.some(({ text }) => /a=file-range:[1-9]\d{5,}-\*/.test(text))).toBe(true);
  const downloaded = bob.page.waitForEvent('download');
  await button(bob, 'Save recording.mp4').click();
  expect(sha256(readFileSync(await (await downloaded).path()))).toBe(expected);
});
