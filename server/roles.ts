import type { RoleContext } from './role';
import type { Roles } from './router';
import type { Accounts } from './store/accounts';
import type { Database } from './store/database';

/** Makes the roles and says what each serves. */
export function makeRoles(_context: RoleContext, _accounts: Accounts, _database: Database): Roles {
  return { applications: [], events: new Map(), services: new Map(), domainServices: new Map() };
}
