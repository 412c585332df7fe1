import { describe, expect, it } from 'vitest';
import { gradeOf } from './grade';
import type { Quality } from './quality';

const unknown: Quality = {
  direction: 'in',
  bitrate: null,
  framesPerSecond: null,
  width: null,
  height: null,
  loss: null,
  roundTripMs: null,
  delayMs: null,
  path: null,
};
const fine: Quality = { ...unknown, loss: 0, roundTripMs: 40, delayMs: 120 };

describe('the grade of a shared picture', () => {
  it.each([
    [fine, 'good'],
    [{ ...fine, loss: 0.03 }, 'fair'],
    [{ ...fine, roundTripMs: 300 }, 'fair'],
    [{ ...fine, delayMs: 2_000 }, 'poor'],
    [{ ...fine, loss: 0.1, roundTripMs: 300 }, 'poor'],
    [{ ...unknown, framesPerSecond: 0, roundTripMs: 40 }, 'good'],
    [unknown, null],
  ] as const)('%o is %s', (quality, grade) => {
    expect(gradeOf(quality)).toBe(grade);
  });
});
