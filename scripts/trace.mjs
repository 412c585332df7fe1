// `npm run trace -- --user ADDRESS`: follows a person of a running home server live in the terminal.
import { checkNode, installPackages, run } from './prepare.mjs';

checkNode();
installPackages();
process.exit(await run(process.execPath, ['--import', 'tsx', 'server/trace.ts', ...process.argv.slice(2)]));
