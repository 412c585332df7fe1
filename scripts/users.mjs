// `npm run users -- COMMAND ...`: manages the people of a home server's data directory, also while it runs.
import { checkNode, installPackages, run } from './prepare.mjs';

checkNode();
installPackages();
process.exit(await run(process.execPath, ['--import', 'tsx', 'server/users.ts', ...process.argv.slice(2)]));
