import type { Failure } from './failure';

export type Step = 'finding' | 'connecting' | 'authenticating' | 'loading';

/** One thing tried while finding the server, in the order tried. */
export interface DiscoveryStep {
  method: 'remembered' | 'lyncdiscover' | 'hostMeta' | 'pageOrigin' | 'manual';
  url: string;
  state: 'trying' | 'found' | 'nothing';
}

/** Why a sign-in stopped: each has its own words. */
export type SignInFailure =
  | { is: 'refused' } // 401/403 after credentials: wrong name or password, told alike
  | { is: 'unknownAddress' } // 404: there is no such person at this server
  | { is: 'throttled'; retryAfterSeconds: number }
  | { is: 'disabled' } // the account was disabled
  | { is: 'full' } // 503: the server takes no more
  /** Name, network or certificate: a page cannot tell them apart. `othersAnswer`: the page's own server is there. */
  | { is: 'unreachable'; url: string; othersAnswer?: boolean }
  | { is: 'originRefused'; url: string } // it opens no WebSocket for pages from here
  | { is: 'notUpgraded'; url: string } // HTTP passes, the change to WebSocket does not
  | { is: 'upstream'; problem: UpstreamProblem; detail: string } // an edge answered, but not the server behind it
  | { is: 'notFound' } // automatic configuration found nothing
  | { is: 'notSip'; url: string } // something answered that does not speak SIP
  | { is: 'other'; failure: Failure };

/** Why an edge could not reach the server (`protocol/shared/edgeClose.ts`). */
export type UpstreamProblem = 'notAllowed' | 'unreachable' | 'noAnswer' | 'handshake' | 'certificate' | 'lost';

/**
 * signedOut ──► signingIn(step) ──► signedIn ──► reconnecting ──► signedIn
 *     ▲               └─► failed          └─► signedOut(why) ◄────────┘
 */
export type SignIn =
  | { is: 'starting' } // the engine has not yet looked for a saved sign-in
  | { is: 'signedOut'; why?: 'byPerson' | 'disabled' | 'elsewhere' | 'passwordChanged' }
  /** `isAway`: the server did not answer, and what was saved is tried again until it does. */
  | { is: 'signingIn'; step: Step; discovery: readonly DiscoveryStep[]; server: string | null; isAway?: boolean }
  | { is: 'failed'; failure: SignInFailure; discovery: readonly DiscoveryStep[]; server: string | null }
  | { is: 'signedIn'; server: string }
  | { is: 'reconnecting'; server: string; since: number };

export interface SignInRequest {
  address: string;
  /** Who signs in at a server that has other names for that: `CONTOSO\alice`. Else it is the address. */
  userName?: string | null;
  password: string;
  /** `null` is automatic configuration; else a WebSocket URL or `host[:port]`. */
  server: string | null;
  savePassword: boolean;
}
