/** A trace of 100,000 messages on the screen: how long the page stands still while it is read, and until a filter is drawn. */
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { launchBrowser, personsWindow } from '../e2e/browser';
import type { TraceEntry } from '../src/trace/entry';
import { TraceFileWriter } from '../src/trace/formats/writeTrace';
import type { Figure } from './figure';
import { signIn } from './pages';
import { benchDomain, benchPassword, startHome } from './processes';
import { median } from './statistics';

const readWithinMs = 120_000;
const sought = ['Are you there?', 'zq', 'BUDGET', 'branch=z9hG4bK9', 'carol'];

export async function benchTraceScreen(entries: readonly TraceEntry[], runs: number): Promise<Figure[]> {
  const file = path.join(tmpdir(), `confab-bench-${process.pid}.json`);
  const writer = new TraceFileWriter('json', false);
  await writeFile(file, Buffer.concat([...writer.push(entries), ...writer.end()]));
  const home = await startHome(1);
  const browser = await launchBrowser();
  const page = await (await browser.newContext(personsWindow)).newPage();
  await signIn(page, `http://localhost:${home.port}`, `p0@${benchDomain}`, benchPassword);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'Trace' }).click();
  const longest = await longestTask(page, async () => {
    await page.getByLabel('Trace file').setInputFiles(file);
    await page.getByRole('button', { name: 'Close the file' }).waitFor({ timeout: readWithinMs });
  });
  const texts: number[] = [];
  for (const text of sought) texts.push(await medianOf(runs, () => timeText(page, text)));
  const errors = await medianOf(2 * runs, () => timeErrors(page));
  await browser.close();
  await home.stop();
  await rm(file);
  const figure = (name: string, ours: number, limit: number, count: number): Figure => {
    return { name, unit: 'ms', ours, floor: null, ratio: null, gate: { relation: '<=', limit }, runs: count };
  };
  return [
    figure(`trace on screen: text filter drawn, the slowest of ${sought.length}`, Math.max(...texts), 100, runs),
    figure('trace on screen: errors only, drawn', errors, 100, 2 * runs),
    figure('trace on screen: longest task while the file is read', longest, 200, 1),
  ];
}

async function medianOf(count: number, time: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < count; run += 1) times.push(await time());
  return median(times);
}

async function longestTask(page: Page, run: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const shared = window as unknown as { longest: number };
    shared.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) shared.longest = Math.max(shared.longest, duration);
    }).observe({ type: 'longtask' });
  });
  await run();
  return page.evaluate(() => (window as unknown as { longest: number }).longest);
}

/** From typing to the frame after the count of shown messages has changed. */
async function timeText(page: Page, text: string): Promise<number> {
  await drawn(page, '');
  return drawn(page, text);
}

function drawn(page: Page, text: string): Promise<number> {
  return page.evaluate(async (wanted) => {
    const input = document.querySelector<HTMLInputElement>('.tracebar input[type="search"]');
    const foot = document.querySelector('.trace__foot');
    if (input === null || foot === null || input.value === wanted) return 0;
    const changed = new Promise<void>((resolve) => {
      new MutationObserver(() => resolve()).observe(foot, { subtree: true, childList: true, characterData: true });
    });
    const began = performance.now();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, wanted);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await changed;
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - began;
  }, text);
}

function timeErrors(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const button = [...document.querySelectorAll<HTMLElement>('.tracefilter button')].find((one) =>
      one.textContent?.includes('Errors only'),
    );
    const foot = document.querySelector('.trace__foot');
    if (button === undefined || foot === null) throw new Error('no trace on the screen');
    const changed = new Promise<void>((resolve) => {
      new MutationObserver(() => resolve()).observe(foot, { subtree: true, childList: true, characterData: true });
    });
    const began = performance.now();
    button.click();
    await changed;
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - began;
  });
}
