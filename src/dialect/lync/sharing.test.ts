import { beforeEach, describe, expect, it } from 'vitest';
import type { MediaSessionId } from '../../domain/ids';
import { labelSharing } from '../../protocol/lync/sharingSdp';
import { formatSharingControl, sharingControlType } from '../../protocol/shared/sharingControl';
import { headerOf, headersOf, type SipMessage } from '../../protocol/sip/message';
import { splitSdp } from '../../protocol/sip/sdp';
import { browserSdp } from '../../testing/browserSdp';
import { alice, bob, carol } from '../../testing/people';
import { answer, focus, homeWithFocus, key, roster, sharingMcu, user } from '../../testing/scriptedFocus';
import type { ScriptedAnswer, ScriptedHome } from '../../testing/scriptedHome';
import { unsupportedSdp } from './mediaDialog';

const session = 'a-1' as MediaSessionId;
const offer = browserSdp('sendonly', 'offr');
const theirOffer = labelSharing(offer, 'sharer', 'desktop');
const theirAnswer = labelSharing(browserSdp('recvonly', 'answ'), 'viewer');
const rdp = 'v=0\r\ns=session\r\nm=applicationsharing 51500 TCP/RTP/SAVP 127\r\na=x-applicationsharing-role:sharer\r\n';
const sdp = (body: string) => ({ contentType: 'application/sdp', body });

let home: ScriptedHome;
beforeEach(async () => {
  home = await homeWithFocus();
});

const callsTo = (uri: string) => home.sent('INVITE').filter((invite) => invite.uri === uri);
const acksOf = (invite: SipMessage) =>
  home.sent('ACK').filter((ack) => headerOf(ack, 'Call-ID') === headerOf(invite, 'Call-ID'));
const finalAnswers = () => home.peer.received.filter(({ status }) => status >= 200);
const labelled = (message: SipMessage | undefined) => splitSdp(message?.body ?? '').media[0] ?? [];

/** Alice shows something to Bob, whose answer is this one. */
async function show(response: Partial<ScriptedAnswer> = sdp(theirAnswer)) {
  const contact = `Contact: <${bob};opaque=user:epid:b1;gruu>`;
  home.answers = (request) =>
    request.method === 'INVITE' && request.uri === bob
      ? { status: 200, reason: 'OK', headers: [contact], ...response }
      : answer(request);
  const shown = home.dialect.sharing.show(session, { is: 'peer', peer: bob, key }, 'program', offer);
  await home.settle();
  return shown;
}

/** Alice looks at what is shown in the conference. */
async function watch(response: Partial<ScriptedAnswer> = sdp(theirOffer)) {
  const joined = home.dialect.conferences.join(focus, key, 0);
  await home.settle();
  await joined;
  home.answers = (request) =>
    request.method === 'INVITE' && request.uri === sharingMcu
      ? { status: 200, reason: 'OK', headers: [`Contact: <${sharingMcu}>`], ...response }
      : answer(request);
  const watched = home.dialect.sharing.watch(session, focus, key);
  await home.settle();
  return watched;
}

/** Bob's INVITE. */
async function offered(body: string, from = bob, headers: string[] = []): Promise<SipMessage> {
  const invite = home.peer.request('INVITE', alice, `<${from}>;tag=b1;epid=b1`, `<${alice}>`, {
    headers: [`Contact: <${from};opaque=user:epid:b1;gruu>`, `Ms-Conversation-ID: ${key}`, ...headers],
    ...sdp(body),
  });
  await home.settle();
  return invite;
}

