import { createHash } from 'node:crypto';
import { parseNameAddr } from '../../src/protocol/sip/headers';
import type { Aor } from '../../src/protocol/sip/uri';
import { parseMessage, type SipMessage } from '../codec';
import { tagOf } from '../headerFields';
import { instanceOfEpid } from '../registrations';
import type { HeaderLines } from '../role';
import type { EndpointOptions, TestFlow } from './flow';

/** What a test says about a request; the rest is made up. */
export interface Draft {
  headers?: HeaderLines;
  contentType?: string;
  body?: string;
  /** To URI; the Request-URI when not given. */
  to?: string;
  toTag?: string;
  fromTag?: string;
  callId?: string;
  cseq?: number;
  /** From URI; the endpoint's own when not given. */
  from?: string;
  /** Contact URI; the GRUU when not given, none when `null`. */
  contact?: string | null;
}

/** A request that a test sent, and what came back. */
export class Exchange {
  readonly request: SipMessage;
  readonly answers: SipMessage[] = [];
  readonly #waiting: ((answer: SipMessage) => void)[] = [];

  constructor(request: SipMessage) {
    this.request = request;
  }

  /** The final answer. Throws when there is none yet. */
  get final(): SipMessage {
    const answer = this.answers.find((candidate) => candidate.status >= 200);
    if (answer === undefined) throw new Error(`${this.request.method} is not answered`);
    return answer;
  }

  get isAnswered(): boolean {
    return this.answers.some((answer) => answer.status >= 200);
  }

