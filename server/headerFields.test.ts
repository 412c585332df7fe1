import { describe, expect, it } from 'vitest';
import { nameAddressOf, paramOf, quoted, tagOf, textOf } from './headerFields';

describe('header fields', () => {
  it.each([
    ['"Alice, <A>" <sip:a@b;x=y>;tag=1', { display: '"Alice, <A>"', uri: 'sip:a@b;x=y', params: ';tag=1' }],
    ['"Quote \\" <x>" <sip:a@b>', { display: '"Quote \\" <x>"', uri: 'sip:a@b', params: '' }],
    ['sip:a@b;tag=1', { display: '', uri: 'sip:a@b', params: ';tag=1' }],
    ['Alice <sip:a@b>', { display: 'Alice', uri: 'sip:a@b', params: '' }],
    ['<>', null],
    ['', null],
    ['<sip:a@b', null],
    ['"open <sip:a@b>', null],
    ['two words', null],
  ])('RFC 3261 §20.10: name-addr %j', (value, expected) => {
    expect(nameAddressOf(value)).toEqual(expected);
  });

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

  it('reads parameters in any case, quoted or not, with and without value', () => {
    const params = ';proxy=replace;+SIP.instance="<urn:uuid:1;2>";flag';
    expect(paramOf(params, '+sip.instance')).toBe('<urn:uuid:1;2>');
    expect(paramOf(params, 'flag')).toBe('');
    expect(paramOf(params, 'absent')).toBeUndefined();
  });

  it('quotes a name so that nothing gets out of it', () => {
    expect(textOf(quoted('Anna "A" \\ Ångström\r\nX: 1'))).toBe('"Anna \\"A\\" \\\\ Ångström  X: 1"');
  });
});
