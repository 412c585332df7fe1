import { describe, expect, it } from 'vitest';
import { firstShown, runsOf } from './runs';

const items = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('runs of a transcript', () => {
  it('hold every shown item once, in order', () => {
    for (const [count, size, origin] of [
      [0, 120, 0],
      [1, 120, 0],
      [55, 120, 7],
      [345, 120, 33],
    ] as const) {
      const first = firstShown(count, size, origin);
      const shown = runsOf(items(count), first, origin).flatMap(({ start, end }) => items(count).slice(start, end));
      expect(shown).toEqual(items(count).slice(first));
      expect(shown.length).toBeGreaterThanOrEqual(Math.min(count, size));
    }
  });

  it('keep their borders when a message comes, and when older ones are loaded', () => {
    const before = runsOf(items(50), 0, 0);
    expect(runsOf(items(51), 0, 0).slice(0, 2)).toEqual(before.slice(0, 2));
    const withOlder = runsOf(items(50 + 33), 33, 33);
    expect(withOlder.map(({ number, start, end }) => ({ number, start: start - 33, end: end - 33 }))).toEqual(before);
  });

  it('let most new messages push nothing out at the top', () => {
    const firsts = items(100).map((extra) => firstShown(200 + extra, 120, 0));
    expect(new Set(firsts).size).toBe(5);
  });
});
