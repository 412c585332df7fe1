// `npm start`: installs what is lacking, builds the page when its sources are newer, and runs the home server.
import { buildStalePage } from './page.mjs';
import { checkNode, installPackages, run } from './prepare.mjs';

checkNode();
installPackages();
const args = process.argv.slice(2);
await buildStalePage(args);
process.exit(await run(process.execPath, ['--import', 'tsx', 'server/main.ts', ...args]));
