import { hideText } from '../../protocol/sip/hideText';
import type { NewEntry } from '../entry';
import { formatJsonEntry, jsonHead, jsonTail } from './jsonTrace';
import { PcapngWriter } from './pcapng';
import { formatSnooperRecord } from './snooperText';

export type ExportFormat = 'snooper' | 'pcapng' | 'json';

type Bytes = Uint8Array<ArrayBuffer>;

/** Writes one format piece by piece, so that a long trace is never twice in memory. A piece may be empty. */
interface TraceWriter {
  begin(): Bytes;
  entry(entry: NewEntry): Bytes;
  end(): Bytes;
}

const encoder = new TextEncoder();
const nothing: Bytes = new Uint8Array(0);

class SnooperWriter implements TraceWriter {
  #count = 1;

  begin(): Bytes {
    return nothing;
  }

  entry(entry: NewEntry): Bytes {
    const record = formatSnooperRecord(entry, this.#count);
    if (record !== '') this.#count += 1;
    return encoder.encode(record);
  }

  end(): Bytes {
    return nothing;
  }
}

class JsonWriter implements TraceWriter {
  #separator = '';

  begin(): Bytes {
    return encoder.encode(jsonHead);
  }

  entry(entry: NewEntry): Bytes {
    const line = this.#separator + formatJsonEntry(entry);
    this.#separator = ',\n';
    return encoder.encode(line);
  }

  end(): Bytes {
    return encoder.encode(jsonTail);
  }
}

class CaptureWriter implements TraceWriter {
  readonly #writer = new PcapngWriter();

  begin(): Bytes {
    return new Uint8Array(this.#writer.begin());
  }

  entry(entry: NewEntry): Bytes {
    return new Uint8Array(this.#writer.entry(entry));
  }

  end(): Bytes {
    return nothing;
  }
}

const writers = { snooper: SnooperWriter, json: JsonWriter, pcapng: CaptureWriter };

/** A file in the making: entries go in as they come. `hidesText` replaces what people say. */
export class TraceFileWriter {
  readonly #writer: TraceWriter;
  readonly #hidesText: boolean;
  #isBegun = false;

  constructor(format: ExportFormat, hidesText: boolean) {
    this.#writer = new writers[format]();
    this.#hidesText = hidesText;
  }

  push(entries: Iterable<NewEntry>): Bytes[] {
    const pieces = this.#begin();
    for (const entry of entries) pieces.push(this.#writer.entry(this.#hidesText ? hidden(entry) : entry));
    return pieces.filter(({ length }) => length > 0);
  }

  end(): Bytes[] {
    return [...this.#begin(), this.#writer.end()];
  }

  #begin(): Bytes[] {
    if (this.#isBegun) return [];
    this.#isBegun = true;
    return [this.#writer.begin()];
  }
}

const hidden = (entry: NewEntry): NewEntry => (entry.kind === 'sip' ? { ...entry, text: hideText(entry.text) } : entry);
