import { randomBytes } from 'node:crypto';
import { decodeBase64 } from '../../src/protocol/base64';
import { MalformedBody } from '../../src/protocol/malformed';
import { type AuthenticateMessage, parseAuthenticateMessage } from '../../src/protocol/ntlm/authenticateMessage';
import { formatChallengeMessage } from '../../src/protocol/ntlm/challengeMessage';
import { offeredFlags } from '../../src/protocol/ntlm/negotiateFlags';
import { checkAnswer } from '../../src/protocol/ntlm/ntlmV2';
import { encodeUtf16 } from '../../src/protocol/ntlm/payload';
import { avId, formatTargetInfo } from '../../src/protocol/ntlm/targetInfo';
import { formatAuthentication, parseAuthentication } from '../../src/protocol/sip/authentication';
import { type Aor, bareAddress } from '../../src/protocol/sip/uri';
import type { Clock } from '../clock';
import type { SipMessage } from '../codec';
import type { Flow } from '../flow';
import { type Credentials, credentialsOf } from '../store/secrets';
import type { AuthenticationScheme, Verdict } from './scheme';
import { SecurityAssociation } from './securityAssociation';

/** What every Lync server calls itself here ([MS-SIPAE] §2.2). */
const realm = 'SIP Communications Service';
const version = '4';

/** How long an answer to a CHALLENGE may take. */
const challengeLives = 60_000;

/** A CHALLENGE that waits for its AUTHENTICATE on this flow. */
interface Handshake {
  readonly opaque: string;
  readonly serverChallenge: Uint8Array;
  readonly until: number;
}

/**
 * NTLMv2 over SIP ([MS-SIPAE] §3.3, `lync-wire` 1.8), for native clients. Connection-less: empty `gssapi-data` asks for the
 * CHALLENGE, which is good for one answer on the same flow.
 *
 * ```
 * REGISTER ─► 401 ─► REGISTER gssapi-data="" ─► 401 CHALLENGE ─► REGISTER AUTHENTICATE, signed ─► 200, signed
 * ```
 */
export class NtlmScheme implements AuthenticationScheme {
  readonly name = 'ntlm';
  readonly #targetname: string;
  readonly #domain: string;
  readonly #clock: Clock;
  readonly #credentialsOf: (aor: Aor) => Credentials | undefined;
  readonly #handshakes = new WeakMap<Flow, Handshake>();
  /** Compared with when there is no such person. */
  readonly #nobody: Credentials;

  /** `serverHost` is the server's own name. */
  constructor(
    domain: string,
    serverHost: string,
    clock: Clock,
    credentialsOfPerson: (aor: Aor) => Credentials | undefined,
  ) {
    this.#domain = domain;
    this.#targetname = serverHost;
    this.#clock = clock;
    this.#credentialsOf = credentialsOfPerson;
    this.#nobody = credentialsOf(`nobody@${domain}`, randomBytes(16).toString('hex'));
  }

  challenge(): string {
    return formatAuthentication('NTLM', [
      ['realm', realm],
      ['targetname', this.#targetname],
      ['version', version],
    ]);
  }

  verify(flow: Flow, request: SipMessage, credentials: string, claimed: Aor): Verdict {
    const params = parseAuthentication(`NTLM ${credentials}`)?.params ?? new Map<string, string>();
    const blob = params.get('gssapi-data');
    // A signature of an association that ended: from the start, then.
    if (blob === undefined) return { is: 'stale' };
    if (blob === '') return { is: 'continued', challenge: this.#begin(flow) };
    const handshake = this.#handshakes.get(flow);
    this.#handshakes.delete(flow);
    if (handshake === undefined || handshake.opaque !== params.get('opaque')) return { is: 'stale' };
    if (handshake.until < this.#clock.now()) return { is: 'stale' };
    const session = this.#sessionOf(messageOf(blob), handshake, claimed);
    if (session === null) return { is: 'wrong' };
    const names = { opaque: handshake.opaque, realm, targetname: this.#targetname, version: versionOf(params) };
    const association = new SecurityAssociation(names, session);
    // Before version 4 this message is not signed.
    if (names.version >= 4 && association.check(request) !== 'right') return { is: 'stale' };
    return { is: 'proved', association };
  }

  #begin(flow: Flow): string {
    const handshake: Handshake = {
      opaque: randomBytes(4).toString('hex').toUpperCase(),
      serverChallenge: randomBytes(8),
      until: this.#clock.now() + challengeLives,
    };
    this.#handshakes.set(flow, handshake);
    const netbiosDomain = encodeUtf16(firstLabel(this.#domain));
    const message = formatChallengeMessage({
      flags: offeredFlags,
      serverChallenge: handshake.serverChallenge,
      targetName: firstLabel(this.#domain),
      targetInfo: formatTargetInfo([
        [avId.netbiosDomain, netbiosDomain],
        [avId.netbiosComputer, encodeUtf16(firstLabel(this.#targetname))],
        [avId.dnsDomain, encodeUtf16(this.#domain)],
        [avId.dnsComputer, encodeUtf16(this.#targetname)],
      ]),
    });
    return formatAuthentication('NTLM', [
      ['opaque', handshake.opaque],
      ['gssapi-data', Buffer.from(message).toString('base64')],
      ['targetname', this.#targetname],
      ['realm', realm],
      ['version', version],
    ]);
  }

  #sessionOf(message: AuthenticateMessage | null, { serverChallenge }: Handshake, claimed: Aor) {
    if (message === null) return null;
    const secrets = this.#credentialsOf(claimed) ?? this.#nobody;
    const session = checkAnswer(message, serverChallenge, Buffer.from(secrets.nt, 'hex'));
    return secrets !== this.#nobody && isNameOf(message.user, claimed) ? session : null;
  }
}

function messageOf(blob: string): AuthenticateMessage | null {
  const bytes = decodeBase64(blob);
  if (bytes === null) return null;
  try {
    return parseAuthenticateMessage(bytes);
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error;
    return null;
  }
}

/** `alice@contoso.example` or `alice`; the domain is whatever the client calls it, and proves nothing. */
function isNameOf(user: string, claimed: Aor): boolean {
  const address = bareAddress(claimed);
  return [address, address.slice(0, address.indexOf('@'))].includes(user.toLowerCase());
}

/** AUT-8: 2 when it is missing. */
function versionOf(params: ReadonlyMap<string, string>): number {
  const named = Number(params.get('version') ?? 2);
  return named >= 4 ? 4 : named === 3 ? 3 : 2;
}

function firstLabel(host: string): string {
  return (host.split('.')[0] ?? '').toUpperCase();
}
