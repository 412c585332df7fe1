import type { NewEntry } from './entry';
import { type ExportFormat, TraceFileWriter } from './formats/writeTrace';

/** Down what to write, some entries at a time, each lot after the last was `taken`; up the whole file. */
export type ToWriteWorker =
  | { is: 'begin'; format: ExportFormat; hidesText: boolean; type: string }
  | { is: 'entries'; entries: readonly NewEntry[] }
  | { is: 'end' };
export type FromWriteWorker = { is: 'taken' } | { is: 'file'; file: Blob };

/** So many pieces are put into one: a Blob of a hundred thousand parts is slow. */
const together = 2_000;

let writer: TraceFileWriter | null = null;
let type = '';
let file: BlobPart[] = [];

self.onmessage = ({ data }: MessageEvent<ToWriteWorker>) => {
  const answer = take(data);
  if (answer !== null) self.postMessage(answer);
};

function take(message: ToWriteWorker): FromWriteWorker | null {
  if (message.is === 'begin') {
    writer = new TraceFileWriter(message.format, message.hidesText);
    type = message.type;
    file = [];
    return { is: 'taken' };
  }
  const pieces = (message.is === 'end' ? writer?.end() : writer?.push(message.entries)) ?? [];
  for (let at = 0; at < pieces.length; at += together) file.push(new Blob(pieces.slice(at, at + together)));
  return message.is === 'end' ? { is: 'file', file: new Blob(file, { type }) } : { is: 'taken' };
}
