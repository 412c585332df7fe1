// `npm run dev`: the home server, and Vite in front of it with the page's sources (hot reload) on port 5173.
import { checkNode, installPackages, program, run } from './prepare.mjs';

checkNode();
installPackages();
const server = run(process.execPath, ['--import', 'tsx', 'server/main.ts', ...process.argv.slice(2)]);
const vite = run(process.execPath, [program('vite', 'bin/vite.js')]);
process.exit(await Promise.race([server, vite]));
