import type { Level } from '../../domain/logging';
import { headerOf, parseMessage } from '../../protocol/sip/message';
import type { NewEntry } from '../entry';
import { peerOfUrl } from './traceFormat';

/**
 * The text of a SIP trace as OCSLogger and CLSLogger export it and Snooper opens it (`lync-wire` 9.3): a record for each
 * message between `$$begin_record` and `$$end_record`. Times are local and without a zone, as in the servers' own.
 */

const head = (date: string, count: number, tag: string, place: string): string =>
  `${tag} [0]0001.0001::${date}.${hex(count)} (SIPStack,SIPAdminLog::${place})$$begin_record`;

const tags: Readonly<Record<Level, { tag: string; severity: string }>> = {
  error: { tag: 'TL_ERROR(TF_DIAG)', severity: 'error' },
  warning: { tag: 'TL_WARN(TF_DIAG)', severity: 'warning' },
  information: { tag: 'TL_INFO(TF_DIAG)', severity: 'information' },
  verbose: { tag: 'TL_VERBOSE(TF_DIAG)', severity: 'verbose' },
};

/** One record; `count` is its place in the file, from 1. Keep-alives have none: `''`. */
export function formatSnooperRecord(entry: NewEntry, count: number): string {
  if (entry.kind === 'ping') return '';
  if (entry.kind !== 'sip' || !isPlain(entry.text)) return formatDiagnostic(entry, count);
  const end = entry.text.indexOf('\r\n\r\n');
  const [startLine = '', ...headers] = (end < 0 ? entry.text : entry.text.slice(0, end)).split('\r\n');
  const body = end < 0 ? '' : entry.text.slice(end + 4);
  return lines(
    head(dateText(entry.at), count, 'TL_INFO(TF_PROTOCOL)', 'TraceProtocolRecord:SIPAdminLog.cpp(125)'),
    `Trace-Correlation-Id: ${count}`,
    `Instance-Id: ${hex(count)}`,
    `Direction: ${entry.direction === 'in' ? 'incoming' : 'outgoing'}`,
    `Peer: ${peerOfUrl(entry.url)}`,
    `Message-Type: ${startLine.startsWith('SIP/2.0 ') ? 'response' : 'request'}`,
    `Start-Line: ${startLine}`,
    ...headers,
    `Message-Body: ${body === '' ? '-' : body}`,
    '$$end_record',
    '',
  );
}

/** A message that could be taken for the record's own lines goes into one line instead, escaped: text of a peer makes no records. */
function isPlain(text: string): boolean {
  if (parseMessage(text) === null || /\$\$(?:begin|end)_record/.test(text)) return false;
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  if (end >= 0 && text.slice(end + 4) === '-') return false;
  return !/[\r\n](?:Message-Body|Start-Line)[ \t]*:/i.test(head) && !/\r(?!\n)|(?<!\r)\n/.test(head);
}

/** A note, or what is no SIP message: SIPStack's diagnostic record, with our kind of entry as its Data. */
function formatDiagnostic(entry: NewEntry, count: number): string {
  const { tag, severity } = tags[entry.level ?? (entry.fault === undefined ? 'information' : 'error')];
  return lines(
    head(dateText(entry.at), count, tag, 'WriteDiagnosticEvent:SIPAdminLog.cpp(802)'),
    'LogType: diagnostic',
    `Severity: ${severity}`,
    `Text: ${escaped(entry.text)}`,
    ...(entry.fault === undefined ? [] : [`Fault: ${escaped(entry.fault)}`]),
    `Peer: ${peerOfUrl(entry.url)}`,
    `Data: kind="${entry.kind}";direction="${entry.direction}"${entry.level === undefined ? '' : `;level="${entry.level}"`}`,
    '$$end_record',
    '',
  );
}

const lines = (...all: readonly string[]): string => all.join('\r\n');
const hex = (count: number): string => count.toString(16).toUpperCase().padStart(8, '0');
const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');

function dateText(at: number): string {
  const date = new Date(at);
  const day = `${pad(date.getMonth() + 1)}/${pad(date.getDate())}/${date.getFullYear()}`;
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  return `${day}-${time}.${pad(date.getMilliseconds(), 3)}`;
}

// Every part is bounded: a line made to be slow is passed over.
const beginning =
  /^TL_\w{1,20}\((\w{1,30})\) \[[^\]\r\n]{0,200}\][^:\r\n]{0,40}::(\d\d)\/(\d\d)\/(\d{4})-(\d\d):(\d\d):(\d\d)\.(\d{3})[^\r\n]{0,400}\$\$begin_record[ \t]*\r?\n/m;
/** Longer than any record: what has no end after so much is damaged. */
const longestRecord = 4_000_000;
const ending = /^\$\$end_record[ \t]*(?:\r?\n|$)/m;

/** Takes records out of text that comes in pieces. */
export class SnooperReader {
  #text = '';
  skipped = 0;

