import { describe, expect, it } from 'vitest';
import { BitrateLimit, commonLimit, type LinkReport } from './bitrateLimit';

const bounds = { floor: 250_000, ceiling: 3_000_000, start: 1_500_000 };
const report = (changes: Partial<LinkReport> = {}): LinkReport => ({
  bitrate: 1_400_000,
  loss: 0,
  overuse: null,
  ms: 500,
  ...changes,
});

function limitAfter(...reports: Partial<LinkReport>[]): number {
  const limit = new BitrateLimit(bounds);
  for (const one of reports) limit.report(report(one));
  return limit.value;
}

describe('how much one way can carry', () => {
  it('begins where it is told to, within its bounds', () => {
    expect(limitAfter()).toBe(1_500_000);
    expect(new BitrateLimit({ ...bounds, ceiling: 1_000_000 }).value).toBe(1_000_000);
    expect(new BitrateLimit({ ...bounds, ceiling: 100_000 }).value).toBe(100_000);
  });

  it('grows by fifteen in a hundred each second while nothing is lost', () => {
    expect(limitAfter({}, {})).toBeCloseTo(1_500_000 * 1.15, -1);
    expect(limitAfter({ ms: 1000 })).toBeCloseTo(1_500_000 * 1.15, -1);
    expect(limitAfter({ loss: null, ms: 1000 })).toBeCloseTo(1_500_000 * 1.15, -1);
  });

  it('grows too while a screen stands still: little being sent says nothing about the way', () => {
    expect(limitAfter({ bitrate: 20_000, ms: 1000 })).toBeCloseTo(1_500_000 * 1.15, -1);
  });

  it('stands still with some loss', () => {
    expect(limitAfter({ loss: 0.05 })).toBe(1_500_000);
    expect(limitAfter({ loss: 0.1 })).toBe(1_500_000);
  });

  it('falls with heavy loss, from what was sent', () => {
    expect(limitAfter({ loss: 0.2 })).toBe(1_400_000 * 0.9);
    expect(limitAfter({ loss: 0.5, bitrate: 4_000_000 })).toBe(1_500_000 * 0.75);
  });

  it('falls to what an overfull way carries, and not up to it', () => {
    expect(limitAfter({ overuse: 1_200_000 })).toBe(1_200_000);
    expect(limitAfter({ overuse: 2_500_000 })).toBe(1_500_000);
  });

  it('falls in steps, since a computer that was busy looks like a way that is', () => {
    expect(limitAfter({ overuse: 90_000 })).toBe(1_500_000 * 0.7);
    expect(limitAfter({ loss: 0.5, bitrate: 90_000 })).toBe(1_500_000 * 0.5);
    expect(limitAfter(...Array.from({ length: 5 }, () => ({ overuse: 300_000 })))).toBe(300_000);
  });

  it('never leaves its bounds', () => {
    expect(limitAfter(...Array.from({ length: 50 }, () => ({ loss: 0.9 })))).toBe(250_000);
    expect(limitAfter(...Array.from({ length: 50 }, () => ({ ms: 1000 })))).toBe(3_000_000);
  });
});

describe('what to send when all get the same', () => {
  it.each([
    ['nobody looks', [], 3],
    ['one', [2], 2],
    ['a few: the slowest', [3, 1, 2], 1],
    ['ten: one is left aside', [1, ...Array<number>(9).fill(2)], 2],
    ['nineteen: one', [1, 1, ...Array<number>(17).fill(2)], 1],
    ['more than the limit', [9, 9], 3],
  ])('%s', (_what, limits, expected) => {
    expect(commonLimit(limits, 3)).toBe(expected);
  });
});
