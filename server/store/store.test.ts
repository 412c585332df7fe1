import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Libsql from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Aor } from '../../src/protocol/sip/uri';
import { Accounts } from './accounts';
import { type Database, inTransaction, openDatabase, setSetting, settingOf, versionOf } from './database';
import { migrations } from './migrations/list';
import { credentialsOf, secretKeyOf, Vault } from './secrets';

const alice = 'sip:alice@contoso.example' as Aor;
const key = Buffer.alloc(32, 1);
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'confab-store-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const file = (): string => path.join(directory, 'confab.db');

/** A row of every table, as it was when the table was made. */
const rows: Record<string, string> = {
  account: "INSERT INTO account (aor, display_name, secret) VALUES ('sip:alice@contoso.example', 'Alice', x'00')",
  setting: "INSERT INTO setting VALUES ('a', 'b')",
  contact_list: "INSERT INTO contact_list VALUES ('sip:alice@contoso.example', 7)",
  contact_group: "INSERT INTO contact_group VALUES ('sip:alice@contoso.example', 1, '~', '')",
  contact: "INSERT INTO contact VALUES ('sip:alice@contoso.example', 'sip:bob@contoso.example', 'Bob', '1', 1, '')",
  publication: "INSERT INTO publication VALUES ('sip:alice@contoso.example', 'note', 0, 200, 1, '2026', '<note/>')",
  container: "INSERT INTO container VALUES ('sip:alice@contoso.example', 400, 1)",
  container_member: "INSERT INTO container_member VALUES ('sip:alice@contoso.example', 400, 'user', 'bob')",
  subscriber: "INSERT INTO subscriber VALUES ('sip:alice@contoso.example', 'sip:bob@contoso.example', 1)",
  conference:
    "INSERT INTO conference VALUES ('f', 'ABCD1234', 'sip:alice@contoso.example', 's', 'openAuthenticated', 'all', 0, 9)",
  conference_member: "INSERT INTO conference_member VALUES ('f', 'sip:alice@contoso.example', 'presenter', 0)",
  conference_message:
    "INSERT INTO conference_message VALUES ('f', 1, 'sip:alice@contoso.example', 'i', 'text/plain', 'hi', 0)",
  last_active: "INSERT INTO last_active VALUES ('sip:alice@contoso.example', '2026')",
};

describe('database', () => {
  const upTo = (version: number) => migrations.filter((migration) => migration.version <= version);
  const tablesIn = (database: Database) =>
    (database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[]).map(
      ({ name }) => name,
    );
  const rowsIn = (database: Database) =>
    Object.fromEntries(tablesIn(database).map((table) => [table, database.prepare(`SELECT * FROM ${table}`).all()]));

  it.each(migrations.map(({ version, name }) => [version, name] as const))(
    'migration %i (%s) opens the file of the version before, and keeps every row of it',
    (version) => {
      const before = openDatabase(file(), upTo(version - 1));
      for (const table of tablesIn(before)) before.exec(rows[table] ?? `no row of ${table} in this test`);
      const kept = rowsIn(before);
      before.close();
      const database = openDatabase(file(), upTo(version));
      expect(versionOf(database)).toBe(version);
      for (const [table, was] of Object.entries(kept)) {
        const now = rowsIn(database)[table] as object[];
        expect(was).toHaveLength(1);
        expect(now).toEqual(was.map((row) => expect.objectContaining(row as object)));
      }
      database.close();
    },
  );

  it('what a person left goes with the account, also when no server runs', () => {
    const database = openDatabase(file());
    for (const row of Object.values(rows)) database.exec(row);
    database.exec("INSERT INTO subscriber VALUES ('sip:bob@contoso.example', 'sip:alice@contoso.example', 1)");
    new Accounts(database, new Vault(key)).remove(alice);
    const left = Object.entries(rowsIn(database)).filter(([, all]) => all.length > 0);
    expect(left.map(([table]) => table)).toEqual(['setting']);
  });

  it('migrations are numbered without gaps', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });

  it('keeps what was there when it migrates', () => {
    const before = openDatabase(file(), migrations.slice(0, 1));
    new Accounts(before, new Vault(key)).add(alice, { displayName: 'Alice' }, 'a long password');
    before.close();
    const accounts = new Accounts(openDatabase(file()), new Vault(key));
    expect(accounts.find(alice)?.displayName).toBe('Alice');
  });

  it('a migration that fails leaves the version before', () => {
    openDatabase(file()).close();
    const newest = migrations.length;
    const broken = [...migrations, { version: newest + 1, name: 'broken', sql: 'CREATE TABLE half (a); NONSENSE' }];
    expect(() => openDatabase(file(), broken)).toThrow();
    expect(versionOf(openDatabase(file()))).toBe(newest);
  });

  it('refuses data of a newer program', () => {
    const raw = new Libsql(file());
    raw.exec('PRAGMA user_version=9999');
    raw.close();
    expect(() => openDatabase(file())).toThrow(/version 9999/);
  });

  it('keeps nothing of a transaction that throws', () => {
    const database = openDatabase(':memory:');
    const work = (): void => {
      setSetting(database, 'a', '1');
      throw new Error('no');
    };
    expect(() => inTransaction(database, work)).toThrow('no');
    expect(settingOf(database, 'a')).toBeNull();
  });

  it('is whole after kill -9 in the middle of writing, with everything that was committed', async () => {
    const script = `
      import { openDatabase, setSetting } from ${JSON.stringify(path.resolve('server/store/database.ts'))};
      const database = openDatabase(${JSON.stringify(file())});
      for (let count = 0; ; count += 1) {
        setSetting(database, 'count', String(count));
        if (count % 50 === 0) process.stdout.write(count + '\\n');
      }`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
    let told = -1;
    const killed = new Promise((resolve) => child.once('exit', resolve));
    child.stdout.on('data', (bytes: Buffer) => {
      told = Math.max(told, ...bytes.toString().trim().split('\n').map(Number));
      if (told >= 500) child.kill('SIGKILL');
    });
    await killed;
    const database = openDatabase(file());
    expect(database.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' });
    expect(Number(settingOf(database, 'count'))).toBeGreaterThanOrEqual(told);
    expect(told).toBeGreaterThanOrEqual(500);
  }, 20_000);
});

