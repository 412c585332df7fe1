import { decodeBase64, encodeBase64 } from '../protocol/base64';
import { ReplayWindow } from '../protocol/lync/replayWindow';
import { type Protection, signedText } from '../protocol/lync/signedText';
import { parseAuthenticateMessage } from '../protocol/ntlm/authenticateMessage';
import { formatChallengeMessage } from '../protocol/ntlm/challengeMessage';
import { type MessageSigner, messageSigner } from '../protocol/ntlm/messageSigner';
import { offeredFlags } from '../protocol/ntlm/negotiateFlags';
import { checkAnswer, ntHash } from '../protocol/ntlm/ntlmV2';
import { encodeUtf16 } from '../protocol/ntlm/payload';
import { avId, formatTargetInfo } from '../protocol/ntlm/targetInfo';
import { formatAuthentication, parseAuthentication } from '../protocol/sip/authentication';
import { headerOf, headersOf, methodOf, type SipMessage } from '../protocol/sip/message';
import type { ScriptedPeer } from './scriptedPeer';

const realm = 'SIP Communications Service';
const targetname = 'fe1.contoso.example';
const serverChallenge = Uint8Array.of(1, 35, 69, 103, 137, 171, 205, 239);

type Params = ReadonlyMap<string, string>;

/** A Front End's side of [MS-SIPAE] for a scripted peer: it asks for NTLM, then signs what it says and checks what it hears. */
export class NtlmPeer {
  /** One line a message of the client: `right REGISTER`, `unsigned REGISTER`, `wrong MESSAGE`. */
  readonly heard: string[] = [];
  /** 2, 3 or 4. */
  version = 4;
  /** Challenges by 407, in the headers of a proxy (AUT-7). */
  isProxy = false;
  /** Beside NTLM, in this order; `NTLM` stands for itself. */
  offers: readonly string[] = ['Kerberos', 'NTLM', 'TLS-DSK'];
  /** Header lines of every 401. */
  readonly challengeHeaders: string[] = [];
  /** The names in the client's answer. */
  identity = { user: '', domain: '' };
  /** A REGISTER that proved who sent it. */
  onProved: (request: SipMessage) => void;
  /** Leaves the next message without a signature, or with a wrong one, or with the number of the last. */
  next: 'right' | 'unsigned' | 'wrong' | 'replayed' = 'right';
  readonly #peer: ScriptedPeer;
  readonly #password: string;
  #association: { opaque: string; signer: MessageSigner; seen: ReplayWindow } | null = null;
  #opaques = 0;
  #snum = 0;

  constructor(peer: ScriptedPeer, password: string) {
    this.#peer = peer;
    this.#password = password;
    this.onProved = (request) => peer.acceptRegistration(request);
    peer.onRegister = (request) => this.#register(request);
    peer.onReceived = (message) => this.#hear(message);
    peer.finish = (message) => this.#sign(message);
  }

  /** As after a restart: no signature is known any more. */
  forget(): void {
    this.#association = null;
  }

