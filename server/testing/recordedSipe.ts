import { parseNameAddr } from '../../src/protocol/sip/headers';
import type { Aor } from '../../src/protocol/sip/uri';
import type { SipMessage } from '../codec';
import { tagOf } from '../headerFields';
import { type Connect, type Exchange, messageOf } from './endpoint';
import { NativeEndpoint, type NativeOptions } from './nativeEndpoint';
import type { Recording } from './recording';

/** The far end of a dialog, as the values that a recording has names for. */
interface FarEnd {
  callId: string;
  tag: string;
  epid: string;
  target: string;
}

/** A real pidgin-sipe's messages in a test's hands: it sends them section by section, signed with the keys of this session. */
export class RecordedSipe extends NativeEndpoint {
  /** Requests that it has answered. */
  readonly answered: SipMessage[] = [];
  /** The answer to the last REGISTER of its sign-in. */
  registration: SipMessage | null = null;
  readonly #recording: Recording;
  /** Dialogs that others began, by our own tag. */
  readonly #called = new Map<string, FarEnd>();

  constructor(
    aor: Aor,
    connect: Connect,
    options: NativeOptions & { epid: string; domain: string; recording: Recording },
  ) {
    super(aor, connect, options);
    this.#recording = options.recording;
  }

  /** The handshake of three REGISTERs, then everything that it sends at sign-in. */
  signIn(password: string): Exchange[] {
    const messages = this.#recording.section('signs in');
    const [first, second, third] = messages.filter((text) => text.startsWith('REGISTER '));
    const challenge = this.#register(first, null);
    const ntlm = this.#register(second, this.answerTo(challenge, ['gssapi-data', '']));
    this.registration = this.registered(this.#register(third, this.authenticate(ntlm, password)));
    return this.playMessages(messages.filter((text) => !text.startsWith('REGISTER ')));
  }

  #register(text = '', authorization: string | null): SipMessage {
    const line = authorization === null ? '' : `Authorization: ${authorization}\r\n`;
    return this.send(text.replace('\r\nContent-Length:', `\r\n${line}Content-Length:`)).final;
  }

  /** Sends the messages of a section; answers what became of its requests, in order, but not of ACKs. */
  play(section: string): Exchange[] {
    return this.playMessages(this.#recording.section(section));
  }

  playMessages(messages: readonly string[]): Exchange[] {
    return messages.flatMap((text) => {
      if (text.startsWith('SIP/2.0 ')) {
        this.#answer(text);
        return [];
      }
      const exchange = this.send(this.#named(text));
      return exchange.request.method === 'ACK' ? [] : [exchange];
    });
  }

  #named(text: string): string {
    if (!text.includes('{{')) return text;
    const ownTag = /^From: .*;tag=([^;\r]+)/m.exec(text)?.[1] ?? '';
    const far = this.#called.get(ownTag) ?? this.#farEndOf(ownTag);
    return text
      .replace('{{target}}', far.target)
      .replace('{{tag}}', far.tag)
      .replace('{{epid}}', far.epid)
      .replace('{{call-id}}', far.callId);
  }

  /** The far end of a dialog that a request of ours began. */
  #farEndOf(ownTag: string): FarEnd {
    const began = this.exchanges.find(
      (exchange) => tagOf(exchange.request.raw('from') ?? '') === ownTag && exchange.isAnswered,
    );
    if (began === undefined) throw new Error(`the recording speaks in a dialog that nobody began (tag ${ownTag})`);
    const { request, final } = began;
    return farEnd(request.raw('call-id') ?? '', final.raw('to') ?? '', final.raw('contact') ?? '');
  }

  /** Answers the oldest request that waits. */
  #answer(text: string): void {
    const index = this.incoming.findIndex(({ method }) => method !== 'BENOTIFY' && method !== 'ACK');
    const [request] = index < 0 ? [] : this.incoming.splice(index, 1);
    if (request === undefined) throw new Error(`nobody asked ${this.epid} for:\n${text}`);
    const echo = request.lines.filter((_, at) => ['via', 'from', 'call-id', 'cseq'].includes(request.names[at] ?? ''));
    const answer = text.replace('{{echo}}', echo.join('\r\n'));
    const ownTag = tagOf(messageOf(answer).raw('to') ?? '');
    const from = farEnd(request.raw('call-id') ?? '', request.raw('from') ?? '', request.raw('contact') ?? '');
    if (!this.#called.has(ownTag)) this.#called.set(ownTag, from);
    this.answered.push(request);
    this.deliver(answer);
  }
}

function farEnd(callId: string, address: string, contact: string): FarEnd {
  const epid = parseNameAddr(address)?.params.get('epid') ?? '';
  return { callId, tag: tagOf(address), epid, target: parseNameAddr(contact)?.uri ?? '' };
}
