import type { NewEntry } from '../entry';
import { TraceFileReader } from './readTrace';
import { type UnreadableReason, UnreadableTrace } from './traceFormat';

/** What is read of a file, step by step; `read` in bytes. */
export type ReadStep =
  | { is: 'entries'; entries: readonly NewEntry[]; read: number }
  /** `skipped`: records that could not be read and were passed over. */
  | { is: 'done'; skipped: number }
  /** It is no trace, or stops being one: what came before stays good. */
  | { is: 'unreadable'; reason: UnreadableReason };

/** So much is handed over at once: to copy more would hold up who takes it. */
const most = { entries: 2_000, characters: 2_000_000 };

/** Reads a trace of any format as its bytes come. Throws what the source throws. */
export async function* readFile(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ReadStep> {
  const reader = new TraceFileReader();
  const waiting = new Waiting();
  let read = 0;
  try {
    for await (const bytes of chunks) {
      waiting.add(reader.push(bytes));
      read += bytes.length;
      while (waiting.isFull) yield { is: 'entries', entries: waiting.take(), read };
    }
    waiting.add(reader.end());
    while (!waiting.isEmpty) yield { is: 'entries', entries: waiting.take(), read };
    yield { is: 'done', skipped: reader.skipped };
  } catch (error) {
    if (!(error instanceof UnreadableTrace)) throw error;
    while (!waiting.isEmpty) yield { is: 'entries', entries: waiting.take(), read };
    yield { is: 'unreadable', reason: error.reason };
  }
}

/** Entries that are read and not yet handed over. */
class Waiting {
  #entries: NewEntry[] = [];
  #characters = 0;

  add(entries: readonly NewEntry[]): void {
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#characters += entry.text.length;
    }
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  get isFull(): boolean {
    return this.#entries.length >= most.entries || this.#characters >= most.characters;
  }

  take(): NewEntry[] {
    let [count, characters] = [0, 0];
    while (count < this.#entries.length && count < most.entries && characters < most.characters) {
      characters += this.#entries[count]?.text.length ?? 0;
      count += 1;
    }
    const taken = this.#entries.slice(0, count);
    this.#entries = this.#entries.slice(count);
    this.#characters -= characters;
    return taken;
  }
}
