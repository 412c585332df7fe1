import { formatMessage, headerOf, parseMessage, type SipMessage } from '../../protocol/sip/message';
import type { Carried, HomeBench } from '../homeBench';

/** A message that a fault looks at, and what it may do with it. */
export interface Caught extends Carried {
  message: SipMessage;
}

export interface FaultyAnswer {
  status: number;
  reason: string;
  /** Whole lines. */
  headers?: readonly string[];
  contentType?: string;
  body?: string;
  /** The epid of an endpoint that answers; a server writes none. */
  epid?: string;
}

type Which = (caught: Caught) => boolean;

/** The way between the clients and the home server, with faults in it. The first that wants a message has it. */
export class FaultyWire {
  readonly #faults: ((caught: Caught) => boolean)[] = [];

  constructor(bench: HomeBench) {
    bench.carry = (carried) => {
      const message = parseMessage(carried.text);
      if (message !== null && this.#faults.some((fault) => fault({ ...carried, message }))) return;
      if (carried.from === 'client') carried.up(carried.text);
      else carried.down(carried.text);
    };
  }

  /** `times`: so often, and then no more. */
  add(which: Which, does: (caught: Caught) => void, times = Number.POSITIVE_INFINITY): void {
    let left = times;
    this.#faults.push((caught) => {
      if (left === 0 || !which(caught)) return false;
      left -= 1;
      does(caught);
      return true;
    });
  }

  /** In place of the server. */
  answer(which: Which, answer: FaultyAnswer, times?: number): void {
    this.add(and(fromClient, which), (caught) => caught.down(answerTo(caught.message, answer)), times);
  }

  drop(which: Which, times?: number): void {
    this.add(which, () => undefined, times);
  }

  /** Passes it on in another form. */
  alter(which: Which, change: (text: string) => string, times?: number): void {
    this.add(
      which,
      ({ from, text, up, down }) => (from === 'client' ? up(change(text)) : down(withLength(change(text)))),
      times,
    );
  }
}

export const fromClient: Which = ({ from }) => from === 'client';
export const fromServer: Which = ({ from }) => from === 'server';
export const and =
  (...all: readonly Which[]): Which =>
  (caught) =>
    all.every((which) => which(caught));

/** A request of this method; `uri` is looked for in its Request-URI. */
export const request =
  (method: string, uri: RegExp | string = ''): Which =>
  ({ message }) =>
    message.method === method && (typeof uri === 'string' ? message.uri.includes(uri) : uri.test(message.uri));

/** An answer to this method. */
export const answerOf =
  (method: string, status?: number): Which =>
  ({ message }) =>
    message.method === null &&
    (headerOf(message, 'CSeq') ?? '').endsWith(` ${method}`) &&
    (status === undefined || message.status === status);

export const event =
  (name: string): Which =>
  ({ message }) =>
    (headerOf(message, 'Event') ?? '').startsWith(name);

export const contains =
  (words: RegExp | string): Which =>
  ({ text }) =>
    typeof words === 'string' ? text.includes(words) : words.test(text);

/** With credentials: of NTLM only the third REGISTER, which answers the server's challenge. */
export const authenticated: Which = ({ text }) =>
  /^Authorization: Digest/im.test(text) || /gssapi-data="TlRMTVNTUAAD/i.test(text);

export function answerTo(asked: SipMessage, { status, reason, ...answer }: FaultyAnswer): string {
  const kept = asked.headers.filter(([name]) => ['via', 'from', 'call-id', 'cseq'].includes(name.toLowerCase()));
  const to = headerOf(asked, 'To') ?? '';
  const epid = answer.epid === undefined ? '' : `;epid=${answer.epid}`;
  const { headers = [], contentType, body = '' } = answer;
  const lines = contentType === undefined ? headers : [...headers, `Content-Type: ${contentType}`];
  return formatMessage({
    method: null,
    uri: '',
    status,
    reason,
    headers: [...kept, ['To', /;tag=/.test(to) ? to : `${to};tag=f1${epid}`], ...lines.map(pairOf)],
    body,
  });
}

/** A request to the client; `asked` is one of its own whose dialog or registration it belongs to. */
export function requestTo(
  asked: SipMessage,
  method: string,
  { headers = [], contentType, body = '' }: Partial<FaultyAnswer>,
): string {
  const to = headerOf(asked, 'From') ?? '';
  const from = headerOf(asked, 'To') ?? '';
  const uri = /<([^>]+)>/.exec(headerOf(asked, 'Contact') ?? '')?.[1] ?? '';
  const lines = contentType === undefined ? headers : [...headers, `Content-Type: ${contentType}`];
  return formatMessage({
    method,
    uri,
    status: 0,
    reason: '',
    headers: [
      ['Via', 'SIP/2.0/WSS fe1.contoso.example:5061;branch=z9hG4bKfault'],
      ['Max-Forwards', '70'],
      ['From', /;tag=/.test(from) ? from : `${from};tag=f1`],
      ['To', to],
      ['Call-ID', headerOf(asked, 'Call-ID') ?? ''],
      ['CSeq', `1 ${method}`],
      ...lines.map(pairOf),
    ],
    body,
  });
}

function pairOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

/** The length of a body that was changed is told as it is now. */
function withLength(text: string): string {
  const message = parseMessage(text);
  if (message === null) return text;
  const headers = message.headers.filter(([name]) => name.toLowerCase() !== 'content-length');
  return formatMessage({ ...message, headers });
}
