import { isUtf8 } from 'node:buffer';
import { textOf, valuesOf } from './headerFields';

/**
 * SIP messages on bytes (RFC 3261 §7, `lync-wire` 0.4). A message is a latin1 string, one character a byte, so that UTF-8
 * passes through untouched and lengths are bytes; header lines are kept as they came and written out as they are.
 */

export const limits = { message: 1024 * 1024, head: 64 * 1024, lines: 256 } as const;

/** RFC 3261 §7.3.3 and RFC 6665, 4028, 3515: written out in full, because native clients do not read them. */
const compactNames = new Map([
  ['v', 'Via'],
  ['f', 'From'],
  ['t', 'To'],
  ['i', 'Call-ID'],
  ['m', 'Contact'],
  ['l', 'Content-Length'],
  ['c', 'Content-Type'],
  ['e', 'Content-Encoding'],
  ['s', 'Subject'],
  ['k', 'Supported'],
  ['o', 'Event'],
  ['u', 'Allow-Events'],
  ['r', 'Refer-To'],
  ['b', 'Referred-By'],
  ['x', 'Session-Expires'],
]);

/** Headers of which a second one makes a message ambiguous: two readers could take different ones. */
const singleHeaders = new Set([
  'from',
  'to',
  'call-id',
  'cseq',
  'content-length',
  'content-type',
  'max-forwards',
  'event',
]);

/** Lower-case names of the spellings seen so far that we know; strangers are not remembered. */
const lowered = new Map<string, string>();
for (const name of [
  'Via',
  'From',
  'To',
  'Call-ID',
  'CSeq',
  'Max-Forwards',
  'Contact',
  'Content-Type',
  'Content-Length',
]) {
  lowered.set(name, name.toLowerCase());
}

export class SipMessage {
  /** `''` for a response. */
  readonly method: string;
  /** Request-URI; `''` for a response. */
  readonly uri: string;
  /** 0 for a request. */
  readonly status: number;
  readonly reason: string;
  /** Lower-case header names, one for each of `lines`. */
  readonly names: readonly string[];
  /** Header lines as they came, unfolded, without line ends. */
  readonly lines: readonly string[];
  /** Bytes as latin1. */
  readonly rawBody: string;

  constructor(start: Start, names: readonly string[], lines: readonly string[], rawBody: string) {
    this.method = start.method;
    this.uri = start.uri;
    this.status = start.status;
    this.reason = start.reason;
    this.names = names;
    this.lines = lines;
    this.rawBody = rawBody;
  }

  get isRequest(): boolean {
    return this.status === 0;
  }

  /** First value as latin1, name in lower case. */
  raw(name: string): string | undefined {
    const index = this.names.indexOf(name);
    return index < 0 ? undefined : headerValue(this.lines[index] ?? '');
  }

  /** First value as text, name in any case. */
  header(name: string): string | undefined {
    const value = this.raw(name.toLowerCase());
    return value === undefined ? undefined : textOf(value);
  }

  /** All values, as latin1, split at commas outside quotes; name in lower case. */
  rawValues(name: string): string[] {
    const values: string[] = [];
    for (const [index, present] of this.names.entries()) {
      if (present === name) values.push(...valuesOf(headerValue(this.lines[index] ?? '')));
    }
    return values;
  }

  get body(): string {
    return textOf(this.rawBody);
  }

