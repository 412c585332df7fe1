import { describe, expect, it } from 'vitest';
import {
  formatDiagnostics,
  formatNameAddr,
  hasToken,
  parseDiagnostics,
  parseNameAddr,
  parseParams,
  parseReason,
  parseSeconds,
  parseSubscriptionState,
  parseValue,
  parseWarning,
  quote,
  splitCommas,
} from './headers';

const params = (entries: Record<string, string>) => new Map(Object.entries(entries));

describe('addresses (RFC 3261 §20.10)', () => {
  it.each([
    [
      '"Alice A" <sip:alice@contoso.example>;tag=41c09e;epid=01a7c4d2e9',
      {
        displayName: 'Alice A',
        uri: 'sip:alice@contoso.example',
        params: params({ tag: '41c09e', epid: '01a7c4d2e9' }),
      },
    ],
    [
      '<sip:alice@contoso.example;opaque=user:epid:k9-_Y6;gruu>;expires=7200;+sip.instance="<urn:uuid:1>"',
      {
        displayName: '',
        uri: 'sip:alice@contoso.example;opaque=user:epid:k9-_Y6;gruu',
        params: params({ expires: '7200', '+sip.instance': '<urn:uuid:1>' }),
      },
    ],
    [
      'sip:alice@contoso.example;tag=1',
      { displayName: '', uri: 'sip:alice@contoso.example', params: params({ tag: '1' }) },
    ],
    ['Alice <sip:a@b.example>', { displayName: 'Alice', uri: 'sip:a@b.example', params: params({}) }],
    [
      '"a \\"b\\" <c>; d" <sip:a@b.example>',
      { displayName: 'a "b" <c>; d', uri: 'sip:a@b.example', params: params({}) },
    ],
    ['<sip:a@b.example>;isfocus', { displayName: '', uri: 'sip:a@b.example', params: params({ isfocus: '' }) }],
    ['<tel:+31205550101>', { displayName: '', uri: 'tel:+31205550101', params: params({}) }],
  ])('reads %s', (text, expected) => {
    expect(parseNameAddr(text)).toEqual(expected);
  });

  it.each(['', ' ', '"Alice"', '<', '<>', '< >', '<sip:a@b.example', 'alice', ';tag=1', '"<sip:a@b.example>"', '1:2'])(
    'finds no address in %j',
    (text) => {
      expect(parseNameAddr(text)).toBeNull();
    },
  );

  it.each([
    { displayName: 'Alice "the A" \\ ', uri: 'sip:a@b.example', params: params({ tag: '1', isfocus: '' }) },
    { displayName: '', uri: 'sip:a@b.example;gruu', params: params({}) },
  ])('writes and reads again %j', (address) => {
    expect(parseNameAddr(formatNameAddr(address))).toEqual(address);
  });

  it('lets no line end out of a display name', () => {
    expect(formatNameAddr({ displayName: 'a\r\nVia: x', uri: 'sip:a@b.example' })).toBe('"a Via: x" <sip:a@b.example>');
    expect(quote('a\nb')).toBe('"a b"');
  });
});

describe('lists and parameters', () => {
  it.each([
    ['a, b,c', ['a', 'b', 'c']],
    ['"a, b" <sip:x@y;p=1,2>, <sip:z@y>', ['"a, b" <sip:x@y;p=1,2>', '<sip:z@y>']],
    ['"a\\", b", c', ['"a\\", b"', 'c']],
    ['"never closed, b', ['"never closed, b']],
    [' , ,', []],
    ['', []],
  ])('splits %j at its commas', (text, expected) => {
    expect(splitCommas(text)).toEqual(expected);
  });

  it.each([
    ['a=1; B = "x;y=z" ;c;;=d', { a: '1', b: 'x;y=z', c: '', '': 'd' }],
    ['a=b=c==', { a: 'b=c==' }],
    ['', {}],
  ])('reads the parameters of %j', (text, expected) => {
    expect(parseParams(text)).toEqual(params(expected));
  });

  it('reads a value with parameters', () => {
    expect(parseValue('text/plain; charset=UTF-8;msgr=WAAt==')).toEqual({
      value: 'text/plain',
      params: params({ charset: 'UTF-8', msgr: 'WAAt==' }),
    });
    expect(parseValue('')).toEqual({ value: '', params: params({}) });
  });

  it('REG-6: finds a token on one line of many and among many on a line', () => {
    const lines = ['gruu-10, adhoclist', 'msrtc-event-categories'];
    expect(hasToken(lines, 'Adhoclist')).toBe(true);
    expect(hasToken(lines, 'msrtc-event-categories')).toBe(true);
    expect(hasToken(lines, 'gruu')).toBe(false);
    expect(hasToken([], 'gruu')).toBe(false);
  });
});

