import { ReplayWindow } from '../protocol/lync/replayWindow';
import { type SignedHeaders, signedText } from '../protocol/lync/signedText';
import { type MessageSigner, messageSigner } from '../protocol/ntlm/messageSigner';
import type { NtlmSession } from '../protocol/ntlm/ntlmV2';
import { headerOf, headersOf, type SipMessage } from '../protocol/sip/message';
import type { World } from '../world';

/** What the server named in its challenge, and we repeat ([MS-SIPAE] §2.2). */
export interface Terms {
  realm: string;
  targetname: string;
  /** Of the signed text: 2, 3 or 4. */
  version: number;
  /** Challenged by 407: everything goes into the `Proxy-` headers (AUT-7). */
  isProxy: boolean;
}

/** The client's end of a security association ([MS-SIPAE] §3.2): signs what goes out, checks what comes in. */
export class SecurityAssociation {
  readonly opaque: string;
  readonly terms: Terms;
  readonly #world: World;
  readonly #signer: MessageSigner;
  readonly #seen = new ReplayWindow();
  #cnum = 0;

  constructor(opaque: string, terms: Terms, session: NtlmSession, world: World) {
    this.opaque = opaque;
    this.terms = terms;
    this.#world = world;
    this.#signer = messageSigner(session, 'client');
  }

  /** `crand`, `cnum` and `response` of a message, whose signed headers must not change any more. */
  sign(message: SipMessage): [name: string, value: string][] {
    this.#cnum += 1;
    const [crand, cnum] = [this.#world.id().slice(-8), String(this.#cnum)];
    // In capitals, as every Lync client writes it.
    const response = this.#signer.sign(this.#text(message, crand, cnum)).toUpperCase();
    return [
      ['crand', crand],
      ['cnum', cnum],
      ['response', response],
    ];
  }

  /** Whether the server signed this message, and not a second time; `params` are those of its Authentication-Info. */
  check(message: SipMessage, params: ReadonlyMap<string, string>): 'right' | 'wrong' | 'replayed' {
    const [srand = '', snum = '', rspauth = ''] = ['srand', 'snum', 'rspauth'].map((name) => params.get(name) ?? '');
    if (!this.#signer.verify(this.#text(message, srand, snum), rspauth)) return 'wrong';
    return this.#seen.take(snum) ? 'right' : 'replayed';
  }

  #text(message: SipMessage, rand: string, num: string): Uint8Array {
    return new TextEncoder().encode(signedText({ scheme: 'NTLM', rand, num, ...this.terms }, signedHeadersOf(message)));
  }
}

function signedHeadersOf(message: SipMessage): SignedHeaders {
  return {
    callId: headerOf(message, 'Call-ID') ?? '',
    cseq: headerOf(message, 'CSeq') ?? '',
    from: headerOf(message, 'From') ?? '',
    to: headerOf(message, 'To') ?? '',
    assertedIdentity: headersOf(message, 'P-Asserted-Identity'),
    preferredIdentity: headersOf(message, 'P-Preferred-Identity'),
    expires: headerOf(message, 'Expires'),
    status: message.method === null ? message.status : null,
  };
}
