import { describe, expect, it } from 'vitest';
import { ReplayWindow } from './replayWindow';

const window = (...taken: number[]): ReplayWindow => {
  const made = new ReplayWindow();
  for (const number of taken) expect(made.take(String(number))).toBe(true);
  return made;
};

describe('[MS-SIP] 3.1.5.1: replayed messages', () => {
  it('takes a number once, in any order', () => {
    const seen = window(1, 3, 2);
    for (const number of ['1', '2', '3', '03']) expect(seen.take(number)).toBe(false);
    expect(seen.take('4')).toBe(true);
  });

  it('takes what is up to 255 behind, and nothing older', () => {
    const seen = window(1000);
    expect(seen.take('745')).toBe(true);
    expect(seen.take('744')).toBe(false);
    expect(seen.take('1')).toBe(false);
  });

  it('knows what it took after thousands more', () => {
    const seen = window(...Array.from({ length: 5000 }, (_, index) => index + 1));
    for (let number = 1; number <= 5000; number += 7) expect(seen.take(String(number))).toBe(false);
    expect(seen.take('5001')).toBe(true);
  });

  it.each(['', '-1', '1.5', '0x1', '4294967296', 'one', ' 1'])('%j is no number', (num) => {
    expect(window().take(num)).toBe(false);
  });
});
