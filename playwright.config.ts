import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const systemChromium = '/usr/bin/chromium';
const chromium = process.env.CONFAB_CHROMIUM ?? (existsSync(systemChromium) ? systemChromium : undefined);

/** Chromium as the tests need it on a machine without display, GPU or outside network. */
const quietChromium = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  fullyParallel: false,
  retries: 0,
  reporter: [['list']],
  use: { actionTimeout: 10_000, viewport: { width: 1440, height: 900 }, trace: 'retain-on-failure', locale: 'en-GB' },
  projects: [
    {
      name: 'chromium',
      testMatch: 'journeys/*.spec.ts',
      use: {
        browserName: 'chromium',
        launchOptions: { executablePath: chromium, args: quietChromium },
      },
    },
    {
      // Debian's own Firefox over WebDriver BiDi; run by `npm run e2e:firefox`.
      name: 'firefox',
      testMatch: 'smoke.firefox.spec.ts',
      use: {
        browserName: 'firefox',
        channel: 'moz-firefox',
        launchOptions: { executablePath: 'e2e/firefoxBridge.mjs' },
      },
    },
  ],
});
