import type { NewEntry } from '../entry';

/**
 * The log of a Lync or Communicator client (`*.uccapilog`, `lync-wire` 9.3; its layout is documented nowhere): each line
 * begins with date, time, process and thread; a message stands between `Sending Packet - PEER` or `Data Received - PEER` and
 * the line that ends it. Warnings and errors between them become notes.
 */

const lineHead =
  /^(\d\d)\/(\d\d)\/(\d{4})\|(\d\d):(\d\d):(\d\d)\.(\d{3}) ([0-9A-Fa-f]{1,8}:[0-9A-Fa-f]{1,8}) (\w{1,10}) {1,4}:: ?(.*)$/;
const packetBegin =
  /^(Sending Packet|Data Received) - (\S{1,300}) \((?:From|To) Local Address: [^)]{0,300}\) \d+ bytes:/;
const packetEnd = /^End of (?:Sending Packet|Data Received) - /;
const longestLine = 1_000_000;
const longestMessage = 4_000_000;
const longestNote = 1_000;

export const isUccapilog = (text: string): boolean => text.split(/\r?\n/, 50).some((line) => lineHead.test(line));

interface Open {
  entry: NewEntry;
  lines: string[];
  length: number;
}

/** Takes messages out of a client's log that comes in pieces. */
export class UccapilogReader {
  #rest = '';
  /** A message under way, by thread. */
  readonly #open = new Map<string, Open>();
  /** The thread of the last line: a line without a head goes on with it. */
  #thread = '';
  skipped = 0;

  push(text: string): NewEntry[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > longestLine) this.#rest = '';
    return lines.flatMap((line) => this.#takeLine(line.replace(/\r$/, '')));
  }

  end(): NewEntry[] {
    const entries = this.#rest === '' ? [] : this.#takeLine(this.#rest);
    this.#rest = '';
    this.skipped += this.#open.size;
    this.#open.clear();
    return entries;
  }

  #takeLine(line: string): NewEntry[] {
    const head = lineHead.exec(line);
    if (head === null) {
      this.#append(this.#thread, line);
      return [];
    }
    const [, month, day, year, hour, minute, second, milli, thread = '', level = '', text = ''] = head;
    const numbers = [hour, minute, second, milli].map(Number) as [number, number, number, number];
    const at = new Date(Number(year), Number(month) - 1, Number(day), ...numbers).getTime();
    this.#thread = thread;
    const begin = packetBegin.exec(text);
    if (begin !== null) return this.#begin(thread, at, begin[1] === 'Sending Packet' ? 'out' : 'in', begin[2] ?? '');
    if (packetEnd.test(text)) return this.#end(thread);
    if (this.#append(thread, text)) return [];
    return /^(?:ERROR|WARN)/i.test(level) ? [note(at, level, text)] : [];
  }

  #begin(thread: string, at: number, direction: NewEntry['direction'], url: string): NewEntry[] {
    // The message before it in this thread was never closed.
    if (this.#open.has(thread)) this.skipped += 1;
    this.#open.set(thread, { entry: { at, direction, kind: 'sip', url, text: '' }, lines: [], length: 0 });
    return [];
  }

  #append(thread: string, line: string): boolean {
    const open = this.#open.get(thread);
    if (open === undefined) return false;
    open.lines.push(line);
    open.length += line.length;
    if (open.length > longestMessage) {
      this.#open.delete(thread);
      this.skipped += 1;
    }
    return true;
  }

  #end(thread: string): NewEntry[] {
    const open = this.#open.get(thread);
    this.#open.delete(thread);
    if (open === undefined) return [];
    const text = messageOf(open.lines);
    // A keep-alive is two empty lines.
    return text.trim() === '' ? [] : [{ ...open.entry, text }];
  }
}

/** Head and body of the lines; the log does not tell whether a body ends with a line end, but Content-Length does. */
function messageOf(lines: readonly string[]): string {
  const empty = lines.indexOf('');
  const head = (empty < 0 ? lines : lines.slice(0, empty)).join('\r\n');
  const body = empty < 0 ? '' : lines.slice(empty + 1).join('\r\n');
  const wanted = Number(/^(?:Content-Length|l)[ \t]*:[ \t]*(\d+)/im.exec(head)?.[1] ?? 0);
  const short = wanted - new TextEncoder().encode(body).length;
  if (wanted === 0) return `${head}\r\n\r\n`;
  return `${head}\r\n\r\n${body}${short === 2 ? '\r\n' : ''}`;
}

function note(at: number, level: string, text: string): NewEntry {
  const isError = /^ERROR/i.test(level);
  return {
    at,
    direction: 'in',
    kind: 'ui',
    url: '',
    text: text.slice(0, longestNote),
    level: isError ? 'error' : 'warning',
  };
}
