import { formatMessage, headerOf, headersOf, methodOf, parseMessage, type SipMessage } from '../protocol/sip/message';
import { type FarSocket, SocketPairs } from './socketPair';

/** Header lines as written: `['Event: presence']`. */
type Lines = readonly string[];

interface Answer {
  headers?: Lines;
  contentType?: string;
  body?: string;
  /** Given to a To without a tag. */
  toTag?: string;
}

interface Draft extends Answer {
  callId?: string;
  fromTag?: string;
  cseq?: number;
  branch?: string;
}

/**
 * The far end of a SIP WebSocket in a test's hands: it keeps what the client sends, in order, and says what it is told.
 * REGISTER is answered by itself (see `onRegister`), and keep-alives are; everything else only by the test.
 */
export class ScriptedPeer {
  readonly pairs: SocketPairs;
  /** Everything the client sent, in order. */
  readonly received: SipMessage[] = [];
  /** `> MESSAGE` from the client, `< 200 MESSAGE` to it. */
  readonly ladder: string[] = [];
  /** Where each connection was made to. */
  readonly urls: string[] = [];
  pings = 0;
  /** Answers to keep-alives. */
  pongs = true;
  onRegister: (request: SipMessage) => void = (request) => this.acceptRegistration(request);
  /** Sees everything the client sent, before it is answered. */
  onReceived: (message: SipMessage) => void = () => undefined;
  /** The last to touch what is said to the client: a signature. */
  finish: (message: SipMessage) => SipMessage = (message) => message;
  #socket: FarSocket | null = null;
  #read = 0;
  #count = 0;

  constructor() {
    this.pairs = new SocketPairs((far, url) => {
      this.#socket = far;
      this.urls.push(url);
      far.onText = (text) => this.#take(text);
    });
  }

  #take(text: string): void {
    if (text.trim() === '') {
      this.pings += 1;
      if (this.pongs) this.#socket?.send('\r\n');
      return;
    }
    const message = parseMessage(text);
    if (message === null) throw new Error(`the client sent no SIP message: ${text}`);
    this.received.push(message);
    this.ladder.push(`> ${message.status === 0 ? '' : `${message.status} `}${methodOf(message)}`);
    this.onReceived(message);
    if (message.method === 'REGISTER') this.onRegister(message);
  }

  acceptRegistration(request: SipMessage, headers: Lines = ['Expires: 3600']): void {
    const contact = headerOf(request, 'Contact') ?? '';
    const aor = /<([^>]+)>/.exec(headerOf(request, 'To') ?? '')?.[1] ?? '';
    const gruu = `gruu="${aor};opaque=user:epid:test;gruu"`;
    this.answer(request, 200, 'OK', { headers: [`Contact: ${contact};expires=3600;${gruu}`, ...headers] });
  }

  /** The next message of this method (or answer to it) that the client sent and that was not taken yet. */
  take(method: string): SipMessage {
    for (; this.#read < this.received.length; this.#read += 1) {
      const message = this.received[this.#read];
      if (message === undefined || methodOf(message) !== method) continue;
      this.#read += 1;
      return message;
    }
    throw new Error(`no ${method} came; the ladder is\n${this.ladder.join('\n')}`);
  }

  answer(request: SipMessage, status: number, reason: string, answer: Answer = {}): void {
    const kept = request.headers.filter(([name]) => ['Via', 'From', 'Call-ID', 'CSeq'].includes(name));
    const to = headerOf(request, 'To') ?? '';
    const isTagged = status === 100 || /;tag=/.test(to);
    this.#say({
      method: null,
      uri: '',
      status,
      reason,
      headers: [
        ...kept,
        ['To', isTagged ? to : `${to};tag=${answer.toTag ?? 'peer'};epid=02b8d5e3fa`],
        ...lines(answer),
      ],
      body: answer.body ?? '',
    });
  }

  /** A request to the client. `from` and `to` are header values, with their tags. */
  request(method: string, uri: string, from: string, to: string, draft: Draft = {}): SipMessage {
    this.#count += 1;
    const request: SipMessage = {
      method,
      uri,
      status: 0,
      reason: '',
      headers: [
        ['Via', `SIP/2.0/WSS fe1.contoso.example;branch=${draft.branch ?? `z9hG4bK-peer-${this.#count}`}`],
        ['Max-Forwards', '70'],
        ['From', from],
        ['To', to],
        ['Call-ID', draft.callId ?? `peer-call-${this.#count}`],
        ['CSeq', `${draft.cseq ?? this.#count} ${method}`],
        ...lines(draft),
      ],
      body: draft.body ?? '',
    };
    this.#say(request);
    return request;
  }

  /** A request in the dialog that the client began with `initial`; the peer's tag is that of `answer`. */
  inDialog(method: string, initial: SipMessage, draft: Draft = {}): SipMessage {
    const uri = /<([^>]+)>/.exec(headerOf(initial, 'Contact') ?? '')?.[1] ?? '';
    const from = `${headerOf(initial, 'To')};tag=${draft.fromTag ?? 'peer'}`;
    const callId = headerOf(initial, 'Call-ID') ?? '';
    return this.request(method, uri, from, headerOf(initial, 'From') ?? '', { callId, ...draft });
  }

  /** Closes the connection. */
  close(code: number, reason: string): void {
    this.#socket?.close(code, reason);
  }

  /** Sends text as it is. */
  raw(text: string): void {
    this.#socket?.send(text);
  }

  #say(message: SipMessage): void {
    this.ladder.push(`< ${message.status === 0 ? '' : `${message.status} `}${methodOf(message)}`);
    this.#socket?.send(formatMessage(this.finish(message)));
  }
}

function lines({ headers = [], contentType }: Answer): [string, string][] {
  const all = contentType === undefined ? headers : [...headers, `Content-Type: ${contentType}`];
  return all.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
}

/** Whether a message has a header line with this value. */
export function hasLine(message: SipMessage, name: string, value: string): boolean {
  return headersOf(message, name).includes(value);
}
