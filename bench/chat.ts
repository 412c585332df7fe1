/** Enter pressed to the text in the peer's DOM: two pages of one Chromium, beside two bare pages on the bare relay. */

import { launchBrowser } from '../e2e/browser';
import type { Figure } from './figure';
import { signIn, timeMessages } from './pages';
import { benchDomain, benchPassword, startHome, startRelay } from './processes';
import { median } from './statistics';

const messages = 100;

export async function benchChat(runs: number): Promise<Figure[]> {
  const ours = { dom: [] as number[], paint: [] as number[] };
  const floor = { dom: [] as number[], paint: [] as number[] };
  for (let run = 0; run < runs; run += 1) {
    const app = await timeConfab();
    const bare = await timeBare();
    for (const kind of ['dom', 'paint'] as const) {
      ours[kind].push(median(app[kind]));
      floor[kind].push(median(bare[kind]));
    }
  }
  const figure = (name: string, kind: 'dom' | 'paint', gate: Figure['gate']): Figure => {
    const [own, bare] = [median(ours[kind]), median(floor[kind])];
    return { name, unit: 'ms', ours: own, floor: bare, ratio: own / bare, gate, runs };
  };
  return [
    figure("Enter to the text in the peer's DOM", 'dom', { relation: '<=', limit: 4 }),
    figure('Enter to the text painted at the peer', 'paint', null),
  ];
}

async function timeConfab() {
  const home = await startHome(2);
  const browser = await launchBrowser();
  try {
    const url = `http://localhost:${home.port}`;
    const [caller, callee] = await Promise.all(
      [0, 1].map(async (index) => {
        const page = await (await browser.newContext()).newPage();
        await signIn(page, url, `p${index}@${benchDomain}`, benchPassword);
        await page.getByRole('button', { name: /^Your status/ }).waitFor();
        return page;
      }),
    );
    if (caller === undefined || callee === undefined) throw new Error('no pages');
    await caller.getByRole('searchbox', { name: 'Find a contact' }).fill('Person 1');
    await caller.getByRole('button', { name: 'Send an IM to Person 1' }).click();
    await caller.getByRole('textbox', { name: 'Message' }).fill('first');
    await caller.keyboard.press('Enter');
    await callee.getByRole('button', { name: 'Accept' }).click();
    await callee.getByRole('log').getByText('first').waitFor();
    return await timeMessages(caller, callee, 'textarea[aria-label="Message"]', messages);
  } finally {
    await browser.close();
    await home.stop();
  }
}

async function timeBare() {
  const relay = await startRelay();
  const browser = await launchBrowser();
  try {
    const [caller, callee] = await Promise.all(
      ['a', 'b'].map(async (me) => {
        const page = await (await browser.newContext()).newPage();
        await page.goto(`http://localhost:${relay.port}/page?me=${me}&peer=${me === 'a' ? 'b' : 'a'}`);
        await page.waitForFunction(() => document.title === 'open');
        return page;
      }),
    );
    if (caller === undefined || callee === undefined) throw new Error('no pages');
    return await timeMessages(caller, callee, '#text', messages);
  } finally {
    await browser.close();
    await relay.stop();
  }
}
