import { describe, expect, it } from 'vitest';
import { labelSharing, parseSharing } from '../../src/protocol/lync/sharingSdp';
import { MalformedBody } from '../../src/protocol/malformed';
import { splitSdp } from '../../src/protocol/sip/sdp';
import { engineSdp } from '../testing/scriptedForwarder';
import { offerOf } from '../testing/sharing';
import { answerAgain, restartsIce } from './reanswer';

const offered = labelSharing(engineSdp('sendonly', 'off1', 'actpass'), 'sharer', 'tab');
const answer = offerOf('viewer', 'recvonly');
const setups = (sdp: string) =>
  splitSdp(sdp).media.map((section) => section.find((line) => line.startsWith('a=setup:')));

describe('answering an offer that changes directions only', () => {
  it('says again what was said, with the direction that fits, in all media', () => {
    const again = answerAgain(offered, answer, offerOf('viewer', 'inactive'));
    expect(parseSharing(again)).toMatchObject({ role: 'sharer', flow: 'inactive', surface: 'tab' });
    const [video = [], audio = [], data = []] = splitSdp(again).media;
    expect([video.includes('a=inactive'), audio.includes('a=inactive'), data.includes('a=inactive')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(video).toContain('a=ice-ufrag:off1');
  });

  it('RFC 8842 §5.5: keeps to the end that began DTLS', () => {
    expect(setups(answerAgain(offered, answer, answer))).toEqual(Array(3).fill('a=setup:passive'));
    const passive = answer.replaceAll('a=setup:active', 'a=setup:passive');
    expect(setups(answerAgain(offered, passive, answer))).toEqual(Array(3).fill('a=setup:active'));
    const answered = labelSharing(engineSdp('recvonly', 'ans1', 'active'), 'viewer');
    expect(setups(answerAgain(answered, offerOf('sharer', 'sendonly'), offerOf('sharer', 'inactive')))).toEqual(
      Array(3).fill('a=setup:active'),
    );
  });

  it('RFC 8866 §5.2: each description has a version of its own', () => {
    const once = answerAgain(offered, answer, answer);
    expect(once).toContain('o=- 7 2 IN IP4 0.0.0.0\r\n');
    expect(answerAgain(once, answer, answer)).toContain('o=- 7 3 IN IP4 0.0.0.0\r\n');
  });

  it.each([
    ['restarted ICE', offerOf('viewer', 'inactive', 'anew')],
    ['another medium', answer.replace('a=mid:1', 'a=mid:9')],
    ['one medium less', answer.split('m=application')[0] ?? ''],
    ['one medium more', `${answer}m=audio 9 X 0\r\n`],
    ['nothing', ''],
  ])('is no answer to an offer with %s', (_what, offer) => {
    expect(() => answerAgain(offered, answer, offer)).toThrow(MalformedBody);
  });

  it('RFC 8839: other credentials restart ICE', () => {
    expect(restartsIce(answer, offerOf('viewer', 'inactive'))).toBe(false);
    expect(restartsIce(answer, offerOf('viewer', 'recvonly', 'anew'))).toBe(true);
    expect(restartsIce(answer, answer.replace('a=ice-pwd:2', 'a=ice-pwd:3'))).toBe(true);
  });
});
