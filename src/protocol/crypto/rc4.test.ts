import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes';
import { rc4 } from './rc4';

const of = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array();

describe('RC4', () => {
  it.each([
    ['0102030405', 'b2396305f03dc027ccc3524a0a1118a8'],
    ['01020304050607', '293f02d47f37c9b633f2af5285feb46b'],
    ['0102030405060708090a0b0c0d0e0f10', '9ac7cc9a609d1ef7b2932899cde41b97'],
  ])('RFC 6229 §2: the first bytes of key %s', (key, stream) => {
    expect(toHex(rc4(of(key), new Uint8Array(16)))).toBe(stream);
  });

  it('gives the input back when applied twice', () => {
    const input = of('00ff10ef');
    expect(rc4(of('aabb'), rc4(of('aabb'), input))).toEqual(input);
  });

  it('refuses a key without bytes', () => {
    expect(() => rc4(new Uint8Array(), of('00'))).toThrow(RangeError);
  });
});
