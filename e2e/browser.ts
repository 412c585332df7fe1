import { existsSync } from 'node:fs';
import { type Browser, chromium, type LaunchOptions } from '@playwright/test';

const systemChromium = '/usr/bin/chromium';

/**
 * Chromium on a machine without display, GPU or outside network: the one named by `CONFAB_CHROMIUM`, the system's, or
 * Playwright's; with `more` switches.
 */
export const chromiumWith = (...more: string[]): LaunchOptions => ({
  executablePath: process.env.CONFAB_CHROMIUM ?? (existsSync(systemChromium) ? systemChromium : undefined),
  args: [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    ...more,
  ],
});

export const quietChromium = chromiumWith();

/** Outside the test runner. */
export function launchBrowser(...more: string[]): Promise<Browser> {
  return chromium.launch(chromiumWith(...more));
}

/** A person's window. */
export const personsWindow = { viewport: { width: 1440, height: 900 }, locale: 'en-GB' } as const;
/** How long a click and an expectation wait. */
export const patienceMs = 10_000;
