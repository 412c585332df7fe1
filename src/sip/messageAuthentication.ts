import { decodeBase64, encodeBase64 } from '../protocol/base64';
import { fromHex } from '../protocol/bytes';
import { MalformedBody } from '../protocol/malformed';
import { formatAuthenticateMessage } from '../protocol/ntlm/authenticateMessage';
import { parseChallengeMessage } from '../protocol/ntlm/challengeMessage';
import { parseLoginName } from '../protocol/ntlm/loginName';
import { answerChallenge, ntHash } from '../protocol/ntlm/ntlmV2';
import { type AuthenticationHeader, formatAuthentication, parseAuthentication } from '../protocol/sip/authentication';
import { headerOf, headersOf, methodOf, parseMessage, type SipMessage } from '../protocol/sip/message';
import type { World } from '../world';
import { jssipAnswers } from './challenges';
import { SecurityAssociation, type Terms } from './securityAssociation';

export interface MessageAuthenticationOptions {
  world: World;
  /** Who signs in: `CONTOSO\alice`, or an address. */
  login: string;
  password: string;
  /** The server does not know our signature any more: sign on again. */
  onChallenged(): void;
}

/**
 *     none ─401 offers NTLM─► offered ─REGISTER─► asked ─401 CHALLENGE─► challenged ─REGISTER─► answered ─2xx─► none, agreed
 *
 * A 401 out of turn is a refusal, and the handshake begins anew with the next REGISTER.
 */
type Handshake =
  | { is: 'none' }
  | { is: 'offered'; terms: Terms }
  | { is: 'asked'; terms: Terms }
  | { is: 'challenged'; association: SecurityAssociation; blob: string }
  | { is: 'answered'; association: SecurityAssociation };

/** REG-12: five minutes before the eight hours of an association are over. */
const renewedAfterMs = (8 * 60 - 5) * 60_000;

type Params = [name: string, value: string][];

/**
 * [MS-SIPAE] on one connection, the client's side, between JsSIP and the wire: takes NTLM where a server offers nothing that
 * JsSIP can answer, then signs every message and drops what the server did not sign. Without such an offer everything passes.
 */
export class MessageAuthentication {
  readonly #options: MessageAuthenticationOptions;
  #ntHash: Uint8Array;
  #handshake: Handshake = { is: 'none' };
  #current: SecurityAssociation | null = null;
  /** What it replaced: messages signed by it may still be on their way. */
  #previous: SecurityAssociation | null = null;
  /** Epoch ms; also when the server wanted no new handshake. */
  #agreedAt = 0;
  #isRenewing = false;
  /** Wait for the answer that brings the new association; by the old one the server could not read them any more. */
  #held: string[] = [];
  #problem: string | null = null;

  constructor(options: MessageAuthenticationOptions) {
    this.#options = options;
    this.#ntHash = ntHash(options.password);
  }

  /** A new connection: nothing is agreed. */
  reset(): void {
    this.#handshake = { is: 'none' };
    this.#current = null;
    this.#previous = null;
    this.#isRenewing = false;
    this.#held = [];
    this.#problem = null;
  }

  /** For the next handshake. */
  setPassword(password: string): void {
    this.#ntHash = ntHash(password);
  }

  /** The 401 just received is answered by one more REGISTER. */
  get continues(): boolean {
    return this.#handshake.is === 'offered' || this.#handshake.is === 'challenged';
  }

