// `npm run edge -- --upstream HOST`: as `npm start`, with the edge to a Lync server in place of the home server.
import { buildStalePage } from './page.mjs';
import { checkNode, installPackages, run } from './prepare.mjs';

checkNode();
installPackages();
const args = process.argv.slice(2);
await buildStalePage(args);
process.exit(await run(process.execPath, ['--import', 'tsx', 'server/edge.ts', ...args]));
