import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import { sdpAttribute } from '../sip/sdp';
import { labelSharing, otherRole, parseSharing, redirectSharing, sharingKindOf } from './sharingSdp';

/** A browser's offer as it comes out of `createOffer`, shortened. */
function browserOffer(direction = 'sendonly'): string {
  return [
    'v=0',
    'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0 1',
    'a=msid-semantic: WMS',
    'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
    'c=IN IP4 0.0.0.0',
    'a=ice-ufrag:4ZcD',
    'a=mid:0',
    ...(direction === '' ? [] : [`a=${direction}`]),
    'a=rtcp-mux',
    'a=rtpmap:96 VP8/90000',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'a=mid:1',
    '',
  ].join('\r\n');
}

const rdp = 'v=0\r\ns=session\r\nm=applicationsharing 51500 TCP/RTP/SAVP 127\r\na=x-applicationsharing-role:sharer\r\n';

describe('sharing in SDP (lync-wire 7.3)', () => {
  it('labels the video section and leaves the others as they were', () => {
    const labelled = labelSharing(browserOffer(), 'sharer');
    expect(labelled).toBe(
      browserOffer().replace(
        'a=rtpmap:96 VP8/90000\r\n',
        [
          'a=rtpmap:96 VP8/90000',
          'a=label:applicationsharing-video',
          'a=content:slides',
          'a=x-applicationsharing-session-id:1',
          'a=x-applicationsharing-role:sharer',
          'a=x-applicationsharing-media-type:vbss',
          'a=x-applicationsharing-contentflow:sendonly',
          '',
        ].join('\r\n'),
      ),
    );
  });

  it('reads what it wrote, with the section for whoever looks closer', () => {
    const sharing = parseSharing(labelSharing(browserOffer(), 'sharer'));
    expect(sharing).toMatchObject({ role: 'sharer', flow: 'sendonly' });
    expect(sdpAttribute(sharing.section, 'ice-ufrag')).toBe('4ZcD');
  });

  it('says what is shown, and reads no other word', () => {
    const labelled = labelSharing(browserOffer(), 'sharer', 'program');
    expect(parseSharing(labelled).surface).toBe('program');
    expect(parseSharing(labelled.replace('surface:program', 'surface:soul')).surface).toBeNull();
    expect(labelSharing(labelled, 'sharer')).toBe(labelSharing(browserOffer(), 'sharer'));
  });

  it('a section that goes both ways has no content flow (3.1.5.18.5: absent is both)', () => {
    const labelled = labelSharing(browserOffer(''), 'viewer');
    expect(labelled).not.toContain('contentflow');
    expect(parseSharing(labelled)).toMatchObject({ role: 'viewer', flow: 'sendrecv' });
  });

  it('labelling again replaces the earlier labels', () => {
    const once = labelSharing(browserOffer(), 'viewer');
    expect(labelSharing(once, 'sharer')).toBe(labelSharing(browserOffer(), 'sharer'));
  });

  it('a pause is said twice, to the browser and to Lync, and either is enough', () => {
    const offer = labelSharing(browserOffer(), 'sharer');
    const paused = redirectSharing(offer, 'inactive');
    expect(paused).toContain('\r\na=inactive\r\n');
    expect(paused).toContain('\r\na=x-applicationsharing-contentflow:inactive\r\n');
    expect(parseSharing(paused).flow).toBe('inactive');
    expect(parseSharing(paused.replace('a=inactive', 'a=sendonly')).flow).toBe('inactive');
    expect(redirectSharing(paused, 'sendonly')).toBe(offer);
  });

  it('each role is answered by the other', () => {
    expect([otherRole('sharer'), otherRole('viewer')]).toEqual(['viewer', 'sharer']);
  });

  it.each([
    ['nothing', '', null],
    ['a video that shares nothing', browserOffer(), null],
    ['ours', labelSharing(browserOffer(), 'sharer'), 'video'],
    ["Lync's and SIPE's", rdp, 'rdp'],
    ['both, as Skype for Business offers', rdp + labelSharing(browserOffer(), 'sharer'), 'video'],
    ['ours, refused', labelSharing(browserOffer(), 'sharer').replace('m=video 9', 'm=video 0'), null],
    [
      'video that no browser plays',
      rdp + labelSharing(browserOffer(), 'sharer').replace('UDP/TLS/RTP/SAVPF', 'RTP/SAVP'),
      'rdp',
    ],
  ])('tells how %s shares', (_what, sdp, expected) => {
    expect(sharingKindOf(sdp)).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['RDP', rdp],
    ['a camera', browserOffer()],
    ['no role', labelSharing(browserOffer(), 'sharer').replace('role:sharer', 'role:')],
    ['an unknown role', labelSharing(browserOffer(), 'sharer').replace('role:sharer', 'role:watcher')],
    ['another label', labelSharing(browserOffer(), 'sharer').replace('applicationsharing-video', 'main-video')],
  ])('refuses %s', (_what, sdp) => {
    expect(() => parseSharing(sdp)).toThrow(MalformedBody);
  });

  it.each(['', rdp, browserOffer().replace('m=video 9', 'm=video 0')])('labels no SDP without live video', (sdp) => {
    expect(() => labelSharing(sdp, 'sharer')).toThrow(MalformedBody);
    expect(() => redirectSharing(sdp, 'inactive')).toThrow(MalformedBody);
  });
});