  /** Why the last 401 cannot be answered; `null` when it was a plain refusal. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Milliseconds until the association should be renewed; infinite without one. */
  get lastsMs(): number {
    if (this.#current === null) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.#agreedAt + renewedAfterMs - this.#options.world.now());
  }

  /** The next REGISTER begins a new handshake; until it is done the old association signs. */
  renew(): void {
    this.#isRenewing = true;
  }

  // ---- Out --------------------------------------------------------------------------------------------------------------

  /** The message as it goes on the wire; `null` when it has to wait (`released`). */
  outgoing(text: string): string | null {
    if (this.#current === null && this.#handshake.is === 'none') return text;
    const message = parseMessage(text);
    if (message === null) return text;
    if (message.method === 'REGISTER') return this.#register(text, message);
    if (this.#handshake.is !== 'answered') return this.#signed(text, message);
    this.#held.push(text);
    return null;
  }

  /** Messages that waited and need not any more, signed. */
  released(): string[] {
    if (this.#held.length === 0 || this.#handshake.is === 'answered') return [];
    return this.#held.splice(0).map((text) => this.outgoing(text) ?? text);
  }

  #register(text: string, message: SipMessage): string {
    const handshake = this.#handshake;
    if (handshake.is === 'offered') {
      this.#handshake = { is: 'asked', terms: handshake.terms };
      return withCredentials(text, handshake.terms, withVersion([['gssapi-data', '']], handshake.terms));
    }
    if (handshake.is === 'challenged') {
      const { association, blob } = handshake;
      this.#handshake = { is: 'answered', association };
      // From version 4 the answer itself is signed.
      const proof = association.terms.version >= 4 ? association.sign(message) : [];
      const params: Params = [['opaque', association.opaque], ['gssapi-data', blob], ...proof];
      return withCredentials(text, association.terms, withVersion(params, association.terms));
    }
    this.#handshake = { is: 'none' };
    return this.#isRenewing ? text : this.#signed(text, message);
  }

  #signed(text: string, message: SipMessage): string {
    const association = this.#current;
    if (association === null) return text;
    return withCredentials(text, association.terms, [['opaque', association.opaque], ...association.sign(message)]);
  }

  // ---- In ---------------------------------------------------------------------------------------------------------------

  /** Why a message of the server must be dropped; `null` when it may pass. */
  incoming(message: SipMessage): string | null {
    const isOfRegister = message.method === null && methodOf(message) === 'REGISTER';
    // AUT-6: not signed.
    if (message.status === 401 || message.status === 407) {
      if (isOfRegister) this.#challenged(message);
      else if (this.#current !== null) this.#options.onChallenged();
      return null;
    }
    const fault = this.#faultOf(message, isOfRegister);
    if (fault === null && isOfRegister && message.status >= 200) this.#settle(message.status);
    return fault;
  }

  #faultOf(message: SipMessage, isOfRegister: boolean): string | null {
    const known = [
      this.#current,
      this.#previous,
      this.#handshake.is === 'answered' ? this.#handshake.association : null,
    ];
    const associations = known.filter((association) => association !== null);
    if (associations.length === 0) return null;
    const params = signatureOf(message);
    if (params !== null) {
      const opaque = params.get('opaque');
      const association = opaque === undefined ? associations[0] : associations.find((one) => one.opaque === opaque);
      const verdict = association?.check(message, params) ?? 'wrong';
      return verdict === 'right' ? null : faults[verdict];
    }
    // AUT-1; and a 100 says nothing but that the request has arrived.
    return isOfRegister || message.status === 100 || this.#current === null ? null : faults.missing;
  }

  #settle(status: number): void {
    const handshake = this.#handshake;
    this.#handshake = { is: 'none' };
    if (status >= 300) return;
    if (handshake.is === 'answered') {
      this.#previous = this.#current;
      this.#current = handshake.association;
    }
    if (handshake.is === 'answered' || this.#isRenewing) this.#agreedAt = this.#options.world.now();
    this.#isRenewing = false;
  }

  #challenged(message: SipMessage): void {
    const before = this.#handshake;
    this.#handshake = { is: 'none' };
    this.#problem = null;
    const isProxy = message.status === 407;
    const lines = headersOf(message, isProxy ? 'Proxy-Authenticate' : 'WWW-Authenticate');
    // What JsSIP can answer is a home server's; it does so by itself.
    if (lines.some(jssipAnswers)) return;
    const offers = lines.map(parseAuthentication).filter((offer) => offer !== null);
    const offer = offers.find(({ scheme }) => scheme.toUpperCase() === 'NTLM');
    if (offer === undefined) {
      const names = offers.map(({ scheme }) => scheme).join(' or ');
      if (names !== '') this.#problem = `the server wants ${names} for signing in, and a browser has NTLM and Digest`;
      return;
    }
    const blob = offer.params.get('gssapi-data') ?? '';
    if (blob === '' && before.is === 'none') this.#handshake = { is: 'offered', terms: termsOf(offer, isProxy) };
    if (blob !== '' && before.is === 'asked') this.#takeChallenge(offer, blob, before.terms, message);
  }

  #takeChallenge({ params }: AuthenticationHeader, blob: string, terms: Terms, message: SipMessage): void {
    const { world, login } = this.#options;
    // The server's clock, lest a wrong one of ours does harm.
    const date = Date.parse(headerOf(message, 'Date') ?? '');
    const now = Number.isNaN(date) ? world.now() : date;
    const identity = { ...parseLoginName(login), workstation: '', ntHash: this.#ntHash };
    const fresh = { clientChallenge: randomBytes(world, 8), sessionKey: randomBytes(world, 16), now };
    try {
      const challenge = parseChallengeMessage(decodeBase64(blob) ?? new Uint8Array());
      const answer = answerChallenge(challenge, identity, fresh);
      const association = new SecurityAssociation(params.get('opaque') ?? '', terms, answer.session, world);
      this.#handshake = {
        is: 'challenged',
        association,
        blob: encodeBase64(formatAuthenticateMessage(answer.message)),
      };
    } catch (error) {
      if (!(error instanceof MalformedBody)) throw error;
      this.#problem = `the server's ${error.message}`;
    }
  }
}

const faults = {
  missing: 'The server did not sign this message; it was dropped.',
  wrong: 'The signature of the server is wrong; the message was dropped.',
  replayed: 'This message has come before; it was dropped.',
};

function termsOf({ params }: AuthenticationHeader, isProxy: boolean): Terms {
  // AUT-8: 2 when it is missing.
  const named = Number(params.get('version') ?? 2);
  const version = named >= 4 ? 4 : named === 3 ? 3 : 2;
  return { realm: params.get('realm') ?? '', targetname: params.get('targetname') ?? '', version, isProxy };
}

function withVersion(params: Params, { version }: Terms): Params {
  return version === 2 ? params : [...params, ['version', String(version)]];
}

function withCredentials(text: string, { realm, targetname, isProxy }: Terms, params: Params): string {
  const value = formatAuthentication('NTLM', [
    ['qop', 'auth'],
    ['realm', realm],
    ['targetname', targetname],
    ...params,
  ]);
  const end = text.indexOf('\r\n\r\n');
  return `${text.slice(0, end)}\r\n${isProxy ? 'Proxy-' : ''}Authorization: ${value}${text.slice(end)}`;
}

/** The parameters of the server's signature; `null` when there is none. */
function signatureOf(message: SipMessage): ReadonlyMap<string, string> | null {
  for (const name of ['Authentication-Info', 'Proxy-Authentication-Info']) {
    for (const line of headersOf(message, name)) {
      const params = parseAuthentication(line)?.params;
      if (params?.has('rspauth')) return params;
    }
  }
  return null;
}

/** Of random ids, without the digits that every id has in the same place. */
function randomBytes(world: World, count: number): Uint8Array {
  let digits = '';
  while (digits.length < 2 * count) {
    const id = world.id().replaceAll('-', '');
    digits += id.slice(0, 12) + id.slice(13, 16) + id.slice(17);
  }
  return fromHex(digits.slice(0, 2 * count)) ?? new Uint8Array(count);
}
