import { beforeEach, describe, expect, it } from 'vitest';
import type { MediaSessionId } from '../../domain/ids';
import { labelFileAnswer, labelFileOffer } from '../../protocol/sip/fileSdp';
import { headerOf, type SipMessage } from '../../protocol/sip/message';
import { browserSdp, dataChannelSdp } from '../../testing/browserSdp';
import { alice, bob } from '../../testing/people';
import { answer as answerOf, homeWithFocus, key } from '../../testing/scriptedFocus';
import type { ScriptedAnswer, ScriptedHome } from '../../testing/scriptedHome';
import { unsupportedSdp } from './mediaDialog';

const session = 'a-1' as MediaSessionId;
const file = { transfer: 'f-1', name: 'plan.pdf', size: 1_000_000, type: 'application/pdf' };
const offer = dataChannelSdp('offr');
const theirOffer = labelFileOffer(offer, file);
const theirAnswer = labelFileAnswer(dataChannelSdp('answ'), { ...file, from: 262_144 });
const sdp = (body: string) => ({ contentType: 'application/sdp', body });

let home: ScriptedHome;
beforeEach(async () => {
  home = await homeWithFocus();
});

/** Alice offers a file to Bob, whose answer is this one. */
async function send(response: Partial<ScriptedAnswer> = sdp(theirAnswer)) {
  const contact = `Contact: <${bob};opaque=user:epid:b1;gruu>`;
  home.answers = (request) =>
    request.method === 'INVITE' && request.uri === bob
      ? { status: 200, reason: 'OK', headers: [contact], ...response }
      : answerOf(request);
  const sent = home.dialect.files.offer(session, { peer: bob, key }, file, offer);
  await home.settle();
  return sent;
}

/** Bob's INVITE. */
async function offered(body: string): Promise<SipMessage> {
  const invite = home.peer.request('INVITE', alice, `<${bob}>;tag=b1;epid=b1`, `<${alice}>`, {
    headers: [`Contact: <${bob};opaque=user:epid:b1;gruu>`, `Ms-Conversation-ID: ${key}`],
    ...sdp(body),
  });
  await home.settle();
  return invite;
}

const finalAnswers = () => home.peer.received.filter(({ status }) => status >= 200);

describe('sending a file', () => {
  it('FTR-1 is an INVITE of the conversation that says which; the answer says from where on', async () => {
    expect(await send()).toEqual({ ok: true, value: { sdp: theirAnswer, from: 262_144 } });
    const [invite] = home.sent('INVITE').filter(({ uri }) => uri === bob);
    expect(headerOf(invite as SipMessage, 'Ms-Conversation-ID')).toBe(key);
    expect(invite?.body).toBe(theirOffer);
  });

  it.each([
    ['a data channel for something else', dataChannelSdp('answ')],
    ['another file', theirAnswer.replace('transfer-id:f-1', 'transfer-id:f-2')],
    ['an offer', theirOffer],
    ['a range that the file does not have', theirAnswer.replace('262145-*', '9999999-*')],
    ['a camera', browserSdp('recvonly', 'answ')],
    ['more than any browser writes', `${theirAnswer}${'a=candidate:1\r\n'.repeat(5_000)}`],
  ])('FTR-2 hangs up on who answers with %s', async (_what, body) => {
    expect(await send(sdp(body))).toEqual({ ok: false, failure: { is: 'malformed', what: 'SDP' } });
    expect(home.sent('BYE')).toHaveLength(1);
    expect(home.host.all('media.ended')).toEqual([]);
  });

  it('FTR-1 refuses a second offer in its dialog, and lives', async () => {
    await send();
    const invite = home.sent('INVITE').find(({ uri }) => uri === bob) as SipMessage;
    home.peer.inDialog('INVITE', invite, { cseq: 7, headers: [`Contact: <${bob}>`], ...sdp(theirAnswer) });
    await home.settle();
    expect(finalAnswers().at(-1)).toMatchObject({ status: 488 });
    expect(home.host.all('media.reoffered')).toEqual([]);
    expect(home.host.all('media.ended')).toEqual([]);
  });

  it('FTR-5 says in its BYE that the media was lost', async () => {
    await send();
    home.dialect.media.drop(session);
    await home.settle();
    expect(headerOf(home.sent('BYE')[0] as SipMessage, 'ms-diagnostics-public')).toMatch(/^24081;/);
  });
});

describe('FTR-2 an offer of somebody else', () => {
  it.each([
    ['a path for a name', theirOffer.replace('plan.pdf', '../../.bashrc')],
    ['a name that hides its ending', theirOffer.replace('plan.pdf', 'plan\u202efdp.exe')],
    ['no size', theirOffer.replace(' size:1000000', '')],
    ['a camera beside it', `${theirOffer}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`],
    ['a wish to get one of ours', theirOffer.replace('a=sendonly', 'a=recvonly')],
  ])('with %s is refused before anybody is asked', async (_what, body) => {
    await offered(body);
    expect(finalAnswers().at(-1)).toMatchObject({ status: 488 });
    expect(headerOf(finalAnswers().at(-1) as SipMessage, 'ms-client-diagnostics')).toBe(
      unsupportedSdp.slice('ms-client-diagnostics: '.length),
    );
    expect(home.host.all('file.offered')).toEqual([]);
  });

  it('is refused as every other INVITE when it is Lync’s own transfer', async () => {
    await offered('v=0\r\ns=session\r\nm=data 6900 TCP/TLS *\r\na=file-selector:name:"plan.pdf" size:5\r\n');
    expect(finalAnswers().at(-1)).toMatchObject({ status: 488 });
  });

  it('rings with all that it says, and is answered with the first byte wanted', async () => {
    await offered(theirOffer);
    const told = home.host.last('file.offered');
    expect(told).toMatchObject({ peer: bob, key, file, offer: theirOffer });
    expect((await home.dialect.files.accept(told.session, 262_144, dataChannelSdp('answ'))).ok).toBe(true);
    await home.settle();
    expect(finalAnswers().at(-1)).toMatchObject({ status: 200, body: theirAnswer });
  });
});
