import type { Aor } from '../../src/protocol/sip/uri';
import type { Clock } from '../clock';
import type { SipMessage } from '../codec';
import { type Refusal, refusals } from '../diagnostics';
import type { Flow } from '../flow';
import type { HeaderLines } from '../role';
import type { Account, Accounts } from '../store/accounts';
import type { AuthenticationScheme } from './scheme';
import type { Throttle } from './throttle';

export type Decision = { is: 'accepted'; account: Account } | { is: 'refused'; refusal: Refusal; headers: HeaderLines };

const unauthorized: Refusal = { status: 401, reason: 'Unauthorized' };
const wrongCredentials: Refusal = { ...unauthorized, id: 1000, text: 'The address or the password is not right' };

/** Who may sign in. Unknown name and wrong password get the same answer; everything else is told after the right password only. */
export class Authentication {
  readonly #accounts: Accounts;
  readonly #schemes: readonly AuthenticationScheme[];
  readonly #throttle: Throttle;
  readonly #clock: Clock;
  readonly #demoPasswordsWork: boolean;

  constructor(
    accounts: Accounts,
    schemes: readonly AuthenticationScheme[],
    throttle: Throttle,
    options: { clock: Clock; demoPasswordsWork: boolean },
  ) {
    this.#accounts = accounts;
    this.#schemes = schemes;
    this.#throttle = throttle;
    this.#clock = options.clock;
    this.#demoPasswordsWork = options.demoPasswordsWork;
  }

  /** Judges a REGISTER for `claimed` on a flow that has proved nothing yet. */
  decide(flow: Flow, request: SipMessage, claimed: Aor): Decision {
    const authorization = request.raw('authorization');
    if (authorization === undefined) return this.#challenge(flow, unauthorized, false);
    const wait = this.#throttle.waitFor(flow.transport.address, claimed);
    if (wait > 0) return tooManyFailures(wait);
    const space = authorization.indexOf(' ');
    const name = authorization.slice(0, space).toLowerCase();
    const scheme = this.#schemes.find((candidate) => candidate.name === name);
    if (scheme === undefined) return this.#challenge(flow, unauthorized, false);
    const verdict = scheme.verify(flow, request, authorization.slice(space + 1), claimed);
    if (verdict.is === 'stale') return this.#challenge(flow, unauthorized, true);
    if (verdict.is === 'continued') return refused(unauthorized, [['WWW-Authenticate', verdict.challenge]]);
    if (verdict.is === 'wrong') {
      this.#throttle.failed(flow.transport.address, claimed);
      return this.#challenge(flow, wrongCredentials, false);
    }
    this.#throttle.succeeded(flow.transport.address, claimed);
    return this.#admit(claimed);
  }

  #admit(aor: Aor): Decision {
    const account = this.#accounts.find(aor);
    if (account === undefined) return refused(refusals.unknownUser);
    if (account.disabled) return refused(refusals.disabled);
    if (account.demo && !this.#demoPasswordsWork) return refused(refusals.demoPassword);
    return { is: 'accepted', account };
  }

  #challenge(flow: Flow, refusal: Refusal, stale: boolean): Decision {
    const [scheme] = this.#schemes;
    if (scheme === undefined) throw new Error('no authentication scheme');
    // `lync-wire` 1.7: Date lets a client see that its clock is wrong.
    return refused(refusal, [
      ['WWW-Authenticate', scheme.challenge(flow, stale)],
      ['Date', new Date(this.#clock.now()).toUTCString()],
    ]);
  }
}

function refused(refusal: Refusal, headers: HeaderLines = []): Decision {
  return { is: 'refused', refusal, headers };
}

function tooManyFailures(seconds: number): Decision {
  const refusal = { status: 503, reason: 'Service Unavailable', id: 1, text: 'Too many failed sign-ins, wait' };
  return refused(refusal, [['Retry-After', String(seconds)]]);
}
