/** A shared tab: how soon it is seen, how much of it and how late; beside a bare peer connection between the same pages. */
import type { Browser, Page } from '@playwright/test';
import { launchBrowser } from '../e2e/browser';
import { captureSwitches } from '../e2e/sharedSource';
import { sharePlainly } from './barePeers';
import { capturedAt, forgetSight, noteCapture, noteSight, openClockTab, sightOf } from './clockTab';
import type { Figure } from './figure';
import { signIn } from './pages';
import { benchDomain, benchPassword, startHome } from './processes';
import { median } from './statistics';

const viewers = 3;
/** Until the browser has found out what the way bears. */
const settlesMs = 6_000;
const looksMs = 8_000;

interface Look {
  framesPerSecond: number;
  delayMs: number;
}

interface Run {
  pairFirstMs: number;
  pair: Look;
  bare: Look;
  conferenceFirstMs: number;
  conference: Look;
}

export async function benchSharing(runs: number): Promise<Figure[]> {
  const done: Run[] = [];
  for (let run = 0; run < runs; run += 1) done.push(await timeOnce());
  const middle = (pick: (run: Run) => number): number => median(done.map(pick));
  const alone = (name: string, ours: number, limit: number): Figure => {
    return { name, unit: 'ms', ours, floor: null, ratio: null, gate: { relation: '<=', limit }, runs };
  };
  const beside = (
    name: string,
    unit: string,
    { of, to, gate }: { of(run: Run): number; to(run: Run): number; gate: Figure['gate'] },
  ): Figure => {
    // Of each run by itself: what else the machine does, it does to both.
    return { name, unit, ours: middle(of), floor: middle(to), ratio: middle((run) => of(run) / to(run)), gate, runs };
  };
  return [
    alone(
      'Captured to the first frame, two people',
      middle(({ pairFirstMs }) => pairFirstMs),
      700,
    ),
    alone(
      `Captured to the first frame at the last of ${viewers}, conference`,
      middle(({ conferenceFirstMs }) => conferenceFirstMs),
      1_200,
    ),
    beside('Frames shown, two people', 'fps', {
      of: ({ pair }) => pair.framesPerSecond,
      to: ({ bare }) => bare.framesPerSecond,
      gate: { relation: '>=', limit: 0.9 },
    }),
    beside(`Frames shown to each of ${viewers}, conference`, 'fps', {
      of: ({ conference }) => conference.framesPerSecond,
      to: ({ bare }) => bare.framesPerSecond,
      gate: { relation: '>=', limit: 0.7 },
    }),
    beside('Source to viewer, two people', 'ms', {
      of: ({ pair }) => pair.delayMs,
      to: ({ bare }) => bare.delayMs,
      gate: { relation: '<=', limit: 1.3 },
    }),
    beside(`Source to each of ${viewers}, conference`, 'ms', {
      of: ({ conference }) => conference.delayMs,
      to: ({ bare }) => bare.delayMs,
      gate: null,
    }),
  ];
}

async function timeOnce(): Promise<Run> {
  const home = await startHome(viewers + 1);
  const browser = await launchBrowser(...captureSwitches);
  try {
    const [sharer, ...others] = await Promise.all(
      Array.from({ length: viewers + 1 }, (_, index) => pageOf(browser, `http://localhost:${home.port}`, index)),
    );
    const [peer, ...rest] = others;
    if (sharer === undefined || peer === undefined) throw new Error('no pages');
    for (const viewer of others) {
      await acceptEverything(viewer);
      await noteSight(viewer);
    }
    await noteCapture(sharer);
    await openClockTab(sharer.context());
    await talk(sharer, peer);

    const pairFirstMs = await share(sharer, [peer]);
    const pair = await look([peer]);
    await stop(sharer, [peer]);

    const end = await sharePlainly(sharer, peer);
    const bare = await look([peer]);
    await end();

    await invite(sharer, rest.length);
    const conferenceFirstMs = await share(sharer, others);
    const conference = await look(others);
    return { pairFirstMs, pair, bare, conferenceFirstMs, conference };
  } finally {
    await browser.close();
    await home.stop();
  }
}

async function pageOf(browser: Browser, url: string, index: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  // What tsx compiles names its functions so, and this page has no such helper.
  await context.addInitScript('globalThis.__name = (named) => named');
  const page = await context.newPage();
  await signIn(page, url, `p${index}@${benchDomain}`, benchPassword);
  await page.getByRole('button', { name: /^Your status/ }).waitFor();
  return page;
}

/** Somebody who needs no time to decide. */
async function acceptEverything(page: Page): Promise<void> {
  await page.evaluate(() => {
    const accept = () => {
      const buttons = [...document.querySelectorAll<HTMLButtonElement>('button')];
      buttons.find(({ textContent }) => textContent?.trim() === 'Accept')?.click();
    };
    new MutationObserver(accept).observe(document.body, { childList: true, subtree: true });
  });
}

async function talk(caller: Page, callee: Page): Promise<void> {
  await caller.getByRole('searchbox', { name: 'Find a contact' }).fill('Person 1');
  await caller.getByRole('button', { name: 'Send an IM to Person 1' }).click();
  await caller.getByRole('textbox', { name: 'Message' }).fill('first');
  await caller.keyboard.press('Enter');
  await callee.getByRole('log').getByText('first').waitFor();
}

async function invite(host: Page, more: number): Promise<void> {
  await host.getByRole('button', { name: 'Invite', exact: true }).click();
  const dialog = host.getByRole('dialog', { name: 'Invite people' });
  for (let person = 0; person < more; person += 1) {
    await dialog.getByRole('searchbox').fill(`Person ${person + 2}`);
    await dialog.getByRole('checkbox', { name: new RegExp(`^Person ${person + 2}`) }).click();
  }
  await dialog.getByRole('button', { name: /^Invite( \d+ people)?$/ }).click();
  const roster = host.getByRole('complementary', { name: 'Participants' }).getByRole('listitem');
  await roster.nth(more + 1).waitFor();
}

/** Shares the clock; the time until the last of these sees it. */
async function share(sharer: Page, to: readonly Page[]): Promise<number> {
  for (const page of to) await forgetSight(page);
  await sharer.bringToFront();
  await sharer.locator('.talk__head').getByRole('button', { name: 'Share', exact: true }).click();
  await sharer.getByRole('menuitem', { name: 'Browser tab' }).click();
  for (const page of to) {
    await page.waitForFunction(() => (window as unknown as { sight: { first: number | null } }).sight.first !== null);
  }
  const firsts = await Promise.all(to.map(async (page) => (await sightOf(page)).first ?? Number.NaN));
  return Math.max(...firsts) - (await capturedAt(sharer));
}

async function stop(sharer: Page, from: readonly Page[]): Promise<void> {
  await sharer.getByRole('button', { name: 'Stop sharing' }).click();
  for (const page of from) await page.getByRole('region', { name: 'Shared by others' }).waitFor({ state: 'hidden' });
}

/** What each of these sees, in the middle. */
async function look(pages: readonly Page[]): Promise<Look> {
  await pause(settlesMs);
  await Promise.all(pages.map(forgetSight));
  const began = Date.now();
  await pause(looksMs);
  const sights = await Promise.all(pages.map(sightOf));
  const seconds = (Date.now() - began) / 1000;
  return {
    framesPerSecond: median(sights.map(({ shown }) => shown / seconds)),
    delayMs: median(sights.map(({ delays }) => median(delays))),
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
