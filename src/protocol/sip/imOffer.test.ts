import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import { formatImOffer, isImOffer, ourAcceptTypes, parseImOffer } from './imOffer';

describe('the SDP of an IM session (lync-wire 5.2)', () => {
  it.each([
    { uri: null, acceptTypes: [...ourAcceptTypes] },
    { uri: 'sip:bob@contoso.example', acceptTypes: ['text/plain'] },
  ])('writes and reads again %j', (offer) => {
    expect(parseImOffer(formatImOffer(offer))).toEqual(offer);
  });

  it('an offer says `sip null`, an answer names its URI', () => {
    expect(formatImOffer({ uri: null, acceptTypes: ['text/plain'] })).toContain('\r\nm=message 5060 sip null\r\n');
    expect(formatImOffer({ uri: 'sip:b@c.example', acceptTypes: ['text/plain', 'text/html'] })).toMatch(
      /m=message 5060 sip sip:b@c\.example\r\na=accept-types:text\/plain text\/html\r\n$/,
    );
  });

  it('reads the name of before 2007, and an offer without accept-types', () => {
    expect(parseImOffer('v=0\r\nm=x-ms-message 5060 sip null\r\n')).toEqual({ uri: null, acceptTypes: [] });
  });

  it.each([
    ['nothing', ''],
    ['audio', 'v=0\r\nm=audio 4000 RTP/AVP 0\r\n'],
    ['MSRP', 'v=0\r\nm=message 7654 TCP/MSRP *\r\n'],
    ['a line without a port', 'v=0\r\nm=message sip null\r\n'],
    ['an attribute that looks like it', 'v=0\r\na=x m=message 5060 sip null\r\n'],
  ])('refuses %s', (_what, sdp) => {
    expect(() => parseImOffer(sdp)).toThrow(MalformedBody);
  });

  it.each([
    ['m=message 5060 sip null', true],
    ['m=x-ms-message 5060 sip null', true],
    ['m=message 5060 sip null\r\nm=audio 0 RTP/AVP 0', true],
    ['m=message 5060 sip null\r\nm=video 4000 RTP/AVP 34', false],
    ['m=audio 4000 RTP/AVP 0', false],
    ['', false],
  ])('tells whether %j offers IM alone', (media, expected) => {
    expect(isImOffer(`v=0\r\n${media}\r\n`)).toBe(expected);
  });
});
