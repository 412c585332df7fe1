// `npm run e2e:firefox`: one journey through sign-in, contacts and chat in the system's Firefox. Not part of `npm test`.
import { findOrInstallChromium, findOrInstallFirefox } from './browser.mjs';
import { buildPage } from './build.mjs';
import { checkNode, installPackages, program, run } from './prepare.mjs';

checkNode();
installPackages();
const firefox = findOrInstallFirefox();
// The one who is talked to sits in Chromium.
const chromium = findOrInstallChromium();
const code = await buildPage();
if (code !== 0) process.exit(code);
const env = {
  ...process.env,
  CONFAB_FIREFOX: firefox,
  ...(chromium === null ? {} : { CONFAB_CHROMIUM: chromium }),
};
const playwright = program('@playwright/test', 'cli.js');
process.exit(await run(process.execPath, [playwright, 'test', '--project=firefox', ...process.argv.slice(2)], { env }));
