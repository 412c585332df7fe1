import type { Migration } from './migration';

/** Whether a person may share programs, and who may in the person's conferences. */
export const sharingPolicy: Migration = {
  version: 7,
  name: 'sharing policy',
  sql: `ALTER TABLE account ADD COLUMN sharing TEXT NOT NULL DEFAULT 'everyone'
          CHECK (sharing IN ('everyone', 'presenters', 'no'));`,
};
