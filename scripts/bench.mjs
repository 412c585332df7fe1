// `npm run bench [-- --only chat,contacts,server,sharing,files,forwarders,trace] [--json FILE]`: speed, as ratios to a bare relay or peer connection in the same run.
import { findOrInstallChromium } from './browser.mjs';
import { buildPage } from './build.mjs';
import { checkNode, installPackages, run } from './prepare.mjs';

checkNode();
installPackages();
const chromium = findOrInstallChromium();
const code = await buildPage();
if (code !== 0) process.exit(code);
const env = { ...process.env, ...(chromium === null ? {} : { CONFAB_CHROMIUM: chromium }) };
process.exit(await run(process.execPath, ['--import', 'tsx', 'bench/main.ts', ...process.argv.slice(2)], { env }));
