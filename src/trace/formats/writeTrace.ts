import { hideText } from '../../protocol/sip/hideText';
import type { NewEntry } from '../entry';
import { formatJsonEntry, jsonHead, jsonTail } from './jsonTrace';
import { PcapngWriter } from './pcapng';
import { formatSnooperRecord } from './snooperText';

export type ExportFormat = 'snooper' | 'pcapng' | 'json';

/** A trace as the bytes of a file, in pieces; `hidesText` replaces what people say. */
export function* writeTrace(
  entries: Iterable<NewEntry>,
  format: ExportFormat,
  hidesText: boolean,
): Generator<Uint8Array<ArrayBuffer>> {
  const wanted = hidesText ? hidden(entries) : entries;
  if (format === 'pcapng') return yield* writePcapng(wanted);
  const encoder = new TextEncoder();
  for (const text of format === 'snooper' ? writeSnooper(wanted) : writeJson(wanted)) yield encoder.encode(text);
}

function* hidden(entries: Iterable<NewEntry>): Generator<NewEntry> {
  for (const entry of entries) yield entry.kind === 'sip' ? { ...entry, text: hideText(entry.text) } : entry;
}

function* writePcapng(entries: Iterable<NewEntry>): Generator<Uint8Array<ArrayBuffer>> {
  const writer = new PcapngWriter();
  yield new Uint8Array(writer.begin());
  for (const entry of entries) yield new Uint8Array(writer.entry(entry));
}

function* writeSnooper(entries: Iterable<NewEntry>): Generator<string> {
  let count = 1;
  for (const entry of entries) {
    const record = formatSnooperRecord(entry, count);
    if (record === '') continue;
    yield record;
    count += 1;
  }
}

function* writeJson(entries: Iterable<NewEntry>): Generator<string> {
  yield jsonHead;
  let separator = '';
  for (const entry of entries) {
    yield separator + formatJsonEntry(entry);
    separator = ',\n';
  }
  yield jsonTail;
}
