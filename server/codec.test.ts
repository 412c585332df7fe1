import { describe, expect, it } from 'vitest';
import { parseMessage, type SipMessage } from './codec';

const head = [
  'MESSAGE sip:bob@contoso.example SIP/2.0',
  'Via: SIP/2.0/tcp 127.0.0.1:53292',
  'From: <sip:alice@contoso.example>;tag=41c09e;epid=01a7c4d2e9',
  'To: <sip:bob@contoso.example>',
  'Call-ID: im-2f6e9c',
  'CSeq: 2 MESSAGE',
];

function text(lines: readonly string[], body = ''): string {
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

function read(wire: string): SipMessage {
  const parsed = parseMessage(Buffer.from(wire, 'utf8'));
  if (parsed.is === 'damaged') throw new Error(parsed.why);
  return parsed.message;
}

describe('SIP codec', () => {
  it('RFC 3261 §7: reads a request', () => {
    const message = read(text([...head, 'Content-Type: text/plain; charset=UTF-8', 'Content-Length: 9'], 'hello bob'));
    expect(message.method).toBe('MESSAGE');
    expect(message.uri).toBe('sip:bob@contoso.example');
    expect(message.cseq).toBe(2);
    expect(message.contentType).toBe('text/plain');
    expect(message.body).toBe('hello bob');
  });

  it('RFC 3261 §7.2: reads a response, with and without a reason', () => {
    const lines = head.slice(1);
    expect(read(text(['SIP/2.0 480 Temporarily Unavailable', ...lines])).reason).toBe('Temporarily Unavailable');
    expect(read(text(['SIP/2.0 200', ...lines])).status).toBe(200);
  });

  it('RFC 3261 §7.3.3: compact names are the long ones, and are written out long', () => {
    const lines = ['v: SIP/2.0/TCP h', 'f: <sip:a@b>;tag=1', 't: <sip:c@d>', 'i: x', 'CSeq: 1 INFO', 'l: 2', 'c: a/b'];
    const message = read(text(['INFO sip:c@d SIP/2.0', ...lines], 'ok'));
    expect(message.raw('call-id')).toBe('x');
    expect(message.lines).toContain('Content-Length: 2');
    expect(message.contentType).toBe('a/b');
  });

  it('FRM-3: header names in any case, folded lines in one', () => {
    const message = read(text([...head, 'MS-Diagnostics: 1003;', '\treason="User', '  does not exist"']));
    expect(message.header('ms-diagnostics')).toBe('1003; reason="User does not exist"');
  });

  it('FRM-5: a Via without a branch is fine', () => {
    expect(read(text(head)).raw('via')).toBe('SIP/2.0/tcp 127.0.0.1:53292');
  });

  it('RFC 3261 §18.3: Content-Length counts bytes, and what is behind it is left out', () => {
    const message = read(text([...head, 'Content-Length: 7'], 'grüße and more'));
    expect(message.body).toBe('grüße');
    expect(message.rawBody).toHaveLength(7);
  });

  it('keeps UTF-8 in headers', () => {
    const message = read(text([...head, 'Subject: Entwürfe 📝']));
    expect(message.header('Subject')).toBe('Entwürfe 📝');
  });

  it('splits values at commas outside quotes and brackets', () => {
    const message = read(text([...head, 'Contact: "A, B" <sip:a@b;x=1,2>, <sip:c@d>', 'Contact: sip:e@f']));
    expect(message.rawValues('contact')).toEqual(['"A, B" <sip:a@b;x=1,2>', '<sip:c@d>', 'sip:e@f']);
  });
});

/** After RFC 4475: what is damaged, why, and whether enough can be read to answer 400. */
const damaged: [title: string, wire: string | Buffer, why: string, answerable: boolean][] = [
  ['nothing', '', 'no SIP start line', false],
  ['not SIP', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'no SIP start line', false],
  ['another version', text(['MESSAGE sip:b@c SIP/7.0', ...head.slice(1)]), 'another version of SIP', true],
  [
    'blanks in the Request-URI',
    text(['MESSAGE sip:b@c; lr SIP/2.0', ...head.slice(1)]),
    'a start line that is not right',
    true,
  ],
  [
    'two blanks in the start line',
    text(['MESSAGE  sip:b@c SIP/2.0', ...head.slice(1)]),
    'a start line that is not right',
    true,
  ],
  ['a method that is no token', text(['<GO> sip:b@c SIP/2.0', ...head.slice(1)]), 'no SIP start line', false],
  ['a status beyond 699', text(['SIP/2.0 4294967301 better not', ...head.slice(1)]), 'no SIP start line', false],
  ['no empty line', head.join('\r\n'), 'no empty line after the headers', true],
  ['only a start line', 'MESSAGE sip:b@c SIP/2.0', 'no empty line after the headers', true],
  ['no headers', 'MESSAGE sip:b@c SIP/2.0\r\n\r\n', 'no via header', true],
  ['a line without colon', text([...head, 'what is this']), 'a line that is no header', true],
  ['a name with a blank in it', text([...head, 'My Header: 1']), 'a line that is no header', true],
  [
    'a fold before any header',
    text([head[0] ?? '', ' folded', ...head.slice(1)]),
    'a folded line before the first header',
    true,
  ],
  ['a bare line feed in a header', text([...head, 'Subject: a\nX: b']), 'a control character in a header', true],
  ['a bare carriage return', text([...head, 'Subject: a\rb']), 'a control character in a header', true],
  ['a NUL in a header', text([...head, 'Subject: a\0b']), 'a control character in a header', true],
  ['no From', text(head.filter((line) => !line.startsWith('From'))), 'no from header', true],
  ['two From', text([...head, 'From: <sip:mallory@contoso.example>;tag=1']), 'two from headers', true],
  ['a long and a compact Call-ID', text([...head, 'i: other']), 'two call-id headers', true],
  ['two Content-Length', text([...head, 'Content-Length: 1', 'l: 2'], 'ab'), 'two content-length headers', true],
  [
    'an empty Call-ID',
    text(head.map((line) => (line.startsWith('Call-ID') ? 'Call-ID:' : line))),
    'an empty Call-ID',
    true,
  ],
  ['a CSeq of another method', text([...head.slice(0, 5), 'CSeq: 2 INVITE']), 'a CSeq of another method', true],
  ['a CSeq of 2^31', text([...head.slice(0, 5), 'CSeq: 2147483648 MESSAGE']), 'a CSeq that cannot be read', true],
  ['a CSeq without method', text([...head.slice(0, 5), 'CSeq: 2']), 'a CSeq that cannot be read', true],
  ['a negative Content-Length', text([...head, 'Content-Length: -1']), 'a Content-Length that is no number', true],
  [
    'a Content-Length beyond the body',
    text([...head, 'Content-Length: 10'], 'short'),
    'the body is shorter than Content-Length',
    true,
  ],
  ['a Max-Forwards in words', text([...head, 'Max-Forwards: many']), 'a Max-Forwards that is no number', true],
  [
    '300 headers',
    text([...head, ...Array.from({ length: 300 }, (_, n) => `X-${n}: 1`)]),
    'too many header lines',
    true,
  ],
  ['bytes that are no UTF-8', Buffer.concat([Buffer.from(text(head)), Buffer.from([0xc3, 0x28])]), 'not UTF-8', true],
];

describe('SIP codec, damaged input', () => {
  it.each(damaged)('%s', (_, wire, why, answerable) => {
    const parsed = parseMessage(Buffer.isBuffer(wire) ? wire : Buffer.from(wire, 'utf8'));
    if (parsed.is !== 'damaged') throw new Error('it was read');
    expect(parsed.why).toBe(why);
    expect(parsed.answerable !== null).toBe(answerable);
  });

  it('never throws on a valid message cut or changed anywhere', () => {
    const whole = Buffer.from(text([...head, 'Content-Length: 9'], 'hello bob'));
    for (let at = 0; at < whole.length; at += 1) {
      parseMessage(whole.subarray(0, at));
      for (const byte of [0, 10, 13, 32, 34, 58, 60, 255]) {
        const changed = Buffer.from(whole);
        changed[at] = byte;
        parseMessage(changed);
      }
    }
  });
});