describe('credentials', () => {
  it('RFC 2617: HA1 is over address, domain and password', () => {
    const { ha1, userHa1, nt } = credentialsOf('alice@contoso.example', 'Password');
    // md5sum of "alice@contoso.example:contoso.example:Password", and of "alice:contoso.example:Password"
    expect(ha1).toBe('ef85d42d828646ae9158f1c6302cb63e');
    expect(userHa1).toBe('c11fb449dad310cbb945f3dad2e937e1');
    expect(nt).toBe('a4f49c406510bdcab6824ee7c30fd852');
  });

  it('are sealed for their person: another row, another key or a changed byte does not open', () => {
    const vault = new Vault(key);
    const credentials = credentialsOf('alice@contoso.example', 'a long password');
    const sealed = vault.seal(alice, credentials);
    expect(vault.open(alice, sealed)).toEqual(credentials);
    expect(sealed.toString('hex')).not.toContain(credentials.ha1);
    expect(() => vault.open('sip:bob@contoso.example', sealed)).toThrow();
    expect(() => new Vault(Buffer.alloc(32, 2)).open(alice, sealed)).toThrow();
    sealed[40] = (sealed[40] ?? 0) ^ 1;
    expect(() => vault.open(alice, sealed)).toThrow();
  });

  it('the key is made once, outside the database, for its owner only', () => {
    const made = secretKeyOf(directory);
    expect(secretKeyOf(directory)).toEqual(made);
    expect(made).toHaveLength(32);
    expect(statSync(path.join(directory, 'secret.key')).mode & 0o777).toBe(0o600);
  });
});

describe('accounts', () => {
  it('takes in what another process changed, and says what it was', () => {
    const ours = new Accounts(openDatabase(file()), new Vault(key));
    const theirs = new Accounts(openDatabase(file()), new Vault(key));
    const told: string[] = [];
    ours.onChange(({ is, account }) => told.push(`${is} ${account.displayName}`));
    theirs.add(alice, { displayName: 'Alice' }, 'a long password');
    ours.refresh();
    theirs.setDisabled(alice, true);
    theirs.setPolicy(alice, { meetingSize: 3 });
    ours.refresh();
    theirs.setPassword(alice, 'another password');
    theirs.setProfile(alice, { title: 'Boss' });
    ours.refresh();
    theirs.setDisabled(alice, false);
    ours.refresh();
    theirs.remove(alice);
    ours.refresh();
    ours.refresh();
    expect(told).toEqual([
      'added Alice',
      'disabled Alice',
      'policy Alice',
      'password Alice',
      'profile Alice',
      'enabled Alice',
      'removed Alice',
    ]);
  });

  it('takes who was removed and added again between two looks for somebody else', () => {
    const ours = new Accounts(openDatabase(file()), new Vault(key));
    const theirs = new Accounts(openDatabase(file()), new Vault(key));
    ours.add(alice, { displayName: 'Alice' }, 'a long password');
    const told: string[] = [];
    ours.onChange(({ is, account }) => told.push(`${is} ${account.displayName}`));
    theirs.refresh();
    theirs.remove(alice);
    theirs.add(alice, { displayName: 'Another Alice' }, 'a long password');
    ours.refresh();
    expect(told).toEqual(['removed Alice', 'added Another Alice']);
  });

  it('verifies a password, and nobody is nobody', () => {
    const accounts = new Accounts(openDatabase(':memory:'), new Vault(key));
    accounts.add(alice, { displayName: 'Alice' }, 'a long password');
    expect(accounts.verify(alice, 'a long password')).toBe(true);
    expect(accounts.verify(alice, 'a long passwore')).toBe(false);
    expect(accounts.verify('sip:nobody@contoso.example' as Aor, 'a long password')).toBe(false);
  });

  it('keeps nothing of a batch that fails', () => {
    const accounts = new Accounts(openDatabase(':memory:'), new Vault(key));
    const work = (): void => {
      accounts.add(alice, { displayName: 'Alice' }, 'a long password');
      throw new Error('no');
    };
    expect(() => accounts.batch(work)).toThrow('no');
    expect(accounts.find(alice)).toBeUndefined();
  });
});
