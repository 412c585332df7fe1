import { expect as baseExpect } from '@playwright/test';
import { patienceMs } from '../e2e/browser';

/** Playwright's expectations, as patient as in the journeys. */
export const expect = baseExpect.configure({ timeout: patienceMs });

/** For `expect.poll`: asks a SIPE again and again. */
export const soon = { timeout: patienceMs, intervals: [50, 100, 200] };

/** What is on a screen "at once". */
export const atOnce = { timeout: 2_000 };