  #register(request: SipMessage): void {
    const params = this.#paramsOf(request);
    const blob = params?.get('gssapi-data');
    if (params === null) return this.#challenge(request);
    if (blob === undefined) {
      if (this.heard.at(-1) === 'right REGISTER') return this.onProved(request);
      return this.#challenge(request);
    }
    if (blob === '') return this.#challenge(request, this.#blob());
    const isProved = this.#association !== null && (this.version < 4 || this.heard.at(-1) === 'right REGISTER');
    if (isProved) this.onProved(request);
    else this.#challenge(request);
  }

  /** Refuses a request for want of a proof. */
  challenge(request: SipMessage): void {
    this.#challenge(request);
  }

  #challenge(request: SipMessage, blob?: string): void {
    const name = this.isProxy ? 'Proxy-Authenticate' : 'WWW-Authenticate';
    const version: [string, string][] = this.version === 2 ? [] : [['version', String(this.version)]];
    const terms = [['realm', realm], ['targetname', targetname], ...version] as [string, string][];
    const ntlm: [string, string][] =
      blob === undefined ? terms : [['opaque', `OPAQUE${this.#opaques}`], ['gssapi-data', blob], ...terms];
    const lines = this.offers.map((scheme) =>
      scheme === 'NTLM'
        ? `${name}: ${formatAuthentication('NTLM', ntlm)}`
        : `${name}: ${scheme.includes(' ') ? scheme : formatAuthentication(scheme, terms)}`,
    );
    const [status, reason] = this.isProxy ? [407, 'Proxy Authentication Required'] : [401, 'Unauthorized'];
    this.#peer.answer(request, status as number, reason as string, { headers: [...lines, ...this.challengeHeaders] });
  }

  #blob(): string {
    this.#opaques += 1;
    return encodeBase64(
      formatChallengeMessage({
        flags: offeredFlags,
        serverChallenge,
        targetName: 'CONTOSO',
        targetInfo: formatTargetInfo([[avId.netbiosDomain, encodeUtf16('CONTOSO')]]),
      }),
    );
  }

  /** Checks who signed, and takes a new association from an AUTHENTICATE. */
  #hear(message: SipMessage): void {
    const params = this.#paramsOf(message);
    const blob = params?.get('gssapi-data') ?? '';
    if (blob !== '') this.#takeAnswer(blob);
    this.heard.push(`${this.#verdictOf(message, params)} ${methodOf(message)}`);
  }

  #takeAnswer(blob: string): void {
    const answer = parseAuthenticateMessage(decodeBase64(blob) ?? new Uint8Array());
    this.identity = { user: answer.user, domain: answer.domain };
    const session = checkAnswer(answer, serverChallenge, ntHash(this.#password));
    const opaque = `OPAQUE${this.#opaques}`;
    this.#snum = 0;
    this.#association =
      session === null ? null : { opaque, signer: messageSigner(session, 'server'), seen: new ReplayWindow() };
  }

  #verdictOf(message: SipMessage, params: Params | null): 'right' | 'wrong' | 'unsigned' {
    const association = this.#association;
    if (params === null || !params.has('response')) return 'unsigned';
    if (association === null || params.get('opaque') !== association.opaque) return 'wrong';
    const [crand = '', cnum = '', response = ''] = ['crand', 'cnum', 'response'].map((name) => params.get(name) ?? '');
    const isRight =
      association.signer.verify(this.#text(message, crand, cnum), response) && association.seen.take(cnum);
    return isRight ? 'right' : 'wrong';
  }

  #sign(message: SipMessage): SipMessage {
    const wish = this.next;
    this.next = 'right';
    if (this.#association === null || message.status === 401 || message.status === 407 || wish === 'unsigned')
      return message;
    if (wish !== 'replayed') this.#snum += 1;
    const [srand, snum] = ['A137C8F4', String(this.#snum)];
    const signature = this.#association.signer.sign(this.#text(message, srand, snum));
    const value = formatAuthentication('NTLM', [
      ['qop', 'auth'],
      ['opaque', this.#association.opaque],
      ['srand', srand],
      ['snum', snum],
      ['rspauth', wish === 'wrong' ? `${signature.slice(0, 8)}0000000000000000${signature.slice(24)}` : signature],
      ['targetname', targetname],
      ['realm', realm],
      ['version', String(this.version)],
    ]);
    const name = this.isProxy ? 'Proxy-Authentication-Info' : 'Authentication-Info';
    return { ...message, headers: [...message.headers, [name, value]] };
  }

  #text(message: SipMessage, rand: string, num: string): Uint8Array {
    const protection: Protection = { scheme: 'NTLM', rand, num, realm, targetname, version: this.version };
    const text = signedText(protection, {
      callId: headerOf(message, 'Call-ID') ?? '',
      cseq: headerOf(message, 'CSeq') ?? '',
      from: headerOf(message, 'From') ?? '',
      to: headerOf(message, 'To') ?? '',
      assertedIdentity: headersOf(message, 'P-Asserted-Identity'),
      preferredIdentity: headersOf(message, 'P-Preferred-Identity'),
      expires: headerOf(message, 'Expires'),
      status: message.method === null ? message.status : null,
    });
    return new TextEncoder().encode(text);
  }

  #paramsOf(message: SipMessage): Params | null {
    const value = headerOf(message, this.isProxy ? 'Proxy-Authorization' : 'Authorization');
    const header = parseAuthentication(value ?? '');
    return header?.scheme === 'NTLM' ? header.params : null;
  }
}
