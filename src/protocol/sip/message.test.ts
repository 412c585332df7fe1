import { describe, expect, it } from 'vitest';
import { formatMessage, headerOf, headersOf, methodOf, parseMessage } from './message';

const request = [
  'MESSAGE sip:bob@contoso.example SIP/2.0',
  'v: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks',
  'f: "Alice A" <sip:alice@contoso.example>;tag=41c09e;epid=01a7c4d2e9',
  't: <sip:bob@contoso.example>;tag=9b21',
  'i: im-2f6e9c',
  'CSEQ: 2 MESSAGE',
  'Supported: ms-sender',
  'supported: ms-conf-invite',
  'Subject: Draft',
  '  of the year',
  'c: text/plain; charset=UTF-8',
  'l: 9',
  '',
  'hello bob',
].join('\r\n');

describe('RFC 3261 §7: a SIP message as text', () => {
  it('reads a request with compact names, folding and repeated headers', () => {
    const message = parseMessage(request);
    if (message === null) throw new Error('not read');
    expect(message).toMatchObject({ method: 'MESSAGE', uri: 'sip:bob@contoso.example', status: 0, body: 'hello bob' });
    expect(headerOf(message, 'from')).toBe('"Alice A" <sip:alice@contoso.example>;tag=41c09e;epid=01a7c4d2e9');
    expect(headerOf(message, 'Call-ID')).toBe('im-2f6e9c');
    expect(headerOf(message, 'subject')).toBe('Draft of the year');
    expect(headersOf(message, 'SUPPORTED')).toEqual(['ms-sender', 'ms-conf-invite']);
    expect(headerOf(message, 'Contact')).toBeUndefined();
    expect(message.headers.map(([name]) => name)).toContain('CSEQ');
    expect(methodOf(message)).toBe('MESSAGE');
  });

  it('reads a response; its method is that of CSeq', () => {
    const message = parseMessage('SIP/2.0 480 Temporarily Unavailable\r\nCSeq: 2 INVITE\r\n\r\n');
    expect(message).toMatchObject({ method: null, uri: '', status: 480, reason: 'Temporarily Unavailable', body: '' });
    expect(message && methodOf(message)).toBe('INVITE');
  });

  it('writes what it read, with the length of the body in bytes', () => {
    const message = parseMessage(request);
    if (message === null) throw new Error('not read');
    const text = formatMessage({ ...message, body: 'grüße 😀' });
    expect(text).toContain('\r\nContent-Length: 12\r\n');
    expect(text.match(/content-length/gi)).toHaveLength(1);
    expect(parseMessage(text)?.body).toBe('grüße 😀');
    expect(parseMessage(formatMessage(message))).toEqual({
      ...message,
      headers: [...message.headers.filter(([name]) => name !== 'Content-Length'), ['Content-Length', '9']],
    });
  });

  it('writes a response', () => {
    const message = { method: null, uri: '', status: 200, reason: 'OK', headers: [], body: '' };
    expect(formatMessage(message)).toBe('SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n');
  });

  it.each([
    ['nothing', ''],
    ['a keep-alive', '\r\n\r\n'],
    ['HTTP', 'GET / HTTP/1.1\r\nHost: contoso.example\r\n\r\n'],
    ['another version', 'MESSAGE sip:bob@contoso.example SIP/3.0\r\n\r\n'],
    ['no Request-URI', 'MESSAGE SIP/2.0\r\n\r\n'],
    ['a status that is no number', 'SIP/2.0 OK\r\n\r\n'],
    ['a status of four digits', 'SIP/2.0 2000 OK\r\n\r\n'],
    ['a header line without a colon', 'BYE sip:bob@contoso.example SIP/2.0\r\nVia\r\n\r\n'],
    ['a header without a name', 'BYE sip:bob@contoso.example SIP/2.0\r\n: x\r\n\r\n'],
    ['bare line feeds', 'BYE sip:bob@contoso.example SIP/2.0\nVia: x\n\n'],
  ])('refuses %s', (_what, text) => {
    expect(parseMessage(text)).toBeNull();
  });
});
