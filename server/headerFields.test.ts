import { describe, expect, it } from 'vitest';
import { quotedWire, tagOf, textOf, valuesOf, wireOf } from './headerFields';

describe('header fields', () => {
  it.each([
    ['<sip:a@b;tag=no>;epid=1;tag=yes', 'yes'],
    ['<sip:a@b>;TAG = yes ;x', 'yes'],
    ['<sip:a@b>;x=";tag=no";tag=yes', 'yes'],
    ['"x;tag=no" <sip:a@b>', ''],
    ['sip:a@b;tag=yes', 'yes'],
    ['<sip:a@b>', ''],
  ])('tag of %j', (value, tag) => {
    expect(tagOf(value)).toBe(tag);
  });

  it('quotes a name so that nothing gets out of it', () => {
    expect(textOf(quotedWire('Anna "A" \\ Ångström\r\nX: 1'))).toBe('"Anna \\"A\\" \\\\ Ångström X: 1"');
  });

  it('holds one byte a character, and gives the text back', () => {
    expect(wireOf('grüße 👋')).toHaveLength(Buffer.byteLength('grüße 👋'));
    expect(textOf(wireOf('grüße 👋'))).toBe('grüße 👋');
  });

  it.each([
    ['', []],
    ['one', ['one']],
    ['"a, b" <sip:a@b;x=1,2>, two', ['"a, b" <sip:a@b;x=1,2>', 'two']],
  ])('RFC 3261 §7.3.1: values of %j', (text, values) => {
    expect(valuesOf(text)).toEqual(values);
  });
});
