import type { Migration } from './migration';

/** People who may sign in, and the policy that holds for each. `secret`: see `store/secrets.ts`. `setting`: facts about the data itself. */
export const accounts: Migration = {
  version: 1,
  name: 'accounts',
  sql: `
    CREATE TABLE account (
      aor TEXT PRIMARY KEY,
      display_name TEXT NOT NULL,
      title TEXT NOT NULL DEFAULT '',
      department TEXT NOT NULL DEFAULT '',
      company TEXT NOT NULL DEFAULT '',
      office TEXT NOT NULL DEFAULT '',
      email TEXT NOT NULL DEFAULT '',
      phone TEXT NOT NULL DEFAULT '',
      secret BLOB NOT NULL,
      secret_version INTEGER NOT NULL DEFAULT 1,
      demo INTEGER NOT NULL DEFAULT 0,
      disabled INTEGER NOT NULL DEFAULT 0,
      conferences INTEGER NOT NULL DEFAULT 1,
      meeting_size INTEGER,
      history TEXT NOT NULL DEFAULT 'all' CHECK (history IN ('all', 'none'))
    ) STRICT;
    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  `,
};
