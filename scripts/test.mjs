// `npm test`: every check and test, in the order in which they fail fastest. One summary line each at the end.
import { findOrInstallChromium } from './browser.mjs';
import { checkNode, installPackages, program, run } from './prepare.mjs';

checkNode();
installPackages();
const chromium = findOrInstallChromium();
const env = { ...process.env, ...(chromium === null ? {} : { CONFAB_CHROMIUM: chromium }) };

const node = (file, ...args) => [process.execPath, [file, ...args]];
const tsc = program('typescript', 'bin/tsc');
const steps = [
  ['types: rooms without windows', ...node(tsc, '-p', 'tsconfig.pure.json')],
  ['types: browser', ...node(tsc, '-p', 'tsconfig.json')],
  ['types: server, bench, journeys', ...node(tsc, '-p', 'tsconfig.node.json')],
  ['lint and import boundaries', ...node(program('@biomejs/biome', 'bin/biome'), 'check', '.')],
  ['nothing unused', ...node(program('knip', 'bin/knip.js'))],
  ['unit and protocol tests', ...node(program('vitest', 'vitest.mjs'), 'run')],
  ['build', ...node('scripts/build.mjs')],
  ['journeys in Chromium', ...node(program('@playwright/test', 'cli.js'), 'test', '--project=chromium')],
];

const results = [];
for (const [name, command, args] of steps) {
  console.log(`\n== ${name}`);
  const startedAt = performance.now();
  const code = await run(command, args, { env });
  results.push({ name, code, seconds: ((performance.now() - startedAt) / 1000).toFixed(1) });
  if (code !== 0) break;
}
console.log('');
for (const { name, code, seconds } of results)
  console.log(`${code === 0 ? 'passed' : 'FAILED'}  ${name} (${seconds} s)`);
process.exit(results.every(({ code }) => code === 0) ? 0 : 1);
