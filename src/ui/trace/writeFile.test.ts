import { expect, it } from 'vitest';
import type { NewEntry } from '../../trace/entry';
import { writeTrace } from '../../trace/formats/writeTrace';
import { fileName, writeFile } from './writeFile';

const entries: NewEntry[] = Array.from({ length: 20_000 }, (_, at) => ({
  at,
  direction: 'out',
  kind: 'sip',
  url: 'wss://fe1.contoso.example/sip',
  text: `OPTIONS sip:contoso.example SIP/2.0\r\nCall-ID: c${at}\r\nCSeq: 1 OPTIONS\r\n\r\n`,
}));

it('writes the very bytes of the format, in turns, and tells how far it is', async () => {
  const parts: number[] = [];
  const { signal } = new AbortController();
  const file = await writeFile({
    entries,
    format: 'json',
    hidesText: false,
    onProgress: (part) => parts.push(part),
    signal,
  });
  const whole = new Blob([...writeTrace(entries, 'json', false)]);
  expect((await file?.text()) === (await whole.text())).toBe(true);
  expect(parts.length).toBeGreaterThan(0);
  expect(parts).toEqual(parts.toSorted((a, b) => a - b));
});

it('stops when it is cancelled', async () => {
  const abort = new AbortController();
  const writing = { entries, format: 'pcapng', hidesText: true, signal: abort.signal } as const;
  expect(await writeFile({ ...writing, onProgress: () => abort.abort() })).toBeNull();
});

it('names the file by day and minute', () => {
  expect(fileName('pcapng', new Date(2026, 0, 5, 9, 7))).toBe('confab-trace-2026-01-05-0907.pcapng');
});
