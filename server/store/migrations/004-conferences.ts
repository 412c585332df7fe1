import type { Migration } from './migration';

/** Conferences, who is in them by right, and everything said, in the order of its commit. */
export const conferences: Migration = {
  version: 4,
  name: 'conferences',
  sql: `
    CREATE TABLE conference (
      focus TEXT PRIMARY KEY,
      id TEXT NOT NULL,
      organizer TEXT NOT NULL,
      subject TEXT NOT NULL,
      admission TEXT NOT NULL,
      history TEXT NOT NULL CHECK (history IN ('all', 'none')),
      locked INTEGER NOT NULL DEFAULT 0,
      expires_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX conference_of ON conference (organizer);
    CREATE TABLE conference_member (
      focus TEXT NOT NULL REFERENCES conference ON DELETE CASCADE,
      aor TEXT NOT NULL,
      role TEXT NOT NULL CHECK (role IN ('presenter', 'attendee')),
      first_number INTEGER NOT NULL,
      PRIMARY KEY (focus, aor)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE conference_message (
      focus TEXT NOT NULL REFERENCES conference ON DELETE CASCADE,
      number INTEGER NOT NULL,
      author TEXT NOT NULL,
      item TEXT,
      content_type TEXT NOT NULL,
      body TEXT NOT NULL,
      said_at INTEGER NOT NULL,
      PRIMARY KEY (focus, number)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX conference_item ON conference_message (focus, author, item) WHERE item IS NOT NULL;
  `,
};