describe('showing to one person', () => {
  it('SHR-1 is an INVITE of the conversation with a labelled offer', async () => {
    expect(await show()).toMatchObject({ ok: true, value: { sdp: theirAnswer, canPoint: false } });
    const [invite] = callsTo(bob);
    expect(headerOf(invite as SipMessage, 'Ms-Conversation-ID')).toBe(key);
    expect(headersOf(invite as SipMessage, 'Supported')).toContain('com.confab.sharing-control');
    expect(labelled(invite)).toEqual(
      expect.arrayContaining([
        'a=ice-ufrag:offr',
        'a=label:applicationsharing-video',
        'a=x-applicationsharing-role:sharer',
        'a=x-applicationsharing-contentflow:sendonly',
        'a=x-confab-surface:program',
      ]),
    );
  });

  it('SHR-9 knows by the 200 that the other end reads control', async () => {
    const contact = `Contact: <${bob};opaque=user:epid:b1;gruu>`;
    expect(
      await show({ ...sdp(theirAnswer), headers: [contact, 'Supported: com.confab.sharing-control'] }),
    ).toMatchObject({ value: { canPoint: true } });
  });

  it('7.3 fails with the diagnostics of a client that cannot look', async () => {
    expect(await show({ status: 488, reason: 'Not Acceptable Here', headers: [unsupportedSdp] })).toMatchObject({
      ok: false,
      failure: { is: 'rejected', status: 488, diagnostics: { id: 52063 } },
    });
  });

  it.each([
    ['RDP', sdp(rdp)],
    ['a camera', sdp(browserSdp('recvonly', 'answ'))],
    ['a sharer', sdp(theirOffer)],
    ['nothing', {}],
    ['XML', { contentType: 'application/xml', body: theirAnswer }],
    ['more than any browser writes', sdp(`${theirAnswer}${'a=candidate:1\r\n'.repeat(5_000)}`)],
  ])('hangs up on who answers with %s', async (_what, response) => {
    expect(await show(response)).toEqual({ ok: false, failure: { is: 'malformed', what: 'SDP' } });
    expect(home.sent('BYE')).toHaveLength(1);
    expect(home.host.all('media.ended')).toEqual([]);
  });

  it('is not sent with an SDP that shows nothing', async () => {
    const shown = home.dialect.sharing.show(session, { is: 'peer', peer: bob, key }, 'tab', 'v=0\r\n');
    expect(await shown).toEqual({ ok: false, failure: { is: 'malformed', what: 'SDP' } });
    expect(callsTo(bob)).toEqual([]);
  });

  it('a changed offer of the viewer that makes no sense is refused, and the session lives', async () => {
    await show();
    const invite = callsTo(bob)[0] as SipMessage;
    home.peer.inDialog('INVITE', invite, { cseq: 7, headers: [`Contact: <${bob}>`], ...sdp(rdp) });
    await home.settle();
    expect(finalAnswers().at(-1)).toMatchObject({ status: 488 });
    expect(headerOf(finalAnswers().at(-1) as SipMessage, 'ms-client-diagnostics')).toContain('52063');
    expect(home.host.all('media.reoffered')).toEqual([]);
    const changed = home.dialect.media.reoffer(session, offer);
    await home.settle();
    expect(callsTo(`${bob};opaque=user:epid:b1;gruu`)).toHaveLength(1);
    await home.elapse(40_000);
    await changed;
  });
});

describe('being shown something', () => {
  it('SHR-1 is answered with the role of the viewer', async () => {
    await offered(theirOffer, bob, ['Supported: com.confab.sharing-control']);
    const told = home.host.last('sharing.offered');
    expect(told).toMatchObject({ peer: bob, key, surface: 'desktop', offer: theirOffer, canPoint: true });
    await home.dialect.media.answer(told.session, browserSdp('recvonly', 'answ'));
    await home.settle();
    expect(finalAnswers().at(-1)?.status).toBe(200);
    expect(labelled(finalAnswers().at(-1))).toEqual(
      expect.arrayContaining(['a=ice-ufrag:answ', 'a=x-applicationsharing-role:viewer']),
    );
    expect(headersOf(finalAnswers().at(-1) as SipMessage, 'Supported')).toContain('com.confab.sharing-control');
  });

  it.each([
    ["SIPE's and Lync's RDP", rdp],
    ['who wants to look at our screen', labelSharing(browserSdp('recvonly', 'offr'), 'viewer')],
    ['a label without a role', theirOffer.replace('a=x-applicationsharing-role:sharer\r\n', '')],
  ])('7.3 refuses %s with 488 and 52063', async (_what, body) => {
    await offered(body);
    const refusal = finalAnswers().at(-1) as SipMessage;
    expect(refusal.status).toBe(488);
    expect(headerOf(refusal, 'ms-client-diagnostics')).toBe('52063;reason="Unsupported session description"');
    expect(home.host.all('sharing.offered')).toEqual([]);
  });

  it('rings once for each person: who offers again means that', async () => {
    await offered(theirOffer);
    const first = home.host.last('sharing.offered').session;
    await offered(theirOffer);
    expect(finalAnswers().map(({ status }) => status)).toEqual([486]);
    expect(home.host.last('sharing.withdrawn')).toMatchObject({ session: first, elsewhere: false });
    await offered(theirOffer, carol);
    expect(home.host.all('sharing.withdrawn')).toHaveLength(1);
    home.dialect.sharing.decline(home.host.last('sharing.offered').session);
    await home.settle();
    expect(finalAnswers().map(({ status }) => status)).toEqual([486, 603]);
  });
});

