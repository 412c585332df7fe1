import { randomBytes } from 'node:crypto';
import { ReplayWindow } from '../../src/protocol/lync/replayWindow';
import { type Protection, type SignedHeaders, signedText } from '../../src/protocol/lync/signedText';
import { type MessageSigner, messageSigner } from '../../src/protocol/ntlm/messageSigner';
import type { NtlmSession } from '../../src/protocol/ntlm/ntlmV2';
import { formatAuthentication, parseAuthentication } from '../../src/protocol/sip/authentication';
import { parseHead, SipMessage } from '../codec';
import { plainLine } from './plainLine';

/** What both ends named in the handshake. */
export interface AssociationNames {
  readonly opaque: string;
  readonly realm: string;
  readonly targetname: string;
  /** [MS-SIPAE] version of the signed text: 2, 3 or 4. */
  readonly version: number;
}

export type SignatureVerdict = 'right' | 'missing' | 'wrong' | 'replayed';

/** The server's end of an NTLM security association ([MS-SIPAE] §3.3): signs what one flow is sent, checks what it brings. */
export class SecurityAssociation {
  readonly #names: AssociationNames;
  readonly #signer: MessageSigner;
  readonly #seen = new ReplayWindow();
  #snum = 0;

  constructor(names: AssociationNames, session: NtlmSession) {
    this.#names = names;
    this.#signer = messageSigner(session, 'server');
  }

  /**
   * The message with its Authentication-Info (AUT-4): call it last, after all rewriting. A challenge (AUT-6) and what is no
   * whole message stay as they are.
   */
  sign(wire: string): string {
    const head = parseHead(wire, wire.indexOf('\r\n\r\n'));
    if (head.is === 'damaged' || head.start.status === 401 || head.start.status === 407) return wire;
    const lines = head.lines.map((line, index) => plainLine(head.names[index] ?? '', line));
    const message = new SipMessage(head.start, head.names, lines, '');
    this.#snum += 1;
    const [rand, num] = [randomBytes(4).toString('hex'), String(this.#snum)];
    const { opaque, realm, targetname, version } = this.#names;
    const value = formatAuthentication('NTLM', [
      ['qop', 'auth'],
      ['opaque', opaque],
      ['srand', rand],
      ['snum', num],
      ['rspauth', this.#signer.sign(this.#text(message, rand, num))],
      ['targetname', targetname],
      ['realm', realm],
      ['version', String(version)],
    ]);
    const start = wire.slice(0, wire.indexOf('\r\n'));
    return `${start}\r\n${lines.join('\r\n')}\r\nAuthentication-Info: ${value}\r\n\r\n${wire.slice(head.end)}`;
  }

  /** Whether the peer signed this message, and not a second time (AUT-5). */
  check(message: SipMessage): SignatureVerdict {
    const params = signatureOf(message);
    if (params === undefined) return 'missing';
    const get = (name: string): string => params.get(name) ?? '';
    const text = this.#text(message, get('crand'), get('cnum'));
    if (get('opaque') !== this.#names.opaque || !this.#signer.verify(text, get('response'))) return 'wrong';
    return this.#seen.take(get('cnum')) ? 'right' : 'replayed';
  }

  #text(message: SipMessage, rand: string, num: string): Uint8Array {
    const { realm, targetname, version } = this.#names;
    const protection: Protection = { scheme: 'NTLM', rand, num, realm, targetname, version };
    return Buffer.from(signedText(protection, signedHeadersOf(message)), 'latin1');
  }
}

/** True for a message that its sender signed, rightly or not; a step of a handshake is none. */
export function carriesSignature(message: SipMessage): boolean {
  const params = signatureOf(message);
  return params !== undefined && !params.has('gssapi-data');
}

function signatureOf(message: SipMessage): ReadonlyMap<string, string> | undefined {
  const header = parseAuthentication(message.raw('authorization') ?? '');
  return header?.scheme.toUpperCase() === 'NTLM' && header.params.has('response') ? header.params : undefined;
}

function signedHeadersOf(message: SipMessage): SignedHeaders {
  return {
    callId: message.raw('call-id') ?? '',
    cseq: message.raw('cseq') ?? '',
    from: message.raw('from') ?? '',
    to: message.raw('to') ?? '',
    assertedIdentity: message.rawValues('p-asserted-identity'),
    preferredIdentity: message.rawValues('p-preferred-identity'),
    expires: message.raw('expires'),
    status: message.isRequest ? null : message.status,
  };
}