  /** Lower case without parameters; `''` when there is none. */
  get contentType(): string {
    return (this.raw('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  }

  /** The number of CSeq, or -1. */
  get cseq(): number {
    const match = /^(\d{1,10})\s/.exec(this.raw('cseq') ?? '');
    return match ? Number(match[1]) : -1;
  }
}

export interface Start {
  method: string;
  uri: string;
  status: number;
  reason: string;
  /** What is wrong with it. */
  fault?: string;
}

export type Parsed =
  | { is: 'message'; message: SipMessage }
  /** `answerable` is what could be read of a request, enough to answer `status`. */
  | { is: 'damaged'; why: string; answerable: SipMessage | null; status: 400 | 505 };

/** Reads one message whose end is known (a WebSocket message, or what the stream framer cut out). */
export function parseMessage(bytes: Buffer): Parsed {
  const text = bytes.toString('latin1');
  const head = parseHead(text, text.indexOf('\r\n\r\n'));
  if (head.is === 'damaged') return head;
  const available = text.length - head.end;
  const length = head.contentLength ?? available;
  if (length > available) {
    return damaged('the body is shorter than Content-Length', new SipMessage(head.start, head.names, head.lines, ''));
  }
  const body = text.substr(head.end, length);
  const message = new SipMessage(head.start, head.names, head.lines, body);
  if (!isUtf8(bytes)) return damaged('not UTF-8', message);
  return { is: 'message', message };
}

export interface Head {
  is: 'head';
  start: Start;
  names: string[];
  lines: string[];
  /** `null` when the header is absent. */
  contentLength: number | null;
  /** Where the body begins. */
  end: number;
}

/** Reads start line and headers; `blank` is where the empty line's CRLF CRLF begins, or -1. */
export function parseHead(text: string, blank: number): Head | (Parsed & { is: 'damaged' }) {
  const end = blank < 0 ? text.length : blank;
  const startEnd = text.indexOf('\r\n');
  const start = parseStart(text.slice(0, startEnd < 0 || startEnd > end ? end : startEnd));
  if (start === null) return damaged('no SIP start line', null);
  const names: string[] = [];
  const lines: string[] = [];
  const fault = startEnd < 0 || startEnd >= end ? null : readLines(text.slice(startEnd + 2, end), names, lines);
  const answerable = start.status === 0 ? new SipMessage(start, names, lines, '') : null;
  if (blank < 0) return damaged('no empty line after the headers', answerable);
  if (start.fault !== undefined) return damaged(start.fault, answerable, start.fault === otherVersion ? 505 : 400);
  if (fault !== null) return damaged(fault, answerable);
  const headerFault = faultOf(start, names, lines);
  if (headerFault !== null) return damaged(headerFault, answerable);
  const index = names.indexOf('content-length');
  const contentLength = index < 0 ? null : Number(headerValue(lines[index] ?? ''));
  return { is: 'head', start, names, lines, contentLength, end: blank + 4 };
}

function damaged(why: string, answerable: SipMessage | null, status: 400 | 505 = 400): Parsed & { is: 'damaged' } {
  return { is: 'damaged', why, answerable, status };
}

const otherVersion = 'another version of SIP';
const requestLine = /^([A-Za-z0-9.!%*_+`'~-]{1,64}) (\S{1,8192}) SIP\/2\.0$/;
/** One that is only nearly right: it can be told what is wrong with it. */
const method = /^([A-Za-z0-9.!%*_+`'~-]{1,64})[ \t]/;
const version = /[ \t](SIP\/\d{1,9}\.\d{1,9})[ \t]{0,99}$/;
const statusLine = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/;

function parseStart(line: string): Start | null {
  const request = requestLine.exec(line);
  if (request) return { method: request[1] ?? '', uri: request[2] ?? '', status: 0, reason: '' };
  const status = statusLine.exec(line);
  if (status) return { method: '', uri: '', status: Number(status[1]), reason: status[2] ?? '' };
  const [name, spoken] = [method.exec(line)?.[1], version.exec(line)?.[1]];
  if (name === undefined || spoken === undefined) return null;
  const fault = spoken === 'SIP/2.0' ? 'a start line that is not right' : otherVersion;
  return { method: name, uri: '', status: 0, reason: '', fault };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const forbiddenInHeaders = /[\x00-\x08\x0a-\x1f\x7f]/;

/** Fills `names` and `lines`; answers what is wrong, having read what it could. */
function readLines(text: string, names: string[], lines: string[]): string | null {
  let fault: string | null = null;
  for (const line of text.split('\r\n')) {
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (lines.length > 0) lines[lines.length - 1] += ` ${line.trim()}`;
      else fault ??= 'a folded line before the first header';
      continue;
    }
    const colon = line.indexOf(':');
    const spelled = colon < 0 ? '' : line.slice(0, colon).trimEnd();
    if (!/^[A-Za-z0-9.!%*_+`'~-]+$/.test(spelled)) {
      fault ??= 'a line that is no header';
      continue;
    }
    if (lines.length >= limits.lines) return 'too many header lines';
    const full = spelled.length === 1 ? compactNames.get(spelled.toLowerCase()) : undefined;
    names.push(loweredName(full ?? spelled));
    lines.push(full === undefined ? line : `${full}:${line.slice(colon + 1)}`);
  }
  if (fault === null && lines.some((line) => forbiddenInHeaders.test(line))) return 'a control character in a header';
  return fault;
}

function loweredName(spelled: string): string {
  return lowered.get(spelled) ?? spelled.toLowerCase();
}

function headerValue(line: string): string {
  return line.slice(line.indexOf(':') + 1).trim();
}

function faultOf(start: Start, names: readonly string[], lines: readonly string[]): string | null {
  for (const name of ['via', 'from', 'to', 'call-id', 'cseq']) {
    if (!names.includes(name)) return `no ${name} header`;
  }
  for (const [index, name] of names.entries()) {
    if (singleHeaders.has(name) && names.indexOf(name) !== index) return `two ${name} headers`;
  }
  const value = (name: string): string => headerValue(lines[names.indexOf(name)] ?? '');
  const cseq = /^(\d{1,10})[ \t]+(\S+)$/.exec(value('cseq'));
  if (cseq === null || Number(cseq[1]) >= 2 ** 31) return 'a CSeq that cannot be read';
  if (start.status === 0 && cseq[2] !== start.method) return 'a CSeq of another method';
  if (names.includes('content-length') && !/^\d{1,9}$/.test(value('content-length')))
    return 'a Content-Length that is no number';
  if (names.includes('max-forwards') && !/^0{0,9}\d{1,3}$/.test(value('max-forwards')))
    return 'a Max-Forwards that is no number';
  if (value('call-id') === '') return 'an empty Call-ID';
  return null;
}
