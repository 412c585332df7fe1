import { formatMessage, type SipMessage } from '../protocol/sip/message';
import type { TraceEntry } from '../trace/entry';
import { readFrame } from '../trace/frame';
import { TraceIndex } from '../trace/traceIndex';

export interface ScriptedContent {
  /** Whole lines, `Event: presence`; one that names a header of the script's own replaces it. */
  headers?: readonly string[];
  contentType?: string;
  body?: string;
}

/** A request of the script: what its answers and later requests of its dialog are made from. */
export interface ScriptedRequest {
  direction: 'in' | 'out';
  message: SipMessage;
}

const aliceUri = 'sip:alice@contoso.example';
const startAt = Date.UTC(2026, 2, 2, 8, 0, 0);

/** Writes the trace of Alice's client by hand, message by message, as a recording of a flow that a test explains. */
export class TraceScript {
  readonly entries: TraceEntry[] = [];
  now = startAt;
  url = 'wss://fe1.contoso.example/sip';
  #count = 0;

  wait(ms: number): this {
    this.now += ms;
    return this;
  }

  note(kind: TraceEntry['kind'], text: string, more: Partial<TraceEntry> = {}): this {
    return this.#add({ direction: 'in', kind, text, ...more });
  }

  /** A request of Alice's, outside any dialog. */
  sends(method: string, uri: string, content: ScriptedContent = {}): ScriptedRequest {
    const callId = `call-${this.#next()}`;
    const headers: [string, string][] = [
      ['Via', `SIP/2.0/WSS 1.invalid;branch=z9hG4bK${this.#next()}`],
      ['From', `<${aliceUri}>;tag=a${this.#count};epid=01a7c4d2e9`],
      ['To', `<${method === 'REGISTER' ? aliceUri : uri}>`],
      ['Call-ID', callId],
      ['CSeq', `1 ${method}`],
    ];
    return this.#put('out', { method, uri, status: 0, reason: '', headers, body: '' }, content);
  }

  /** A request to Alice, outside any dialog. */
  gets(method: string, from: string, content: ScriptedContent = {}): ScriptedRequest {
    const callId = `call-${this.#next()}`;
    const headers: [string, string][] = [
      ['Via', `SIP/2.0/TLS fe1.contoso.example:5061;branch=z9hG4bK${this.#next()}`],
      ['Via', `SIP/2.0/TLS 10.0.0.22:50200;branch=z9hG4bK${this.#next()}`],
      ['From', `<${from}>;tag=b${this.#count};epid=02b8d5e3fa`],
      ['To', `<${aliceUri}>`],
      ['Call-ID', callId],
      ['CSeq', `1 ${method}`],
    ];
    return this.#put('in', { method, uri: aliceUri, status: 0, reason: '', headers, body: '' }, content);
  }

  /** An answer to a request, from whoever it was sent to. */
  answers(request: ScriptedRequest, status: number, reason: string, content: ScriptedContent = {}): SipMessage {
    const kept = new Set(['via', 'from', 'call-id', 'cseq']);
    const headers = request.message.headers.flatMap(([name, value]): [string, string][] => {
      if (name.toLowerCase() === 'to')
        return [['To', status === 100 || value.includes('tag=') ? value : `${value};tag=r1`]];
      return kept.has(name.toLowerCase()) ? [[name, value]] : [];
    });
    const direction = request.direction === 'out' ? 'in' : 'out';
    return this.#put(direction, { method: null, uri: '', status, reason, headers, body: '' }, content).message;
  }

  /** A later request in the dialog of `first`, by Alice or (`by: 'them'`) by the other side. */
  inDialog(
    first: ScriptedRequest,
    method: string,
    { by = 'us', cseq, ...content }: ScriptedContent & { by?: 'us' | 'them'; cseq?: number } = {},
  ): ScriptedRequest {
    const header = (name: string): string => first.message.headers.find(([one]) => one === name)?.[1] ?? '';
    const number = cseq ?? 1 + this.#cseqOf(first, method);
    const [from, to] = [header('From'), header('To').includes('tag=') ? header('To') : `${header('To')};tag=r1`];
    const isOut = by === 'us';
    const isForward = (first.direction === 'out') === isOut;
    const via = isOut ? '1.invalid' : 'fe1.contoso.example:5061';
    const headers: [string, string][] = [
      ['Via', `SIP/2.0/${isOut ? 'WSS' : 'TLS'} ${via};branch=z9hG4bK${this.#next()}`],
      ['From', isForward ? from : to],
      ['To', isForward ? to : from],
      ['Call-ID', header('Call-ID')],
      ['CSeq', `${number} ${method}`],
    ];
    const uri = isOut ? first.message.uri || aliceUri : aliceUri;
    return this.#put(isOut ? 'out' : 'in', { method, uri, status: 0, reason: '', headers, body: '' }, content);
  }

  #cseqOf(first: ScriptedRequest, method: string): number {
    const number = Number(/^\d+/.exec(first.message.headers.find(([name]) => name === 'CSeq')?.[1] ?? '')?.[0] ?? 1);
    return method === 'ACK' || method === 'CANCEL' ? number - 1 : number;
  }

  /** The same bytes again. */
  again(of: number): this {
    const entry = this.entries[of];
    if (entry === undefined) throw new Error(`there is no entry ${of}`);
    return this.#add(entry);
  }

  index(): TraceIndex {
    const index = new TraceIndex();
    index.add(this.entries);
    return index;
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }

  #put(
    direction: 'in' | 'out',
    message: SipMessage,
    { headers = [], contentType, body }: ScriptedContent,
  ): ScriptedRequest {
    const extra = headers.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
    if (contentType !== undefined) extra.push(['Content-Type', contentType]);
    const replaced = new Set(extra.map(([name]) => name.toLowerCase()));
    const own = message.headers.filter(([name]) => !replaced.has(name.toLowerCase()));
    const whole = { ...message, headers: [...own, ...extra], body: body ?? '' };
    const text = formatMessage(whole);
    if (readFrame({ kind: 'sip', text }).is === 'unreadable') throw new Error(`no SIP message: ${text}`);
    this.#add({ direction, kind: 'sip', text });
    return { direction, message: whole };
  }

  #add(entry: Pick<TraceEntry, 'direction' | 'kind' | 'text'> & Partial<TraceEntry>): this {
    this.entries.push({ url: this.url, ...entry, seq: this.entries.length + 1, at: this.now });
    return this;
  }
}
