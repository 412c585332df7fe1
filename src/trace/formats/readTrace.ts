import { concatBytes } from '../../protocol/bytes';
import { maskSecrets } from '../../protocol/sip/mask';
import type { NewEntry } from '../entry';
import { JsonTraceReader, jsonHead } from './jsonTrace';
import { isCapture, PcapReader } from './pcapReader';
import { SnooperReader } from './snooperText';
import { type TraceParser, UnreadableTrace } from './traceFormat';
import { isUccapilog, UccapilogReader } from './uccapilog';

interface TextReader {
  push(text: string): NewEntry[];
  end(): NewEntry[];
  readonly skipped: number;
}

/** Enough to tell the formats apart, were there a page of other lines before the first record. */
const sniffed = 65_536;
/**
 * Reads a trace of any format we know, piece by piece: Snooper text of OCS and Lync servers, a Lync client's log, pcapng and
 * pcap, and our JSON. Credentials are masked as at our own tap. Throws `UnreadableTrace`; what came before stays good.
 */
export class TraceFileReader implements TraceParser {
  #parser: TraceParser | null = null;
  #early: Uint8Array = new Uint8Array(0);

  get skipped(): number {
    return this.#parser?.skipped ?? 0;
  }

  push(bytes: Uint8Array): NewEntry[] {
    if (this.#parser !== null) return masked(this.#parser.push(bytes));
    this.#early = concatBytes(this.#early, bytes);
    return this.#early.length < sniffed ? [] : this.#begin();
  }

  end(): NewEntry[] {
    const entries = this.#parser === null ? this.#begin() : [];
    return [...entries, ...masked(this.#parser?.end() ?? [])];
  }

  #begin(): NewEntry[] {
    const early = this.#early;
    this.#early = new Uint8Array(0);
    this.#parser = parserFor(early);
    return masked(this.#parser.push(early));
  }
}

const masked = (entries: NewEntry[]): NewEntry[] =>
  entries.map((entry) => (entry.kind === 'sip' ? { ...entry, text: maskSecrets(entry.text) } : entry));

function parserFor(bytes: Uint8Array): TraceParser {
  if (bytes.length === 0) throw new UnreadableTrace({ is: 'empty' });
  if (isCapture(bytes)) return new PcapReader();
  if (isEtl(bytes)) throw new UnreadableTrace({ is: 'etl' });
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  const text = new TextDecoder(encoding).decode(bytes);
  const reader = readerFor(text);
  if (reader === null) throw new UnreadableTrace({ is: 'unknown' });
  return new DecodedParser(reader, encoding);
}

function readerFor(text: string): TextReader | null {
  if (text.startsWith(jsonHead)) return new JsonTraceReader();
  if (isUccapilog(text)) return new UccapilogReader();
  return text.includes('$$begin_record') || /^TL_\w+\(\w+\) \[/m.test(text) ? new SnooperReader() : null;
}

/** An event trace log is binary and begins with the size of its buffers, in whole KiB. */
function isEtl(bytes: Uint8Array): boolean {
  if (bytes.length < 64 || !bytes.subarray(0, 64).includes(0)) return false;
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return size >= 1_024 && size <= 1_048_576 && size % 1_024 === 0;
}

/** A text format, its bytes decoded piece by piece. */
class DecodedParser implements TraceParser {
  readonly #reader: TextReader;
  readonly #decoder: TextDecoder;

  constructor(reader: TextReader, encoding: string) {
    this.#reader = reader;
    this.#decoder = new TextDecoder(encoding);
  }

  get skipped(): number {
    return this.#reader.skipped;
  }

  push(bytes: Uint8Array): NewEntry[] {
    return this.#reader.push(this.#decoder.decode(bytes, { stream: true }));
  }

  end(): NewEntry[] {
    const rest = this.#decoder.decode();
    return [...(rest === '' ? [] : this.#reader.push(rest)), ...this.#reader.end()];
  }
}
