import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import { formatMultipart, mediaType, parseBody } from './multipart';

const bodies = (contentType: string, text: string) => parseBody(contentType, text).map(({ body }) => body);

describe('RFC 2046 §5.1: multipart bodies', () => {
  it('reads a notification of a list', () => {
    const text = [
      'preamble',
      '--b1',
      'Content-Transfer-Encoding: binary',
      'Content-ID: <nLpN@contoso.example>',
      'CONTENT-TYPE: application/rlmi+xml; charset="UTF-8"',
      '',
      '<list/>',
      '--b1  ',
      'Content-Type: application/',
      ' pidf+xml',
      '',
      '<presence/>',
      '--b1--',
      'epilogue',
    ].join('\r\n');
    const [first, second, ...rest] = parseBody('Multipart/Related; type="application/rlmi+xml"; boundary="b1"', text);
    expect(first).toMatchObject({ contentType: 'application/rlmi+xml', body: '<list/>' });
    expect(first?.headers.get('content-id')).toBe('<nLpN@contoso.example>');
    expect(second).toMatchObject({ contentType: 'application/ pidf+xml', body: '<presence/>' });
    expect(rest).toEqual([]);
  });

  it('PRS-2, PRS-3: the boundary is the last parameter, and an empty line ends each part', () => {
    const parts = [
      { headers: [['Content-Type', 'application/rlmi+xml']] as const, body: '<list/>' },
      { headers: [['Content-Type', 'text/plain']] as const, body: 'grüße 😀' },
    ];
    const written = formatMultipart('multipart/related;type="application/rlmi+xml"', parts, 'b1');
    expect(written.contentType).toBe('multipart/related;type="application/rlmi+xml";boundary=b1');
    expect(written.body).toContain('<list/>\r\n\r\n--b1\r\n');
    expect(written.body.endsWith('grüße 😀\r\n\r\n--b1--\r\n')).toBe(true);
    expect(parseBody(written.contentType, written.body).map(({ contentType, body }) => [contentType, body])).toEqual([
      ['application/rlmi+xml', '<list/>\r\n'],
      ['text/plain', 'grüße 😀\r\n'],
    ]);
  });

  it('quotes a boundary that is no token', () => {
    const written = formatMultipart('multipart/mixed', [{ headers: [['A', 'b']], body: 'x' }], 'a=b(c)');
    expect(written.contentType).toBe('multipart/mixed;boundary="a=b(c)"');
    expect(bodies(written.contentType, written.body)).toEqual(['x\r\n']);
  });

  it('keeps a line that only begins like the delimiter', () => {
    expect(bodies('multipart/mixed;boundary=b', '--b\r\n\r\none\r\n--bc\r\ntwo\r\n--b--')).toEqual([
      'one\r\n--bc\r\ntwo',
    ]);
  });

  it('takes any other body as one part, and none as none', () => {
    expect(parseBody('text/plain; charset=UTF-8', 'hello')).toEqual([
      { contentType: 'text/plain', headers: new Map([['content-type', 'text/plain; charset=UTF-8']]), body: 'hello' },
    ]);
    expect(parseBody('text/plain', '')).toEqual([]);
  });

  it.each([
    ['a part without headers', '--b\r\n\r\nx\r\n--b--', ['x']],
    ['a part that is cut short', '--b\r\nContent-Type: text/plain\r\n\r\nx', ['x']],
    ['a part without an empty line', '--b\r\nx\r\n--b--', ['x']],
    ['no closing delimiter', '--b\r\n\r\nx\r\n--b\r\n\r\ny', ['x', 'y']],
    ['an empty list of parts', '--b--', []],
  ])('reads %s', (_what, text, expected) => {
    expect(bodies('multipart/mixed;boundary=b', text)).toEqual(expected);
  });

  it.each([
    ['no boundary parameter', 'multipart/related', '--b\r\n\r\nx\r\n--b--'],
    ['an empty boundary', 'multipart/related;boundary=""', '--\r\n\r\nx'],
    ['a boundary that does not occur', 'multipart/related;boundary=c', '--b\r\n\r\nx\r\n--b--'],
    ['an empty body', 'multipart/related;boundary=b', ''],
    ['too many parts', 'multipart/related;boundary=b', '\r\n--b'.repeat(2_001)],
  ])('refuses %s', (_what, contentType, text) => {
    expect(() => parseBody(contentType, text)).toThrow(MalformedBody);
  });

  it('names a media type without its parameters', () => {
    expect(mediaType('Text/Plain; charset=UTF-8')).toBe('text/plain');
    expect(mediaType('')).toBe('');
  });
});
