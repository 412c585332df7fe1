import type { Clock } from './clock';
import type { Log } from './log';
import type { Registrations } from './registrations';
import type { Accounts } from './store/accounts';
import type { ClientTransactions } from './transaction';

/** What every floor of the server shares. */
export interface Core {
  /** The SIP domain it is the home of. */
  readonly domain: string;
  /** Host and port as written into Via and Contact. */
  readonly serverName: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly accounts: Accounts;
  readonly registrations: Registrations;
  readonly clientTransactions: ClientTransactions;
}
