import Libsql from 'libsql';
import { type Migration, migrations } from './migrations/list';

export type Database = Libsql.Database;

/**
 * Opens (or makes) the database and brings it to the newest version. WAL with `synchronous=NORMAL`: a `kill -9` loses
 * nothing that was committed, a power cut may lose the last commits but never damages the file.
 */
export function openDatabase(path: string, known: readonly Migration[] = migrations): Database {
  const database = new Libsql(path);
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000');
  migrate(database, known);
  return database;
}

/** The version of the data: the number of its last migration. */
export function versionOf(database: Database): number {
  return pragmaNumber(database, 'user_version');
}

/** A number that changes when another connection commits ([SQLite pragma data_version]). */
export function dataVersionOf(database: Database): number {
  return pragmaNumber(database, 'data_version');
}

/** A fact about the data itself; `null` when it was never said. */
export function settingOf(database: Database, name: string): string | null {
  const row = database.prepare('SELECT value FROM setting WHERE name = ?').get(name) as { value: string } | undefined;
  return row?.value ?? null;
}

export function setSetting(database: Database, name: string, value: string): void {
  database
    .prepare('INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
    .run(name, value);
}

function pragmaNumber(database: Database, name: string): number {
  const row = database.prepare(`PRAGMA ${name}`).get() as Record<string, number>;
  return row[name] ?? 0;
}

function migrate(database: Database, known: readonly Migration[]): void {
  const newest = known.at(-1)?.version ?? 0;
  const present = versionOf(database);
  if (present > newest) throw new Error(`the data is of version ${present}, this program knows up to ${newest}`);
  for (const migration of known) {
    if (migration.version <= present) continue;
    inTransaction(database, () => {
      // Another process may have migrated while we waited for the lock.
      if (versionOf(database) >= migration.version) return;
      database.exec(migration.sql);
      database.exec(`PRAGMA user_version=${migration.version}`);
    });
  }
}

/** Runs `work` in one write transaction; nothing of it is kept when it throws. */
export function inTransaction<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
