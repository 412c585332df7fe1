import { expect, it } from 'vitest';
import type { NewEntry } from '../../trace/entry';
import { fileName, lotFrom } from './writeFile';

const entryOf = (length: number, at: number): NewEntry => {
  return { at, direction: 'out', kind: 'ui', url: '', text: 'x'.repeat(length) };
};

it('is handed over in lots that copy quickly, whole and in order', () => {
  const entries = [
    ...Array.from({ length: 2_500 }, (_, at) => entryOf(10, at)),
    entryOf(3_000_000, 2_500),
    entryOf(1, 2_501),
  ];
  const lots: number[] = [];
  const all: NewEntry[] = [];
  for (let lot = lotFrom(entries, 0); lot.length > 0; lot = lotFrom(entries, all.length)) {
    lots.push(lot.length);
    all.push(...lot);
  }
  expect(lots).toEqual([1_000, 1_000, 501, 1]);
  expect(all.map(({ at }) => at)).toEqual(entries.map(({ at }) => at));
});

it('names the file by day and minute', () => {
  expect(fileName('pcapng', new Date(2026, 0, 5, 9, 7))).toBe('confab-trace-2026-01-05-0907.pcapng');
});
