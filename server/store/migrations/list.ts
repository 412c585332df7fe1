import { accounts } from './001-accounts';
import { contacts } from './002-contacts';
import { presence } from './003-presence';
import { conferences } from './004-conferences';
import { lastActive } from './005-last-active';
import { removedPeople } from './006-removed-people';
import { sharingPolicy } from './007-sharing-policy';
import { files } from './008-files';
import type { Migration } from './migration';

export type { Migration } from './migration';

/** All migrations in order; a new one is added at the end. */
export const migrations: readonly Migration[] = [
  accounts,
  contacts,
  presence,
  conferences,
  lastActive,
  removedPeople,
  sharingPolicy,
  files,
];
