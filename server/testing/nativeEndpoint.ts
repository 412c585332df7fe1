import { signedText } from '../../src/protocol/lync/signedText';
import { formatAuthenticateMessage } from '../../src/protocol/ntlm/authenticateMessage';
import { parseChallengeMessage } from '../../src/protocol/ntlm/challengeMessage';
import { type MessageSigner, messageSigner } from '../../src/protocol/ntlm/messageSigner';
import { answerChallenge, ntHash } from '../../src/protocol/ntlm/ntlmV2';
import { formatAuthentication, parseAuthentication } from '../../src/protocol/sip/authentication';
import type { Aor } from '../../src/protocol/sip/uri';
import type { SipMessage } from '../codec';
import { type Connect, messageOf, TestEndpoint } from './endpoint';
import type { EndpointOptions } from './flow';

export interface NativeOptions extends EndpointOptions {
  /** The names in the AUTHENTICATE message; the whole address and no domain when not given. */
  login?: { user: string; domain: string };
  /** [MS-SIPAE] version that it says it speaks; none when `null`. */
  version?: number | null;
}

type Params = ReadonlyMap<string, string>;

/**
 * A native client as pidgin-sipe is: no Via branch, transports in lower case, NTLM, and every message signed. It drops what
 * is not signed (AUT-1) and throws at a wrong signature (AUT-2).
 */
export class NativeEndpoint extends TestEndpoint {
  /** What it dropped because nobody had signed it. */
  readonly dropped: SipMessage[] = [];
  readonly #login: { user: string; domain: string };
  readonly #version: number | null;
  readonly #domain: string;
  readonly #protocol: string;
  #association: { signer: MessageSigner; params: Params } | null = null;
  #cnum = 0;

  constructor(aor: Aor, connect: Connect, options: NativeOptions & { epid: string; domain: string }) {
    super(aor, connect, options);
    this.#login = options.login ?? { user: aor.slice('sip:'.length), domain: '' };
    this.#version = options.version === undefined ? 4 : options.version;
    this.#domain = options.domain;
    this.#protocol = (options.protocol ?? 'TCP').toLowerCase();
  }

  /** The whole handshake, without keys at first, as at sign-in and every eight hours. */
  override register(password: string, expires = 3600): SipMessage {
    this.#association = null;
    const first = this.step(expires);
    if (first.status !== 401) return this.registered(first);
    const second = this.step(expires, this.answerTo(first, ['gssapi-data', '']));
    if (second.status !== 401) return this.registered(second);
    return this.registered(this.step(expires, this.authenticate(second, password)));
  }

