import { describe, expect, it } from 'vitest';
import { directionOf, joinSdp, mediaOf, sdpAttribute, splitSdp, withDirection } from './sdp';

const sdp = ['v=0', 's=-', 'm=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:0', 'm=audio 0 RTP/AVP 0', 'a=inactive', ''].join(
  '\r\n',
);

describe('SDP as lines (RFC 8866)', () => {
  it('cuts before each m= and joins again', () => {
    const lines = splitSdp(sdp);
    expect(lines.session).toEqual(['v=0', 's=-']);
    expect(lines.media).toEqual([
      ['m=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:0'],
      ['m=audio 0 RTP/AVP 0', 'a=inactive'],
    ]);
    expect(joinSdp(lines)).toBe(sdp);
  });

  it('takes any line end', () => {
    expect(joinSdp(splitSdp(sdp.replaceAll('\r\n', '\n')))).toBe(sdp);
  });

  it.each([
    ['m=video 9 UDP/TLS/RTP/SAVPF 96 97', { kind: 'video', port: 9, protocol: 'UDP/TLS/RTP/SAVPF' }],
    ['m=audio 49170/2 RTP/AVP 31', { kind: 'audio', port: 49170, protocol: 'RTP/AVP' }],
    ['m=video', { kind: '', port: 0, protocol: '' }],
  ])('reads %s', (line, expected) => {
    expect(mediaOf([line])).toEqual(expected);
  });

  it('finds an attribute by its whole name', () => {
    const section = ['m=video 9 X 96', 'a=label-x:no', 'a=label: yes ', 'a=label:later', 'a=rtcp-mux'];
    expect(sdpAttribute(section, 'label')).toBe('yes');
    expect(sdpAttribute(section, 'rtcp-mux')).toBe('');
    expect(sdpAttribute(section, 'rtcp')).toBeUndefined();
  });

  it('a section that says no direction goes both ways', () => {
    expect(directionOf(['m=video 9 X 96'])).toBe('sendrecv');
    expect(directionOf(['m=video 9 X 96', 'a=recvonly', 'a=mid:0'])).toBe('recvonly');
  });

  it('says a new direction once, where the old one was', () => {
    const section = ['m=video 9 X 96', 'a=sendonly', 'a=mid:0', 'a=sendrecv'];
    expect(withDirection(section, 'inactive')).toEqual(['m=video 9 X 96', 'a=inactive', 'a=mid:0']);
    expect(withDirection(['m=video 9 X 96'], 'recvonly')).toEqual(['m=video 9 X 96', 'a=recvonly']);
  });
});
