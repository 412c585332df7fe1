import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes';
import { hmacMd5, md5 } from './md5';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('MD5', () => {
  it.each([
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['a', '0cc175b9c0f1b6a831c399e269772661'],
    ['abc', '900150983cd24fb0d6963f7d28e17f72'],
    ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
    ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'd174ab98d277d9f5a5611c2c9f419d9f'],
    ['1234567890'.repeat(8), '57edf4a22be3c955ac49da2e2107b67a'],
  ])('RFC 1321 A.5: %j', (text, digest) => {
    expect(toHex(md5(bytes(text)))).toBe(digest);
  });

  it("agrees with Node's at every length", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (input) => {
        expect(toHex(md5(input))).toBe(createHash('md5').update(input).digest('hex'));
      }),
    );
  });
});

describe('HMAC-MD5', () => {
  it.each([
    ['0b'.repeat(16), bytes('Hi There'), '9294727a3638bb1c13f48ef8158bfc9d'],
    [toHex(bytes('Jefe')), bytes('what do ya want for nothing?'), '750c783e6ab0b503eaa86e310a5db738'],
    ['aa'.repeat(16), new Uint8Array(50).fill(0xdd), '56be34521d144c88dbb8c733f0e8b3f6'],
    [
      'aa'.repeat(80),
      bytes('Test Using Larger Than Block-Size Key - Hash Key First'),
      '6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd',
    ],
  ])('RFC 2202 §2: key %s', (key, input, digest) => {
    expect(toHex(hmacMd5(fromHex(key) ?? new Uint8Array(), input))).toBe(digest);
  });
});