describe('[MS-OCER] diagnostics', () => {
  it.each([
    { id: 4005, reason: 'Destination URI "either" not enabled; or not there', source: 'fe1.contoso.example' },
    { id: 4141, reason: 'User disabled' },
  ])('writes and reads again %j', (diagnostics) => {
    expect(parseDiagnostics(formatDiagnostics(diagnostics))).toEqual(diagnostics);
  });

  it('reads them in any order, with a subcode and other parameters', () => {
    expect(parseDiagnostics('1003.2;source="fe1";x="1";reason="User does not exist"')).toEqual({
      id: 1003,
      reason: 'User does not exist',
      source: 'fe1',
    });
    expect(parseDiagnostics('52031')).toEqual({ id: 52031, reason: '' });
  });

  it.each(['', 'reason="x"', ';reason="x"', 'abc;reason="x"'])('finds none in %j', (text) => {
    expect(parseDiagnostics(text)).toBeNull();
  });

  it.each([
    ['309 lcs.microsoft.com "Message contents not allowed by policy"', 309],
    ['399 a.example "quoted \\" and, comma"', 399],
  ])('RFC 3261 §20.43: reads the warning %s', (text, code) => {
    expect(parseWarning(text)?.code).toBe(code);
  });

  it.each(['', '309', '309 lcs.microsoft.com', '309 a "open', '30 a "x"', 'x a "y"'])(
    'finds no warning in %j',
    (text) => {
      expect(parseWarning(text)).toBeNull();
    },
  );
});

describe('Reason, Subscription-State, seconds', () => {
  it('MPO-2: reads why an INVITE was cancelled', () => {
    const text = 'SIP;cause=200;text="Call completed elsewhere";ms-acceptedby="sip:bob@contoso.example"';
    expect(parseReason(text)).toEqual({ protocol: 'SIP', cause: 200, text: 'Call completed elsewhere' });
    expect(parseReason('')).toEqual({ protocol: '', cause: null, text: '' });
    expect(parseReason('Q.850;cause=x')).toEqual({ protocol: 'Q.850', cause: null, text: '' });
  });

  it.each([
    ['active;expires=3600', { state: 'active', expiresSeconds: 3600, reason: null, retryAfterSeconds: null }],
    [
      'Terminated;reason=Probation;retry-after=10',
      { state: 'terminated', expiresSeconds: null, reason: 'probation', retryAfterSeconds: 10 },
    ],
    ['terminated;expires=0', { state: 'terminated', expiresSeconds: 0, reason: null, retryAfterSeconds: null }],
    ['active;expires=soon', { state: 'active', expiresSeconds: null, reason: null, retryAfterSeconds: null }],
    ['', { state: '', expiresSeconds: null, reason: null, retryAfterSeconds: null }],
  ])('RFC 6665 §8.4: reads %j', (text, expected) => {
    expect(parseSubscriptionState(text)).toEqual(expected);
  });

  it.each([
    ['120', 120],
    [' 120 (busy)', 120],
    ['120;duration=3600', 120],
    ['0', 0],
    ['-5', null],
    ['99999999999999', null],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('reads the seconds of %j', (text, expected) => {
    expect(parseSeconds(text)).toBe(expected);
  });
});