  /** The final answer of a role that takes its time. */
  answered(): Promise<SipMessage> {
    return this.isAnswered ? Promise.resolve(this.final) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  take(answer: SipMessage): void {
    this.answers.push(answer);
    if (answer.status >= 200) for (const resolve of this.#waiting.splice(0)) resolve(answer);
  }
}

export type Connect = (receive: (text: string) => void) => TestFlow;

/** A SIP client in a test's hands: it sends what it is told, keeps what it gets, and answers only when told. */
export class TestEndpoint {
  readonly aor: Aor;
  readonly epid: string;
  readonly instance: string;
  /** `''` until registered. */
  gruu = '';
  /** Requests that came in and were not taken by `expect` yet. */
  readonly incoming: SipMessage[] = [];
  /** Answers each incoming request at once when set; false leaves it to `incoming`. */
  onRequest: (request: SipMessage) => boolean = () => false;
  readonly connection: TestFlow;
  readonly #domain: string;
  protected readonly exchanges: Exchange[] = [];
  readonly #transport: string;
  #count = 0;

  constructor(aor: Aor, connect: Connect, options: EndpointOptions & { epid: string; domain: string }) {
    this.aor = aor;
    this.epid = options.epid;
    this.instance = instanceOfEpid(options.epid);
    this.#domain = options.domain;
    this.#transport = options.protocol ?? 'WSS';
    this.connection = connect((text) => this.take(text));
  }

  /** Registers, answering one digest challenge; answers the last response. */
  register(password: string, expires = 3600): SipMessage {
    const callId = `register-${this.epid}`;
    const first = this.sendRegister(callId, expires, []);
    const challenge = first.header('www-authenticate');
    if (first.status !== 401 || challenge === undefined) return this.registered(first);
    const value = digestAnswer(challenge, this.aor.slice('sip:'.length), password, `sip:${this.#domain}`);
    return this.registered(this.sendRegister(callId, expires, [['Authorization', value]]));
  }

  /** Sends a request; outside a dialog unless the draft names tags. */
  request(method: string, uri: string, draft: Draft = {}): Exchange {
    return this.send(this.write(method, uri, draft));
  }

  /** Sends the text of a request. */
  send(text: string): Exchange {
    const exchange = new Exchange(messageOf(text));
    this.exchanges.push(exchange);
    this.deliver(text);
    return exchange;
  }

  /** The text of a request. */
  write(method: string, uri: string, draft: Draft = {}): string {
    this.#count += 1;
    const contact = draft.contact === undefined ? this.gruu : draft.contact;
    const { body = '', cseq = this.#count } = draft;
    const lines = [
      `${method} ${uri} SIP/2.0`,
      `Via: ${this.via(this.#count)}`,
      'Max-Forwards: 70',
      `From: <${draft.from ?? this.aor}>;tag=${draft.fromTag ?? `${this.epid}-tag`};epid=${this.epid}`,
      `To: <${draft.to ?? uri}>${draft.toTag === undefined ? '' : `;tag=${draft.toTag}`}`,
      `Call-ID: ${draft.callId ?? `${this.epid}-call-${this.#count}`}`,
      `CSeq: ${cseq} ${method}`,
      ...(contact === null || contact === '' ? [] : [`Contact: <${contact}>`]),
      ...(draft.headers ?? []).map(([name, value]) => `${name}: ${value}`),
      ...(draft.contentType === undefined ? [] : [`Content-Type: ${draft.contentType}`]),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    return `${lines.join('\r\n')}\r\n\r\n${body}`;
  }

  /** Sends ACK to a 2xx; with a body when that had an offer. */
  acknowledge(exchange: Exchange, content: Pick<Draft, 'contentType' | 'body'> = {}): void {
    const { cseq } = exchange.request;
    this.connection.send(this.write('ACK', contactOf(exchange.final), { ...dialogOf(exchange), cseq, ...content }));
  }

  /** A request in the dialog that `exchange` made (its 2xx tells remote target and tags). */
  inDialog(exchange: Exchange, method: string, draft: Draft = {}): Exchange {
    return this.request(method, contactOf(exchange.final), { ...dialogOf(exchange), ...draft });
  }

  /** Takes the oldest incoming request of this method. Throws when there is none. */
  expect(method: string): SipMessage {
    const index = this.incoming.findIndex((request) => request.method === method);
    const [request] = index < 0 ? [] : this.incoming.splice(index, 1);
    if (request === undefined) {
      const got = this.incoming.map((other) => other.method).join(', ');
      throw new Error(`${this.epid} got no ${method}; it got: ${got === '' ? 'nothing' : got}`);
    }
    return request;
  }

  /** Answers an incoming request. */
  answer(
    request: SipMessage,
    status: number,
    reason = 'Reason',
    draft: Pick<Draft, 'headers' | 'contentType' | 'body'> = {},
  ): void {
    const { body = '' } = draft;
    const kept = request.lines.filter((_, index) =>
      ['via', 'from', 'call-id', 'cseq', 'record-route'].includes(request.names[index] ?? ''),
    );
    const to = request.raw('to') ?? '';
    const dialogForming = status < 300 && ['INVITE', 'SUBSCRIBE'].includes(request.method);
    const lines = [
      `SIP/2.0 ${status} ${reason}`,
      ...kept,
      `To: ${to}${tagOf(to) === '' ? `;tag=${this.epid}-answer;epid=${this.epid}` : ''}`,
      ...(dialogForming ? [`Contact: <${this.gruu}>`] : []),
      ...(draft.headers ?? []).map(([name, value]) => `${name}: ${value}`),
      ...(draft.contentType === undefined ? [] : [`Content-Type: ${draft.contentType}`]),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    this.deliver(`${lines.join('\r\n')}\r\n\r\n${body}`);
  }

  /** What is written last, just before the wire. */
  protected deliver(text: string): void {
    this.connection.send(text);
  }

  protected via(count: number): string {
    return `SIP/2.0/${this.#transport} ${this.epid}.invalid;branch=z9hG4bK${this.epid}-${count}`;
  }

  protected sendRegister(callId: string, expires: number, headers: HeaderLines): SipMessage {
    const contact = `<sip:${this.epid}@${this.epid}.invalid;transport=ws>;+sip.instance="<urn:uuid:${this.instance}>";reg-id=1`;
    const exchange = this.request('REGISTER', `sip:${this.#domain}`, {
      to: this.aor,
      callId,
      fromTag: `${this.epid}-reg`,
      contact: null,
      headers: [
        ['Contact', contact],
        ['Supported', 'gruu-10, adhoclist, msrtc-event-categories'],
        ['Event', 'registration'],
        ['Expires', String(expires)],
        ...headers,
      ],
    });
    return exchange.final;
  }

  protected registered(answer: SipMessage): SipMessage {
    if (answer.status === 200) this.gruu = parseNameAddr(answer.header('contact') ?? '')?.params.get('gruu') ?? '';
    return answer;
  }

  protected take(text: string): void {
    const message = messageOf(text);
    if (message.isRequest) {
      if (!this.onRequest(message)) this.incoming.push(message);
      return;
    }
    const exchange = this.exchanges.findLast(
      ({ request }) =>
        request.raw('call-id') === message.raw('call-id') &&
        request.raw('cseq') === message.raw('cseq') &&
        request.raw('via') === message.raw('via'),
    );
    exchange?.take(message);
  }
}

/** Reads what a test sent or got. Throws when it is no SIP message. */
export function messageOf(text: string): SipMessage {
  const parsed = parseMessage(Buffer.from(text, 'utf8'));
  if (parsed.is === 'damaged') throw new Error(`${parsed.why}:\n${text}`);
  return parsed.message;
}

/** The Authorization value that answers a digest challenge (RFC 2617 §3.2.2). */
export function digestAnswer(challenge: string, username: string, password: string, uri: string, count = 1): string {
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const get = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const [realm, nonce, cnonce, nc] = [get('realm'), get('nonce'), '0a4f113b', count.toString(16).padStart(8, '0')];
  const ha1 = md5(`${username}:${realm}:${password}`);
  const response = md5(`${ha1}:${nonce}:${nc}:${cnonce}:auth:${md5(`REGISTER:${uri}`)}`);
  return `Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, cnonce="${cnonce}", qop=auth, nc=${nc}`;
}

function contactOf(answer: SipMessage): string {
  return /<([^>]*)>/.exec(answer.header('contact') ?? '')?.[1] ?? '';
}

/** Call-ID, tags and To of the dialog that an answered request made, from the sender's side. */
function dialogOf({ request, final }: Exchange): Draft {
  return {
    callId: request.header('call-id'),
    fromTag: tagOf(request.raw('from') ?? ''),
    toTag: tagOf(final.raw('to') ?? ''),
    to: /<([^>]*)>/.exec(final.header('to') ?? '')?.[1],
  };
}
