/** `npm run interop`: every scenario with real pidgin-sipe processes and real browsers; one line each, and a closing one. */
import path from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import type { Browser } from '@playwright/test';
import { launchBrowser } from '../e2e/browser';
import { record } from './record';
import type { Scenario } from './scenario';
import { captures } from './scenarios/captures';
import { conferences } from './scenarios/conferences';
import { contacts } from './scenarios/contacts';
import { desktop } from './scenarios/desktop';
import { devices } from './scenarios/devices';
import { janus } from './scenarios/janus';
import { messages } from './scenarios/messages';
import { presence } from './scenarios/presence';
import { relays } from './scenarios/relays';
import { signIn } from './scenarios/signIn';
import { Stage } from './stage';

const all: readonly Scenario[] = [
  ...signIn,
  ...contacts,
  ...presence,
  ...messages,
  ...conferences,
  ...devices,
  ...relays,
  ...desktop,
  ...janus,
  ...captures,
];

const { values } = parseArgs({
  options: { only: { type: 'string' }, logs: { type: 'string' }, record: { type: 'string' } },
});
const wanted = values.only?.split(',');
const unknown = wanted?.find((name) => !all.some((scenario) => scenario.name === name));
if (unknown !== undefined) {
  console.error(`There is no scenario ${unknown}; there are ${all.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
const probe = process.env.CONFAB_PROBE;
if (probe === undefined) {
  console.error('Start it with: npm run interop');
  process.exit(2);
}

const browser = await launchBrowser();
if (values.record !== undefined) {
  const stage = await Stage.open({ browser, probe, logs: null });
  await record(stage, values.record);
  await stage.close();
  await browser.close();
  process.exit(0);
}
let [passed, failed] = [0, 0];
for (const scenario of all.filter(({ name }) => wanted?.includes(name) ?? true)) {
  const startedAt = performance.now();
  const why = await play(scenario, browser, probe);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (why === null) passed += 1;
  else failed += 1;
  const verdict = why === null ? `passed  ${scenario.name}: ${scenario.shows}` : `FAILED  ${scenario.name}: ${why}`;
  console.log(`${verdict} (${seconds} s)`);
}
await browser.close();
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** Runs one scenario on a stage of its own; answers in one line why it failed, `null` when it passed. */
async function play(scenario: Scenario, browser: Browser, probe: string): Promise<string | null> {
  const logs = values.logs === undefined ? null : path.join(values.logs, scenario.name);
  let stage: Stage | undefined;
  try {
    stage = await Stage.open({ browser, probe, logs });
    await within(scenario.seconds ?? 60, scenario.run(stage));
    return stage.troubles()[0] ?? null;
  } catch (error) {
    return oneLine(error);
  } finally {
    await stage?.close();
  }
}

async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function oneLine(error: unknown): string {
  const text = stripVTControlCharacters(error instanceof Error ? error.message : String(error));
  return text.replace(/\s*\n\s*/g, ' · ').slice(0, 600);
}
