import type { Migration } from './migration';

/** What a person left goes with the account, also when it is removed while the server is down. */
export const removedPeople: Migration = {
  version: 6,
  name: 'removed people',
  sql: `
    CREATE TRIGGER account_removed AFTER DELETE ON account BEGIN
      DELETE FROM contact_list WHERE owner = OLD.aor;
      DELETE FROM contact_group WHERE owner = OLD.aor;
      DELETE FROM contact WHERE owner = OLD.aor;
      DELETE FROM publication WHERE owner = OLD.aor;
      DELETE FROM last_active WHERE owner = OLD.aor;
      DELETE FROM container WHERE owner = OLD.aor;
      DELETE FROM container_member WHERE owner = OLD.aor;
      DELETE FROM subscriber WHERE OLD.aor IN (owner, aor);
      DELETE FROM conference WHERE organizer = OLD.aor;
      DELETE FROM conference_member WHERE aor = OLD.aor;
    END;
  `,
};
