import { describe, expect, it } from 'vitest';
import { type Framed, StreamFramer } from './framing';

const message = (body: string): string =>
  `MESSAGE sip:b@c SIP/2.0\r\nVia: SIP/2.0/tcp h\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

function feed(text: string, size = text.length): Framed[] {
  const framer = new StreamFramer();
  const bytes = Buffer.from(text, 'utf8');
  const found: Framed[] = [];
  for (let at = 0; at < bytes.length; at += size) found.push(...framer.push(bytes.subarray(at, at + size)));
  return found;
}

const kinds = (found: Framed[]): string[] => found.map(({ is }) => is);

describe('stream framing', () => {
  it.each([1, 2, 3, 7, 50, 100_000])('FRM-1: cuts messages however the bytes come, %i at a time', (size) => {
    const found = feed(message('eins ä') + message('') + message('drei'), size);
    const bodies = found.map((framed) =>
      'bytes' in framed ? framed.bytes.toString('utf8').split('\r\n\r\n')[1] : '?',
    );
    expect(bodies).toEqual(['eins ä', '', 'drei']);
  });

  it.each([1, 3, 100])(
    'FRM-2, RFC 5626 §4.4.1: line ends between messages are noise, two are a ping (%i at a time)',
    (size) => {
      expect(kinds(feed(`\r\n${message('a')}\r\n\r\n${message('b')}\r\n\r\n\r\n`, size))).toEqual([
        'message',
        'ping',
        'message',
        'ping',
      ]);
    },
  );

  it('skips the body of a message over 1 MB and goes on behind it', () => {
    const found = feed(message('x'.repeat(1024 * 1024)) + message('next'), 65_536);
    expect(kinds(found)).toEqual(['oversized', 'message']);
  });

  it('is lost when 64 KB hold no end of the headers', () => {
    expect(kinds(feed(`MESSAGE sip:b@c SIP/2.0\r\nX: ${'x'.repeat(70_000)}`, 4096))).toEqual(['lost']);
  });

  it.each([
    ['two different lengths', 'Content-Length: 1\r\nl: 2'],
    ['a length that is no number', 'Content-Length: one'],
    ['a length beyond reason', 'Content-Length: 9999999999'],
  ])('is lost with %s, and takes nothing behind it for a message', (_, lines) => {
    expect(kinds(feed(`MESSAGE sip:b@c SIP/2.0\r\n${lines}\r\n\r\n${message('smuggled')}`))).toEqual(['lost']);
  });

  it('FRM-1: without a length there is no body', () => {
    expect(kinds(feed(`OPTIONS sip:c SIP/2.0\r\nVia: x\r\n\r\n${message('a')}`))).toEqual(['message', 'message']);
  });
});
