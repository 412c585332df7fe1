// `npm run interop [-- --only NAME,... --logs DIR]`: real pidgin-sipe processes and real browsers at one home server.
import { findOrInstallChromium } from './browser.mjs';
import { buildStalePage } from './page.mjs';
import { checkNode, installPackages, run } from './prepare.mjs';
import { buildProbe } from './probe.mjs';

checkNode();
installPackages();
const chromium = findOrInstallChromium();
const probe = buildProbe();
const args = process.argv.slice(2);
await buildStalePage(args);
const env = { ...process.env, CONFAB_PROBE: probe, ...(chromium === null ? {} : { CONFAB_CHROMIUM: chromium }) };
process.exit(await run(process.execPath, ['--import', 'tsx', 'interop/main.ts', ...args], { env }));
