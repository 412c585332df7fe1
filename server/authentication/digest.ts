import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { parseAuthentication } from '../../src/protocol/sip/authentication';
import { type Aor, bareAddress } from '../../src/protocol/sip/uri';
import type { Clock } from '../clock';
import type { SipMessage } from '../codec';
import type { Flow } from '../flow';
import { textOf } from '../headerFields';
import { type Credentials, credentialsOf, md5 } from '../store/secrets';
import type { AuthenticationScheme, Verdict } from './scheme';

/** How long an answer to a challenge may take. */
const nonceLives = 5 * 60_000;

/** Digest MD5 with qop=auth (RFC 2617): what JsSIP can answer. A nonce is good for one connection. */
export class DigestScheme implements AuthenticationScheme {
  readonly name = 'digest';
  readonly #realm: string;
  readonly #clock: Clock;
  readonly #credentialsOf: (aor: Aor) => Credentials | undefined;
  readonly #key = randomBytes(32);
  #challenges = 0;
  /** Compared with when there is no such person. */
  readonly #nobody: Credentials;

  constructor(realm: string, clock: Clock, credentialsOfPerson: (aor: Aor) => Credentials | undefined) {
    this.#realm = realm;
    this.#clock = clock;
    this.#credentialsOf = credentialsOfPerson;
    this.#nobody = credentialsOf(`nobody@${realm}`, randomBytes(16).toString('hex'));
  }

  challenge(flow: Flow, stale: boolean): string {
    this.#challenges = (this.#challenges + 1) % 0x1000000;
    const stamp = hex(this.#clock.now(), 11) + hex(this.#challenges, 6);
    const nonce = this.#nonce(flow, stamp);
    return `Digest realm="${this.#realm}", nonce="${nonce}", algorithm=MD5, qop="auth"${stale ? ', stale=true' : ''}`;
  }

  verify(flow: Flow, request: SipMessage, credentials: string, claimed: Aor): Verdict {
    const params = parseAuthentication(`Digest ${credentials}`)?.params;
    const get = (name: string): string => params?.get(name) ?? '';
    const secrets = this.#credentialsOf(claimed) ?? this.#nobody;
    const address = bareAddress(claimed);
    const username = textOf(get('username')).replace(/^sip:/i, '');
    const isShort = username.toLowerCase() === address.slice(0, address.indexOf('@'));
    const [nonce, count] = [get('nonce'), Number.parseInt(get('nc'), 16)];
    const ha2 = md5(`${request.method}:${get('uri')}`);
    const ha1 = isShort ? secrets.userHa1 : secrets.ha1;
    const expected = md5(`${ha1}:${nonce}:${get('nc')}:${get('cnonce')}:auth:${ha2}`);
    const given = /^[0-9a-f]{32}$/i.test(get('response')) ? get('response').toLowerCase() : '0'.repeat(32);
    const matches = timingSafeEqual(Buffer.from(expected), Buffer.from(given));
    if (get('realm') !== this.#realm || get('qop') !== 'auth' || get('uri') !== request.uri) return { is: 'wrong' };
    if (!isShort && username.toLowerCase() !== address) return { is: 'wrong' };
    if (!matches || secrets === this.#nobody) return { is: 'wrong' };
    return this.#isFresh(flow, nonce, count) ? { is: 'proved' } : { is: 'stale' };
  }

  /** Made by us for this flow, not too old, and its count goes up. */
  #isFresh(flow: Flow, nonce: string, count: number): boolean {
    const madeAt = Number.parseInt(nonce.slice(0, 11), 16);
    if (!(madeAt >= this.#clock.now() - nonceLives) || nonce !== this.#nonce(flow, nonce.slice(0, 17))) return false;
    if (!(count > 0) || (flow.nonceUse.nonce === nonce && count <= flow.nonceUse.count)) return false;
    flow.nonceUse = { nonce, count };
    return true;
  }

  /** `stamp`, which is time and a count, and a keyed hash that binds it to the flow. */
  #nonce(flow: Flow, stamp: string): string {
    return stamp + createHmac('sha256', this.#key).update(`${stamp} ${flow.id}`).digest('hex').slice(0, 32);
  }
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}
