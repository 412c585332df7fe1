import type { NewEntry } from '../../trace/entry';
import { type ExportFormat, writeTrace } from '../../trace/formats/writeTrace';

/** The page breathes after so much work. */
const turnMs = 12;

export interface Writing {
  entries: readonly NewEntry[];
  format: ExportFormat;
  hidesText: boolean;
  /** From 0 to 1. */
  onProgress(part: number): void;
  /** Aborted when one has thought better of it. */
  signal: AbortSignal;
}

/** A trace as a file, made in turns so that the page stays quick; `null` when it was cancelled. */
export async function writeFile({ entries, format, hidesText, onProgress, signal }: Writing): Promise<Blob | null> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let began = performance.now();
  for (const piece of writeTrace(entries, format, hidesText)) {
    pieces.push(piece);
    if (performance.now() - began < turnMs) continue;
    // Nearly: entries that a format leaves out make no piece.
    onProgress(Math.min(1, pieces.length / entries.length));
    await new Promise((resolve) => setTimeout(resolve));
    if (signal.aborted) return null;
    began = performance.now();
  }
  return new Blob(pieces, { type: types[format] });
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
