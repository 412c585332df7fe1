import { defineConfig } from '@playwright/test';
import { patienceMs, personsWindow, quietChromium } from './e2e/browser';

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  timeout: 120_000,
  expect: { timeout: patienceMs },
  workers: 2,
  fullyParallel: false,
  retries: 0,
  reporter: [['list']],
  // A trace of every step costs half as much again as the steps: `npm run e2e -- --trace on` when one is needed.
  use: { ...personsWindow, actionTimeout: patienceMs, screenshot: 'only-on-failure' },
  projects: [
    {
      name: 'chromium',
      testMatch: 'journeys/*.spec.ts',
      use: { browserName: 'chromium', launchOptions: quietChromium },
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
