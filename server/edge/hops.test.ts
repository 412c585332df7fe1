import { describe, expect, it } from 'vitest';
import { Hops } from './hops';

const request = (...more: string[]): string =>
  [
    'REGISTER sip:contoso.example SIP/2.0',
    'Via: SIP/2.0/WSS x1.invalid;branch=z9',
    ...more,
    '',
    'sip:a@x1.invalid',
  ].join('\r\n');

describe('Via and Contact through the edge', () => {
  it.each([
    ['Contact: <sip:a@x1.invalid;transport=ws>;q=1', 'Contact: <sip:a@10.0.0.9:40000;transport=tls>;q=1'],
    ['m:<sip:a@X1.INVALID;ob;transport=WS>', 'm:<sip:a@10.0.0.9:40000;ob;transport=tls>'],
    ['Contact: sip:x1.invalid;transport=ws', 'Contact: sip:10.0.0.9:40000;transport=tls'],
    [
      'Contact: <sip:a@x1.invalid>,\r\n <sip:b@x1.invalid>',
      'Contact: <sip:a@10.0.0.9:40000>,\r\n <sip:b@10.0.0.9:40000>',
    ],
    ...[
      'Contact: <sip:alice@contoso.example;opaque=user:epid:x;gruu>',
      'Contact: <sip:a@yx1.invalid>, <sip:a@x1.invalid.example>, <sip:a@x1.invalid:5060>',
      'Contact: <sip:a@b.example;x=x1.invalid>',
      'Contact: *',
      'Call-ID: 1@x1.invalid',
      'From: <sip:a@x1.invalid;transport=ws>',
      'Via: SIP/2.0/WSS x1.invalid;branch=z8',
    ].map((line) => [line, line]),
  ])('%j', (line, expected) => {
    const hops = new Hops({ protocol: 'TLS', sentBy: '10.0.0.9:40000' });
    const out = hops.toServer(request(line));
    expect(out).toBe(request(expected).replace('WSS x1.invalid;branch=z9', 'TLS 10.0.0.9:40000;branch=z9'));
    expect(hops.toBrowser(out.replace('REGISTER sip:contoso.example SIP/2.0', 'SIP/2.0 200 OK'))).toBe(
      request(line)
        .replace('REGISTER sip:contoso.example SIP/2.0', 'SIP/2.0 200 OK')
        .replace('X1.INVALID;ob;transport=WS', 'x1.invalid;ob;transport=ws'),
    );
  });

  it('an IPv6 address; text made to be slow', () => {
    const hops = new Hops({ protocol: 'TLS', sentBy: '[::1]:40000' });
    const out = hops.toServer(request('Contact: <sip:a@x1.invalid>'));
    expect(out).toContain('Contact: <sip:a@[::1]:40000>');
    expect(hops.toBrowser(out)).toContain('Contact: <sip:a@x1.invalid>');
    for (const piece of ['sip:', '@x1.invalid;', 'Via: SIP/2.0/', 'm: ', ' ', ';transport=']) {
      hops.toServer(request(`Contact: ${piece.repeat(20_000)}`, piece.repeat(20_000)));
    }
    // What takes time by the square of a length would take minutes.
  }, 60_000);
});