  /** The Authorization value that answers a CHALLENGE; the keys of it sign from here on. */
  authenticate(challenged: SipMessage, password: string): string {
    const params = paramsOf(challenged);
    const blob = Buffer.from(params.get('gssapi-data') ?? '', 'base64');
    const identity = { ...this.#login, workstation: 'NATIVE', ntHash: ntHash(password) };
    const fresh = { clientChallenge: Buffer.alloc(8, 3), sessionKey: Buffer.alloc(16, 5), now: 1_772_442_000_000 };
    const { message, session } = answerChallenge(parseChallengeMessage(blob), identity, fresh);
    this.#association = { signer: messageSigner(session, 'client'), params };
    this.#cnum = 0;
    return this.answerTo(challenged, [
      'gssapi-data',
      Buffer.from(formatAuthenticateMessage(message)).toString('base64'),
    ]);
  }

  answerTo(challenged: SipMessage, ...more: (readonly [string, string])[]): string {
    const params = paramsOf(challenged);
    const opaque = params.get('opaque');
    return formatAuthentication('NTLM', [
      ['qop', 'auth'],
      ...(opaque === undefined ? [] : ([['opaque', opaque]] as const)),
      ['realm', params.get('realm') ?? ''],
      ['targetname', params.get('targetname') ?? ''],
      ...more,
      ...(this.#version === null ? [] : ([['version', String(this.#version)]] as const)),
    ]);
  }

  /** One REGISTER. */
  step(expires = 3600, authorization?: string): SipMessage {
    return this.sendRegister(
      `register-${this.epid}`,
      expires,
      authorization === undefined ? [] : [['Authorization', authorization]],
    );
  }

  /** The same text with a signature of this client's. */
  sign(text: string): string {
    if (this.#association === null) return text;
    const { signer, params } = this.#association;
    const message = messageOf(text);
    const before = message.raw('authorization');
    this.#cnum += 1;
    const [crand, cnum] = [this.#cnum.toString(16).padStart(8, '0'), String(this.#cnum)];
    const proof = [
      ['crand', crand],
      ['cnum', cnum],
      ['response', signer.sign(textOf(message, params, this.#version ?? 2, crand, cnum)).toUpperCase()],
    ] as const;
    const value =
      before === undefined
        ? formatAuthentication('NTLM', [
            ['qop', 'auth'],
            ['opaque', params.get('opaque') ?? ''],
            ['realm', params.get('realm') ?? ''],
            ['targetname', params.get('targetname') ?? ''],
            ...proof,
          ])
        : `${before}, ${formatAuthentication('', proof).trim()}`;
    return text.replace(/^Authorization: .*\r\n/m, '').replace('\r\n\r\n', `\r\nAuthorization: ${value}\r\n\r\n`);
  }

  protected override deliver(text: string): void {
    // Before version 4 the AUTHENTICATE itself goes unsigned.
    const plain = (this.#version ?? 2) < 4 && text.includes('gssapi-data=');
    super.deliver(plain ? text : this.sign(text));
  }

  protected override via(): string {
    return `SIP/2.0/${this.#protocol} 127.0.0.1:53292`;
  }

  protected override take(text: string): void {
    const message = messageOf(text);
    const params = parseAuthentication(message.raw('authentication-info') ?? '')?.params;
    if (params === undefined) {
      const exempt = message.status === 401 || (!message.isRequest && (message.raw('cseq') ?? '').endsWith('REGISTER'));
      if (this.#association === null || exempt) return super.take(text);
      this.dropped.push(message);
      return;
    }
    if (this.#association === null) return super.take(text);
    const { signer } = this.#association;
    const signed = textOf(message, params, this.#version ?? 2, params.get('srand') ?? '', params.get('snum') ?? '');
    if (!signer.verify(signed, params.get('rspauth') ?? '')) {
      throw new Error(`Invalid message signature received by ${this.epid}:\n${text}`);
    }
    super.take(text);
  }
}

function paramsOf(challenged: SipMessage): Params {
  return parseAuthentication(challenged.raw('www-authenticate') ?? '')?.params ?? new Map();
}

/** As pidgin-sipe reads an address: by the first bracket and the first `;tag=`, quoted or not. */
function asRead(value: string): string {
  const tag = /;tag=([^;]*)/.exec(value)?.[1];
  return `<${/<([^>]*)>/.exec(value)?.[1] ?? ''}>${tag === undefined ? '' : `;tag=${tag}`}`;
}

function textOf(message: SipMessage, params: Params, version: number, rand: string, num: string): Uint8Array {
  const protection = {
    scheme: 'NTLM',
    rand,
    num,
    realm: params.get('realm') ?? '',
    targetname: params.get('targetname') ?? '',
    version,
  } as const;
  const text = signedText(protection, {
    callId: message.raw('call-id') ?? '',
    cseq: message.raw('cseq') ?? '',
    from: asRead(message.raw('from') ?? ''),
    to: asRead(message.raw('to') ?? ''),
    assertedIdentity: message.rawValues('p-asserted-identity'),
    preferredIdentity: message.rawValues('p-preferred-identity'),
    expires: message.raw('expires'),
    status: message.isRequest ? null : message.status,
  });
  return Buffer.from(text, 'latin1');
}
