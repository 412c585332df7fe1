import type { Aor } from '../../src/protocol/sip/uri';
import type { Clock } from '../clock';
import type { SipMessage } from '../codec';
import { type Refusal, refusals } from '../diagnostics';
import type { Flow } from '../flow';
import type { HeaderLines } from '../role';
import type { Account, Accounts } from '../store/accounts';
import type { AuthenticationScheme } from './scheme';
import type { SecurityAssociation } from './securityAssociation';
import type { Throttle } from './throttle';

export type Decision =
  | { is: 'accepted'; account: Account; association: SecurityAssociation | null }
  | { is: 'refused'; refusal: Refusal; headers: HeaderLines };

export interface Schemes {
  /** On WebSockets: what JsSIP can answer. */
  readonly browser: AuthenticationScheme;
  /** On TCP and TLS: signs every message, so that nothing weaker is taken beside it. */
  readonly native: AuthenticationScheme;
}

const unauthorized: Refusal = { status: 401, reason: 'Unauthorized' };
const wrongCredentials: Refusal = { ...unauthorized, id: 1000, text: 'The address or the password is not right' };

/** Who may sign in. Unknown name and wrong password get the same answer; everything else is told after the right password only. */
export class Authentication {
  readonly #accounts: Accounts;
  readonly #schemes: Schemes;
  readonly #throttle: Throttle;
  readonly #clock: Clock;
  readonly #demoPasswordsWork: boolean;

  constructor(
    accounts: Accounts,
    schemes: Schemes,
    throttle: Throttle,
    options: { clock: Clock; demoPasswordsWork: boolean },
  ) {
    this.#accounts = accounts;
    this.#schemes = schemes;
    this.#throttle = throttle;
    this.#clock = options.clock;
    this.#demoPasswordsWork = options.demoPasswordsWork;
  }

  /** Judges a REGISTER for `claimed` on a flow that has proved nothing yet, or has to prove it again. */
  decide(flow: Flow, request: SipMessage, claimed: Aor): Decision {
    const authorization = request.raw('authorization');
    if (authorization === undefined) return this.#challenge(flow, unauthorized, false);
    const wait = this.#throttle.waitFor(flow.transport.address, claimed);
    if (wait > 0) return tooManyFailures(wait);
    const space = authorization.indexOf(' ');
    const name = authorization.slice(0, space).toLowerCase();
    const scheme = this.#schemeFor(flow);
    if (scheme.name !== name) return this.#challenge(flow, unauthorized, false);
    const verdict = scheme.verify(flow, request, authorization.slice(space + 1), claimed);
    if (verdict.is === 'stale') return this.#challenge(flow, unauthorized, true);
    if (verdict.is === 'continued') return this.#ask(unauthorized, verdict.challenge);
    if (verdict.is === 'wrong') {
      this.#throttle.failed(flow.transport.address, claimed);
      return this.#challenge(flow, wrongCredentials, false);
    }
    this.#throttle.succeeded(flow.transport.address, claimed);
    return this.#admit(claimed, verdict.association ?? null);
  }

  #admit(aor: Aor, association: SecurityAssociation | null): Decision {
    const account = this.#accounts.find(aor);
    if (account === undefined) return refused(refusals.unknownUser);
    if (account.disabled) return refused(refusals.disabled);
    if (account.demo && !this.#demoPasswordsWork) return refused(refusals.demoPassword);
    return { is: 'accepted', account, association };
  }

  #challenge(flow: Flow, refusal: Refusal, stale: boolean): Decision {
    return this.#ask(refusal, this.#schemeFor(flow).challenge(flow, stale));
  }

  #schemeFor({ transport: { protocol } }: Flow): AuthenticationScheme {
    return protocol === 'TCP' || protocol === 'TLS' ? this.#schemes.native : this.#schemes.browser;
  }

  #ask(refusal: Refusal, challenge: string): Decision {
    // `lync-wire` 1.7: Date lets a client see that its clock is wrong.
    return refused(refusal, [
      ['WWW-Authenticate', challenge],
      ['Date', new Date(this.#clock.now()).toUTCString()],
    ]);
  }
}

function refused(refusal: Refusal, headers: HeaderLines = []): Decision {
  return { is: 'refused', refusal, headers };
}

/** 503 makes native clients wait; 1000 ("authentication failed") tells it from a full server, which says 1. */
function tooManyFailures(seconds: number): Decision {
  const refusal = { status: 503, reason: 'Service Unavailable', id: 1000, text: 'Too many failed sign-ins, wait' };
  return refused(refusal, [['Retry-After', String(seconds)]]);
}
