import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Accounts } from './store/accounts';
import { openDatabase } from './store/database';
import { secretKeyOf, Vault } from './store/secrets';
import { runUsersCommand } from './usersCommands';

// What is kept is for the owner's eyes only.
process.umask(0o077);

const result = runUsersCommand(process.argv.slice(2), process.env, {
  open: (data) => {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    return new Accounts(openDatabase(path.join(data, 'confab.db')), new Vault(secretKeyOf(data)));
  },
  readInput: () => readFileSync(0, 'utf8'),
  readFile: (file) => readFileSync(file, 'utf8'),
});
process.stdout.write(result.out);
process.stderr.write(result.err);
process.exitCode = result.code;
