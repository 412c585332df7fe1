import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64';

describe('RFC 4648 §10: Base64', () => {
  it.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('%j is %j', (text, encoded) => {
    const bytes = new TextEncoder().encode(text);
    expect(encodeBase64(bytes)).toBe(encoded);
    expect(decodeBase64(encoded)).toEqual(bytes);
    expect(decodeBase64(encoded.replace(/=/g, ''))).toEqual(bytes);
  });

  it('carries every byte', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
    expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
  });

  it.each(['A', 'AAAAA', 'Zm9v!', 'Zm9-', 'Zg=x'])('refuses %j', (text) => {
    expect(decodeBase64(text)).toBeNull();
  });
});
