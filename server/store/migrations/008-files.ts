import type { Migration } from './migration';

/** Files in the store (their bytes are beside the database), for a conference or for one person; and who may send any. */
export const files: Migration = {
  version: 8,
  name: 'files',
  sql: `
    CREATE TABLE file (
      id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      focus TEXT REFERENCES conference ON DELETE CASCADE,
      peer TEXT,
      name TEXT NOT NULL,
      type TEXT NOT NULL,
      size INTEGER NOT NULL,
      sha256 TEXT,
      complete INTEGER NOT NULL DEFAULT 0,
      expires_at INTEGER NOT NULL,
      CHECK ((focus IS NULL) <> (peer IS NULL))
    ) STRICT;
    CREATE INDEX file_of ON file (owner);
    CREATE TRIGGER account_removed_files AFTER DELETE ON account BEGIN
      DELETE FROM file WHERE OLD.aor IN (owner, peer);
    END;
    ALTER TABLE account ADD COLUMN files INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE account ADD COLUMN file_size INTEGER;
  `,
};
