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

/** So many entries are handed over at once. */
const batch = 2_000;

/** Reads a trace of any format as its bytes come. Throws what the source throws. */
export async function* readFile(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ReadStep> {
  const reader = new TraceFileReader();
  let waiting: NewEntry[] = [];
  let read = 0;
  try {
    for await (const bytes of chunks) {
      waiting.push(...reader.push(bytes));
      read += bytes.length;
      if (waiting.length < batch) continue;
      yield { is: 'entries', entries: waiting, read };
      waiting = [];
    }
    waiting.push(...reader.end());
    yield { is: 'entries', entries: waiting, read };
    yield { is: 'done', skipped: reader.skipped };
  } catch (error) {
    if (!(error instanceof UnreadableTrace)) throw error;
    yield { is: 'entries', entries: waiting, read };
    yield { is: 'unreadable', reason: error.reason };
  }
}