describe('looking in a conference', () => {
  it('SHR-3 is an INVITE without a body; the MCU offers in the 200 and the ACK answers', async () => {
    expect(await watch()).toMatchObject({ ok: true, value: { sdp: theirOffer } });
    const invite = callsTo(sharingMcu)[0] as SipMessage;
    expect([invite.body, headerOf(invite, 'Content-Type')]).toEqual(['', undefined]);
    expect(acksOf(invite)).toEqual([]);
    await home.dialect.media.answer(session, browserSdp('recvonly', 'answ'));
    await home.settle();
    expect(labelled(acksOf(invite)[0])).toEqual(
      expect.arrayContaining(['a=ice-ufrag:answ', 'a=x-applicationsharing-role:viewer']),
    );
  });

  it('SHR-3 says that nobody shares, and cannot be where one is not', async () => {
    const refused = { ok: false, failure: { is: 'rejected', status: 481 } };
    expect(await home.dialect.sharing.watch(session, focus, key)).toMatchObject(refused);
    expect(await watch({ status: 480, reason: 'Temporarily Unavailable' })).toMatchObject({ failure: { status: 480 } });
  });

  it('SHR-3 an MCU that offers nonsense is acknowledged and hung up on', async () => {
    expect(await watch(sdp(rdp))).toEqual({ ok: false, failure: { is: 'malformed', what: 'SDP' } });
    expect(home.peer.ladder.slice(-2)).toEqual(['> BYE', '< 200 BYE']);
    expect(acksOf(callsTo(sharingMcu)[0] as SipMessage)).toHaveLength(1);
  });

  it('SHR-6 asks for a fresh offer by a re-INVITE without a body', async () => {
    await watch();
    await home.dialect.media.answer(session, browserSdp('recvonly', 'answ'));
    await home.settle();
    const fresh = home.dialect.media.refresh(session);
    await home.settle();
    expect(await fresh).toEqual({ ok: true, value: theirOffer });
    expect(callsTo(sharingMcu)[1]?.body).toBe('');
    await home.dialect.media.answer(session, browserSdp('recvonly', 'ans2'));
    await home.settle();
    expect(labelled(acksOf(callsTo(sharingMcu)[0] as SipMessage)[1])).toContain('a=ice-ufrag:ans2');
  });

  it.each([
    [['ms-diagnostics-public: 21000;reason="New sharer joined conference"'], 'takenOver'],
    [['ms-diagnostics-public: 24081;reason="The endpoint has disconnected"'], 'lost'],
    [[], 'ended'],
  ] as const)('7.1 says by the diagnostics %s why it ended', async (headers, why) => {
    await watch();
    await home.dialect.media.answer(session, browserSdp('recvonly', 'answ'));
    await home.settle();
    home.peer.inDialog('BYE', callsTo(sharingMcu)[0] as SipMessage, { cseq: 7, headers });
    await home.settle();
    expect(home.host.all('media.ended')).toEqual([{ type: 'media.ended', session, why }]);
  });

  it.each([
    ['of a member', `Ms-Sender: <${carol}>`, formatSharingControl({ is: 'request' }), 200],
    ['of nobody', 'Subject: control', formatSharingControl({ is: 'request' }), 400],
    ['that says nothing', `Ms-Sender: <${carol}>`, '{"is":"takeover"}', 400],
  ])('SHR-9 INFO %s is answered for', async (_what, header, body, status) => {
    await watch();
    await home.dialect.media.answer(session, browserSdp('recvonly', 'answ'));
    await home.settle();
    const invite = callsTo(sharingMcu)[0] as SipMessage;
    home.peer.inDialog('INFO', invite, { cseq: 7, headers: [header], contentType: sharingControlType, body });
    await home.settle();
    expect(finalAnswers().at(-1)?.status).toBe(status);
    expect(home.host.all('sharing.controlled')).toEqual(
      status === 200 ? [{ type: 'sharing.controlled', session, from: carol, control: { is: 'request' } }] : [],
    );
  });

  it('SHR-9 takes nothing else in the dialog', async () => {
    await watch();
    await home.dialect.media.answer(session, browserSdp('recvonly', 'answ'));
    await home.settle();
    const invite = callsTo(sharingMcu)[0] as SipMessage;
    home.peer.inDialog('INFO', invite, { cseq: 7, contentType: 'application/xml', body: '<x/>' });
    home.peer.inDialog('MESSAGE', invite, { cseq: 8, contentType: 'text/plain', body: 'hello' });
    await home.settle();
    expect(
      finalAnswers()
        .slice(-2)
        .map(({ status }) => status),
    ).toEqual([415, 405]);
  });
});

describe('the roster', () => {
  it('7.1 shows who shares, has paused and looks, and who may share', async () => {
    const joined = home.dialect.conferences.join(focus, key, 0);
    await home.settle();
    await joined;
    const sharingAs = (direction: 'sendonly' | 'recvonly' | 'inactive') => {
      return {
        entity: '{2}',
        sessionType: 'applicationsharing' as const,
        status: 'connected',
        uri: null,
        flow: { direction, state: 'connected' },
      };
    };
    const told = (direction: 'sendonly' | 'inactive') => [
      { ...user(bob), endpoints: [...user(bob).endpoints, sharingAs(direction)] },
      { ...user(alice), endpoints: [...user(alice).endpoints, sharingAs('recvonly')] },
    ];
    await home.notify('conference', roster('partial', 2, ...told('sendonly')));
    expect(home.host.last('conference.changed')).toMatchObject({
      sharing: 'presenters',
      roster: [{ sharing: 'sharer' }, { sharing: 'viewer' }],
    });
    await home.notify('conference', roster('partial', 3, ...told('inactive')));
    expect(home.host.last('conference.changed').roster[0]?.sharing).toBe('inactive');
    await home.notify('conference', roster('partial', 4, user(bob), user(alice)));
    expect(home.host.last('conference.changed').roster.map(({ sharing }) => sharing)).toEqual([null, null]);
  });
});
