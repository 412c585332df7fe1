import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, sameBytes, toHex } from './bytes';

describe('bytes', () => {
  it('are written and read in hexadecimal', () => {
    expect(toHex(Uint8Array.of(0, 10, 255))).toBe('000aff');
    expect(fromHex('000AfF')).toEqual(Uint8Array.of(0, 10, 255));
  });

  it.each(['0', 'zz', '0x00', '00 00', '00\n'])('%j is no hexadecimal', (text) => {
    expect(fromHex(text)).toBeNull();
  });

  it('are joined and compared', () => {
    expect(concatBytes(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3));
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
  });
});
