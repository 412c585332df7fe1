/** A file from person to person: read, sent, digested at both ends and written down; beside a bare data channel between the same pages. */
import type { Browser, Page } from '@playwright/test';
import { launchBrowser } from '../e2e/browser';
import { sendPlainly } from './bareChannel';
import type { Figure } from './figure';
import { signIn } from './pages';
import { benchDomain, benchPassword, startHome } from './processes';
import { median } from './statistics';

const megabytes = 96;
const size = megabytes * 1_000_000;

interface Run {
  ours: number;
  bare: number;
}

export async function benchFiles(runs: number): Promise<Figure[]> {
  const home = await startHome(2);
  // The names that stand for addresses in candidates are slow to be found where many browsers run on one machine.
  const browser = await launchBrowser('--disable-features=WebRtcHideLocalIpsWithMdns');
  try {
    const url = `http://localhost:${home.port}`;
    const [sender, receiver] = [await pageOf(browser, url, 0), await pageOf(browser, url, 1)];
    await talk(sender, 'Person 1');
    await talk(receiver, 'Person 0');
    const done: Run[] = [];
    for (let run = 0; run < runs; run += 1) {
      const name = `file-${run}.bin`;
      // In turn, so that what else the machine does, it does to both.
      const [ours, bare] = [await send(sender, receiver, name), await sendPlainly(sender, receiver, size)];
      done.push({ ours, bare });
    }
    return [
      {
        name: `A file of ${megabytes} MB, two people`,
        unit: 'MB/s',
        ours: median(done.map(({ ours }) => ours)) / 1e6,
        floor: median(done.map(({ bare }) => bare)) / 1e6,
        ratio: median(done.map(({ ours, bare }) => ours / bare)),
        gate: { relation: '>=', limit: 0.7 },
        runs,
      },
    ];
  } finally {
    await browser.close();
    await home.stop();
  }
}

interface Noted {
  channelAt: number;
}

async function pageOf(browser: Browser, url: string, index: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  // What tsx compiles names its functions so, and this page has no such helper.
  await context.addInitScript('globalThis.__name = (named) => named');
  await context.addInitScript(() => {
    const Real = RTCPeerConnection;
    globalThis.RTCPeerConnection = class extends Real {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        this.addEventListener('datachannel', () => {
          (window as unknown as Noted).channelAt = performance.now();
        });
      }
    };
  });
  const page = await context.newPage();
  await signIn(page, url, `p${index}@${benchDomain}`, benchPassword);
  await page.getByRole('button', { name: /^Your status/ }).waitFor();
  return page;
}

async function talk(page: Page, name: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Find a contact' }).fill(name);
  await page.getByRole('button', { name: `Send an IM to ${name}` }).click();
}

/** Bytes a second from the first to when the receiver has it whole; throws when it is not the same. */
async function send(sender: Page, receiver: Page, name: string): Promise<number> {
  const expected = await sender.evaluate(
    async ({ name, megabytes }) => {
      const parts = Array.from({ length: megabytes }, (_, part) =>
        new Uint8Array(1_000_000).map((_, index) => (index * 31 + part) & 255),
      );
      const file = new File(parts, name);
      const chosen = new DataTransfer();
      chosen.items.add(file);
      const input = document.querySelector<HTMLInputElement>('input[type=file]');
      if (input === null) throw new Error('there is no field for files');
      const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
      input.files = chosen.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
      return [...new Uint8Array(digest)].join();
    },
    { name, megabytes },
  );
  await receiver.getByRole('button', { name: `Accept ${name}` }).click();
  const ms = await receiver.evaluate(async (name) => {
    const isThere = () =>
      [...document.querySelectorAll('.file')].some(
        ({ textContent }) => textContent?.includes(name.replace('.bin', '')) && textContent.includes('Received'),
      );
    await new Promise<void>((resolve) => {
      const look = () => (isThere() ? resolve() : undefined);
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
      look();
    });
    return performance.now() - (window as unknown as Noted).channelAt;
  }, name);
  const arrived = await receiver.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('received-files');
    const handles = folder as unknown as AsyncIterable<[string, FileSystemFileHandle]>;
    let newest: File | null = null;
    for await (const [, handle] of handles) {
      const file = await handle.getFile();
      if (newest === null || file.lastModified > newest.lastModified) newest = file;
    }
    if (newest === null) throw new Error('nothing is kept');
    return [...new Uint8Array(await crypto.subtle.digest('SHA-256', await newest.arrayBuffer()))].join();
  });
  if (arrived !== expected) throw new Error(`${name} is not the same at both ends`);
  return (size / ms) * 1000;
}
