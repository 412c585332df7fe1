import type { Migration } from './migration';

/** Contact lists: a version a person, groups, contacts (`groups`: ids separated by blanks). */
export const contacts: Migration = {
  version: 2,
  name: 'contacts',
  sql: `
    CREATE TABLE contact_list (owner TEXT PRIMARY KEY, delta_num INTEGER NOT NULL) STRICT;
    CREATE TABLE contact_group (
      owner TEXT NOT NULL,
      id INTEGER NOT NULL,
      name TEXT NOT NULL,
      external_uri TEXT NOT NULL DEFAULT '',
      PRIMARY KEY (owner, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE contact (
      owner TEXT NOT NULL,
      aor TEXT NOT NULL,
      name TEXT NOT NULL DEFAULT '',
      groups TEXT NOT NULL,
      subscribed INTEGER NOT NULL DEFAULT 1,
      external_uri TEXT NOT NULL DEFAULT '',
      PRIMARY KEY (owner, aor)
    ) STRICT, WITHOUT ROWID;
  `,
};
