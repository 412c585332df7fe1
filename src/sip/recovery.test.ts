import { describe, expect, it } from 'vitest';
import { reconnectDelayMs } from './recovery';

describe('waiting before the next connection', () => {
  it.each([
    [0, 1_000, 2_000],
    [1, 1_500, 3_000],
    [2, 2_000, 4_000],
    [3, 2_000, 4_000],
    [1_000, 2_000, 4_000],
  ])('after %i failures between %i and %i ms, by chance', (attempts, least, most) => {
    expect(reconnectDelayMs(attempts, 0)).toBe(least);
    expect(reconnectDelayMs(attempts, 1)).toBe(most);
    expect(reconnectDelayMs(attempts, 0.5)).toBe((least + most) / 2);
  });
});