  push(text: string): NewEntry[] {
    this.#text += text;
    const entries: NewEntry[] = [];
    for (let record = this.#next(false); record !== null; record = this.#next(false)) entries.push(...record);
    return entries;
  }

  /** A last record that is not closed is damaged and passed over. */
  end(): NewEntry[] {
    const entries: NewEntry[] = [];
    for (let record = this.#next(true); record !== null; record = this.#next(true)) entries.push(...record);
    if (beginning.test(this.#text)) this.skipped += 1;
    this.#text = '';
    return entries;
  }

  /** The next record that is complete; `null` when more text is needed. */
  #next(isLast: boolean): NewEntry[] | null {
    const begin = beginning.exec(this.#text);
    if (begin === null) {
      const isEndless = this.#text.length - this.#text.lastIndexOf('\n') > longestRecord;
      this.#forgetTo(isEndless ? this.#text.length : this.#text.lastIndexOf('\n') + 1);
      return null;
    }
    const start = begin.index + begin[0].length;
    const rest = this.#text.slice(start);
    const end = ending.exec(rest);
    if (end === null && rest.length > longestRecord) return this.#giveUp(start);
    // An end whose line is not complete yet may be the beginning of a longer line.
    if (end === null || (!isLast && !end[0].endsWith('\n'))) return null;
    this.#forgetTo(start + end.index + end[0].length);
    return this.#read(begin, rest.slice(0, end.index));
  }

  #giveUp(start: number): NewEntry[] {
    this.#forgetTo(start);
    this.skipped += 1;
    return [];
  }

  #forgetTo(at: number): void {
    if (at > 0) this.#text = this.#text.slice(at);
  }

  #read(begin: RegExpExecArray, content: string): NewEntry[] {
    const [, flag, month, day, year, hour, minute, second, milli] = begin;
    const at = new Date(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
      Number(milli),
    ).getTime();
    const entry = flag === 'TF_PROTOCOL' ? messageIn(content, at) : noteIn(content, at);
    if (entry === null) this.skipped += 1;
    return entry === null ? [] : [entry];
  }
}

const ownFields = /^(?:Trace-Correlation-Id|Instance-Id|Direction|Peer|Message-Type|Start-Line)$/i;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** The message of a protocol record, its fields in any order (OCS 2007 R2 writes them so). */
function messageIn(content: string, at: number): NewEntry | null {
  const lineEnd = content.includes('\r\n') ? '\r\n' : '\n';
  const mark = content.indexOf(`${lineEnd}Message-Body:`);
  const top = mark < 0 ? content : content.slice(0, mark);
  const fields = new Map<string, string>();
  const headers: string[] = [];
  for (const line of top.split(lineEnd)) {
    const name = line.slice(0, Math.max(0, line.indexOf(':'))).toLowerCase();
    // A header of the message itself may have the same name: the record's own come first.
    if (ownFields.test(name) && !fields.has(name)) fields.set(name, line.slice(name.length + 1).trim());
    else if (line !== '') headers.push(line);
  }
  const startLine = fields.get('start-line');
  const direction = fields.get('direction')?.toLowerCase() ?? '';
  if (startLine === undefined || !/^(?:incoming|outgoing)/.test(direction)) return null;
  const body = mark < 0 ? '' : bodyIn(content.slice(mark + lineEnd.length + 'Message-Body:'.length), headers, lineEnd);
  return {
    at,
    direction: direction.startsWith('incoming') ? 'in' : 'out',
    kind: 'sip',
    url: fields.get('peer') ?? '',
    text: `${[startLine, ...headers].join('\r\n')}\r\n\r\n${body}`,
  };
}

/** A single dash is no body, unless the message says that its body is one byte long. */
function bodyIn(text: string, headers: readonly string[], lineEnd: string): string {
  const body = text.replace(/^ /, '').replace(/\r?\n$/, '');
  const message = parseMessage(`X x SIP/2.0\r\n${headers.join('\r\n')}\r\n\r\n`);
  const told = message === null ? undefined : headerOf(message, 'Content-Length');
  const wanted = told === undefined ? null : Number.parseInt(told, 10);
  if (body === '-' && wanted !== 1) return '';
  if (lineEnd === '\r\n') return body;
  // A tool on the way has taken the carriage returns.
  const restored = body.replace(/\r?\n/g, '\r\n');
  return wanted !== null && bytesOf(body) !== wanted && bytesOf(restored) === wanted ? restored : body;
}

const kinds: readonly NewEntry['kind'][] = ['sip', 'ping', 'state', 'signIn', 'media', 'store', 'ui'];
const severities: readonly Level[] = ['error', 'warning', 'information', 'verbose'];

/** A diagnostic record: ours, or a server's, whose own text and codes are kept as a note. */
function noteIn(content: string, at: number): NewEntry | null {
  const field = (name: string): string | undefined => new RegExp(`^${name}: ?(.*?)\\r?$`, 'm').exec(content)?.[1];
  const text = field('Text');
  if (text === undefined) return null;
  const data = field('Data') ?? '';
  const kind = kinds.find((one) => data.includes(`kind="${one}"`));
  const url = field('Peer') ?? '';
  const told = severities.find((one) => one === field('Severity')?.toLowerCase());
  if (kind === undefined) {
    const more = ['Result-Code', 'SIP-Start-Line', 'SIP-Call-ID', 'Data'].flatMap((name) => {
      const value = field(name);
      return value === undefined ? [] : [`${name}: ${value}`];
    });
    return { at, direction: 'in', kind: 'state', url, text: [text, ...more].join('\n'), level: told ?? 'information' };
  }
  const level = severities.find((one) => data.includes(`level="${one}"`));
  const fault = field('Fault');
  return {
    at,
    direction: data.includes('direction="out"') ? 'out' : 'in',
    kind,
    url,
    text: unescaped(text),
    ...(level === undefined ? {} : { level }),
    ...(fault === undefined ? {} : { fault: unescaped(fault) }),
  };
}

/** On one line, whoever reads it: U+2028 and U+2029 end a line too, for some. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
