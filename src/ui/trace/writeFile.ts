import type { NewEntry } from '../../trace/entry';
import type { ExportFormat } from '../../trace/formats/writeTrace';
import type { FromWriteWorker, ToWriteWorker } from '../../trace/writeWorker';

/** Handed to the worker at once: copying more would hold up the page. */
const most = { entries: 1_000, characters: 2_000_000 };

export interface Writing {
  entries: readonly NewEntry[];
  format: ExportFormat;
  hidesText: boolean;
  /** From 0 to 1. */
  onProgress(part: number): void;
  /** Aborted when one has thought better of it. */
  signal: AbortSignal;
}

/** A trace as a file, made in a worker; `null` when it was cancelled. */
export function writeFile({ entries, format, hidesText, onProgress, signal }: Writing): Promise<Blob | null> {
  const worker = new Worker(new URL('../../trace/writeWorker.ts', import.meta.url), { type: 'module' });
  const ask = (message: ToWriteWorker): void => worker.postMessage(message);
  return new Promise<Blob | null>((resolve, reject) => {
    let at = 0;
    signal.addEventListener('abort', () => resolve(null));
    worker.onerror = () => reject(new Error('the trace could not be written'));
    worker.onmessage = ({ data }: MessageEvent<FromWriteWorker>) => {
      if (data.is === 'file') return resolve(data.file);
      onProgress(entries.length === 0 ? 1 : at / entries.length);
      const lot = lotFrom(entries, at);
      at += lot.length;
      ask(lot.length === 0 ? { is: 'end' } : { is: 'entries', entries: lot });
    };
    ask({ is: 'begin', format, hidesText, type: types[format] });
  }).finally(() => worker.terminate());
}

/** What is handed over next; at least one while there is any. */
export function lotFrom(entries: readonly NewEntry[], start: number): NewEntry[] {
  let [end, characters] = [start, 0];
  while (end < entries.length && end - start < most.entries && characters < most.characters) {
    characters += entries[end]?.text.length ?? 0;
    end += 1;
  }
  return entries.slice(start, end);
}

const types: Readonly<Record<ExportFormat, string>> = {
  snooper: 'text/plain;charset=utf-8',
  pcapng: 'application/vnd.tcpdump.pcap',
  json: 'application/json',
};

export const extensions: Readonly<Record<ExportFormat, string>> = { snooper: '.txt', pcapng: '.pcapng', json: '.json' };

/** `confab-trace-2026-11-25-2341.txt`, in the time of this place. */
export function fileName(format: ExportFormat, now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  return `confab-trace-${day}-${two(now.getHours())}${two(now.getMinutes())}${extensions[format]}`;
}
