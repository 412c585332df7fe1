import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../../src/protocol/malformed';
import { announceAddresses, cleanOffer, cleanViewerAnswer, withFormat } from './cleanSdp';

const candidate = 'a=candidate:1 1 udp 2113937151 192.0.2.7 50000 typ host generation 0';
const sdp = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0 1 2',
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
  candidate,
  'a=ice-ufrag:4ZcD',
  'a=ice-pwd:2/1muCWoOi3uLifh0NuRHlOO',
  'a=fingerprint:sha-256 00:11',
  'a=mid:0',
  'a=sendonly',
  'a=rtpmap:96 VP8/90000',
  'a=rtcp-fb:96 goog-remb',
  'a=rtcp-fb:96 transport-cc',
  'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=ssrc:1 cname:x',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:1',
  'a=sendonly',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=mid:2',
  '',
].join('\r\n');
const linesOf = (text: string): string[] => text.split('\r\n');
const without = (...gone: string[]): string[] => linesOf(sdp).filter((line) => !gone.includes(line));

describe('SDP on its way into an engine', () => {
  it('loses transport-cc and nothing else', () => {
    expect(linesOf(cleanOffer(sdp))).toEqual(
      without(
        'a=rtcp-fb:96 transport-cc',
        'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
      ),
    );
  });

  it('keeps transport-cc for an engine that is good at it', () => {
    expect(cleanOffer(sdp, { transportCc: true })).toBe(sdp);
  });

  it.each([
    'a=candidate:2 1 udp 2113937151 3b1c2d4e-0000.local 50000 typ host',
    'a=candidate:2 1 udp 2113937151 intranet.contoso.example 80 typ host',
    'a=candidate:2 1 tcp 1518280447 192.0.2.7 9 typ host tcptype active',
    'a=candidate:2 1 udp 2113937151 192.0.2.7 0 typ host',
    'a=candidate:2 1 udp 2113937151 192.0.2.7 65536 typ host',
    'a=candidate:',
    'a=simulcast:send q;h;f',
    'a=rid:q send',
  ])('loses %s', (line) => {
    expect(cleanOffer(sdp.replace(candidate, `${candidate}\r\n${line}`))).toBe(cleanOffer(sdp));
  });

  it('keeps forty candidates and no more', () => {
    const many = Array.from({ length: 100 }, () => candidate).join('\r\n');
    expect(linesOf(cleanOffer(sdp.replace(candidate, many))).filter((line) => line === candidate)).toHaveLength(40);
  });

  it.each([
    ['nothing', ''],
    ['no picture', sdp.replace('m=video', 'm=text')],
    ['two pictures', sdp.replace('m=audio', 'm=video')],
    ['a medium of another kind', `${sdp}m=text 9 X 1\r\n`],
    ['no fingerprint', sdp.replace('a=fingerprint:sha-256 00:11\r\n', '')],
    ['no password', sdp.replace('a=ice-pwd:2/1muCWoOi3uLifh0NuRHlOO\r\n', '')],
    ['too many lines', sdp + 'a=x\r\n'.repeat(2001)],
    ['too many bytes', `${sdp}a=${'x'.repeat(65_536)}\r\n`],
  ])('is refused with %s', (_what, text) => {
    expect(() => cleanOffer(text)).toThrow(MalformedBody);
  });

  it('SHR-8: in a viewer’s answer sends nothing, whatever it says', () => {
    const answer = linesOf(cleanViewerAnswer(sdp.replace('a=sendonly', 'a=sendrecv')));
    expect(answer.filter((line) => /^a=(send|recv)/.test(line))).toEqual(['a=recvonly', 'a=recvonly']);
    expect(answer).not.toContain('a=ssrc:1 cname:x');
  });
});

describe('SDP on its way out', () => {
  it('names the addresses that the world knows, once for each port', () => {
    const told = linesOf(announceAddresses(sdp, ['203.0.113.5', '203.0.113.6']));
    expect(told.filter((line) => line.startsWith('a=candidate:'))).toEqual([
      candidate,
      candidate.replace('192.0.2.7', '203.0.113.5'),
      candidate.replace('192.0.2.7', '203.0.113.6'),
    ]);
    expect(announceAddresses(sdp, [])).toBe(sdp);
  });

  it('has words added to the format of one payload type', () => {
    const once = withFormat(sdp, 96, 'x-google-start-bitrate=1500');
    expect(once).toContain('a=rtpmap:96 VP8/90000\r\na=fmtp:96 x-google-start-bitrate=1500\r\n');
    expect(withFormat(once, 96, 'max-fr=30')).toContain('a=fmtp:96 x-google-start-bitrate=1500;max-fr=30\r\n');
    expect(withFormat(sdp, 97, 'x=1')).toBe(sdp);
  });
});
