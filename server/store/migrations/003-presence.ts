import type { Migration } from './migration';

/** Publications that outlive the endpoint (`static`), and who sees which: container members and acknowledged subscribers. */
export const presence: Migration = {
  version: 3,
  name: 'presence',
  sql: `
    CREATE TABLE publication (
      owner TEXT NOT NULL,
      category TEXT NOT NULL,
      instance INTEGER NOT NULL,
      container INTEGER NOT NULL,
      version INTEGER NOT NULL,
      publish_time TEXT NOT NULL,
      content TEXT NOT NULL,
      PRIMARY KEY (owner, category, instance, container)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE container (
      owner TEXT NOT NULL,
      id INTEGER NOT NULL,
      version INTEGER NOT NULL,
      PRIMARY KEY (owner, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE container_member (
      owner TEXT NOT NULL,
      container INTEGER NOT NULL,
      type TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (owner, container, type, value)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE subscriber (
      owner TEXT NOT NULL,
      aor TEXT NOT NULL,
      acknowledged INTEGER NOT NULL,
      PRIMARY KEY (owner, aor)
    ) STRICT, WITHOUT ROWID;
  `,
};
