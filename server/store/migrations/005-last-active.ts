import type { Migration } from './migration';

/** When the last endpoint of a person left (ISO time), told with "offline". */
export const lastActive: Migration = {
  version: 5,
  name: 'last active',
  sql: 'CREATE TABLE last_active (owner TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID;',
};
