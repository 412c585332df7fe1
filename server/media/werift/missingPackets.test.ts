import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/manualClock';
import { MissingPackets } from './missingPackets';

let clock: ManualClock;
let asked: (readonly number[])[];
let broken: number;
let missing: MissingPackets;
beforeEach(() => {
  clock = new ManualClock();
  asked = [];
  broken = 0;
  missing = new MissingPackets(clock, {
    ask: (lost) => asked.push(lost),
    broken: () => {
      broken += 1;
    },
  });
});

function come(...numbers: number[]): void {
  for (const number of numbers) missing.came(number);
}

describe('packets that are missing (RFC 4585)', () => {
  it('are asked for as soon as a later one comes', () => {
    come(10, 11, 14);
    expect(asked).toEqual([[12, 13]]);
  });

  it.each([
    [
      [65_533, 65_534, 1, 2],
      [65_535, 0],
    ],
    [
      [65_534, 2],
      [65_535, 0, 1],
    ],
  ])('are asked for where the numbers wrap: %j', (numbers, lost) => {
    come(...numbers);
    expect(asked).toEqual([lost]);
  });

  it('are none when packets come late, or twice', () => {
    come(2, 3, 65_535, 3, 4);
    expect(asked).toEqual([]);
  });

  it('are asked for eight times, 60 ms apart, and then no more', () => {
    come(1, 3);
    clock.advance(10_000);
    expect(asked).toEqual(Array.from({ length: 8 }, () => [2]));
  });

  it('are not asked for again when they came', () => {
    come(1, 4);
    come(2);
    clock.advance(60);
    come(3);
    clock.advance(1000);
    expect(asked).toEqual([[2, 3], [3]]);
  });

  it('are given up when too many are missing: then a key frame is due', () => {
    come(1, 300, 301);
    expect([asked, broken]).toEqual([[], 1]);
    for (let number = 303; number < 1000; number += 2) come(number);
    expect(broken).toBe(2);
  });

  it('are forgotten in the end', () => {
    come(1, 3);
    missing.stop();
    clock.advance(1000);
    expect(asked).toEqual([[2]]);
  });
});
