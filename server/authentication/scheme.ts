import type { Aor } from '../../src/protocol/sip/uri';
import type { SipMessage } from '../codec';
import type { Flow } from '../flow';
import type { SecurityAssociation } from './securityAssociation';

/** What the credentials of a REGISTER prove. */
export type Verdict =
  /** `association` signs everything from now on; without one the connection is trusted. */
  | { is: 'proved'; association?: SecurityAssociation }
  /** Right in form, but of an old challenge: try again with the new one. */
  | { is: 'stale' }
  | { is: 'wrong' }
  /** One more step of a handshake: answered 401 with this challenge. */
  | { is: 'continued'; challenge: string };

/** One way to prove who one is. A flow is offered exactly one, because JsSIP sees only the last header line. */
export interface AuthenticationScheme {
  /** The first word of Authorization, in lower case. */
  readonly name: string;
  /** The value of WWW-Authenticate. */
  challenge(flow: Flow, stale: boolean): string;
  /** Takes the same time whether or not the person exists. */
  verify(flow: Flow, request: SipMessage, credentials: string, claimed: Aor): Verdict;
}
