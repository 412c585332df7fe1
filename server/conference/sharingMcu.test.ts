import { beforeEach, describe, expect, it } from 'vitest';
import { parseSharing } from '../../src/protocol/lync/sharingSdp';
import { splitSdp } from '../../src/protocol/sip/sdp';
import type { Aor, FocusUri } from '../../src/protocol/sip/uri';
import type { SipMessage } from '../codec';
import type { Policy } from '../store/accounts';
import { join, type Member, rosterIn, service } from '../testing/conference';
import { alice, bob, carol, Meeting, refusalIn } from '../testing/meeting';
import { ScriptedForwarder } from '../testing/scriptedForwarder';
import { browserSdp, look, offerOf, reinvite, sdp, share, sharingOf } from '../testing/sharing';

let forwarder: ScriptedForwarder;
let meeting: Meeting;
let focus: FocusUri;

function meet(policy: Partial<Policy> = {}): void {
  forwarder = new ScriptedForwarder();
  meeting = new Meeting(policy, { media: { forwarder, maxBitrate: 3_000_000 } });
  focus = meeting.focus;
}
beforeEach(() => meet());

const settle = () => new Promise(setImmediate);
const publicIn = (message: SipMessage | undefined) =>
  Number.parseInt(message?.header('ms-diagnostics-public') ?? '', 10) || null;

/** What the roster says of a person's sharing. */
function flowOf(watcher: Member, aor: Aor): string | null {
  meeting.pause();
  const users = watcher.told().at(-1)?.users ?? [];
  const endpoint = users
    .find((user) => user.aor === aor)
    ?.endpoints.find(({ sessionType }) => sessionType === 'applicationsharing');
  return endpoint?.flow == null ? null : `${endpoint.flow.direction} ${endpoint.flow.state}`;
}

describe('where one can share', () => {
  it('CNF-20: the document names the MCU and the rule, the factory its kind', () => {
    const { description } = rosterIn(meeting.member(alice).roster.final);
    expect(description).toMatchObject({ sharingUri: sharingOf(focus), sharing: 'everyone' });
    expect(service(meeting.organizer, { is: 'getConferencingCapabilities' }).body).toContain(
      '<mcuType>applicationsharing</mcuType>',
    );
  });

  it('nothing names it where the organizer may not, nor where there are no media', () => {
    meet({ sharing: 'no' });
    expect(rosterIn(meeting.member(alice).roster.final).description).toMatchObject({ sharingUri: null, sharing: null });
    expect(service(meeting.organizer, { is: 'getConferencingCapabilities' }).body).not.toContain('applicationsharing');
    meeting = new Meeting();
    expect(rosterIn(meeting.member(alice).roster.final).description).toMatchObject({ sharingUri: null, sharing: null });
    expect(meeting.organizer.request('INVITE', sharingOf(focus), sdp(offerOf('sharer', 'sendonly'))).final.status).toBe(
      404,
    );
  });
});

describe('a sharer', () => {
  it('SHR-2: is answered with the role of the viewer; the roster shows it, connected with the first packet', async () => {
    const [a, b] = meeting.members(alice, bob);
    const { final } = await share(a);
    expect([final.status, final.raw('contact'), final.header('content-type')]).toEqual([
      200,
      `<${sharingOf(focus)}>`,
      'application/sdp',
    ]);
    expect(parseSharing(final.body)).toMatchObject({ role: 'viewer', flow: 'recvonly' });
    expect(final.header('supported')).toBe('com.confab.sharing-control');
    expect(flowOf(b, alice)).toBe('sendonly connecting');
    forwarder.tell({ is: 'feed.flowing', room: focus, peer: forwarder.presenting(focus) });
    expect(flowOf(b, alice)).toBe('sendonly connected');
    expect(forwarder.calls).toEqual([`open ${focus}`, `publish ${focus} ${alice}`, expect.stringContaining('present')]);
  });

  it.each([
    [
      'RDP, as SIPE and Lync offer',
      'm=applicationsharing 51500 TCP/RTP/SAVP 127\r\na=x-applicationsharing-role:sharer\r\n',
    ],
    ['a camera', browserSdp('sendonly')],
    ['a viewer that offers', offerOf('viewer', 'recvonly')],
    ['nothing of the kind', 'hello'],
  ])('SHR-8: is refused with %s (488, 52063)', async (_what, body) => {
    const [a] = meeting.members(alice);
    expect(refusalIn((await share(a, body)).final)).toEqual([488, 52_063]);
    expect(forwarder.calls).toEqual([]);
  });

  it('SHR-8: is refused with an offer that the engine cannot use, or when it is not there', async () => {
    const [a, b] = meeting.members(alice, bob);
    forwarder.failNext = { verb: 'publish', why: 'unusable' };
    expect(refusalIn((await share(a)).final)).toEqual([488, 52_063]);
    forwarder.failNext = { verb: 'open', why: 'engine' };
    expect(refusalIn((await share(a)).final)).toEqual([503, 1]);
    expect(flowOf(b, alice)).toBeNull();
    expect((await share(a)).final.status).toBe(200);
  });

  it('refuses other bodies, other methods, other conferences', () => {
    const { endpoint } = meeting.member(alice);
    const uri = sharingOf(focus);
    expect(endpoint.request('INVITE', uri, { contentType: 'text/plain', body: 'x' }).final.status).toBe(415);
    expect(endpoint.request('OPTIONS', uri).final.status).toBe(501);
    expect(refusalIn(endpoint.request('INVITE', uri.replace('7K2M', '9999')).final)).toEqual([404, 3012]);
  });

  it('3014: is in the focus with this very endpoint', () => {
    meeting.member(alice);
    const outsider = meeting.signIn(bob);
    const invite = () => outsider.request('INVITE', sharingOf(focus), sdp(offerOf('sharer', 'sendonly'))).final;
    expect(refusalIn(invite())).toEqual([403, 3014]);
    join(meeting.signIn(bob), focus);
    expect(refusalIn(invite())).toEqual([403, 3014]);
    expect(refusalIn(outsider.request('INVITE', sharingOf(focus)).final)).toEqual([403, 3014]);
  });

  it('3014: has a policy that lets it share, and so has the organizer', async () => {
    const [a, b] = meeting.members(alice, bob);
    meeting.home.home.accounts.setPolicy(bob, { sharing: 'no' });
    expect(refusalIn((await share(b)).final)).toEqual([403, 3014]);
    await share(a);
    expect((await look(b)).final.status).toBe(200);
    meeting.setPolicy({ sharing: 'no' });
    expect(publicIn((await a.take('BYE'))[0])).toBe(21_002);
    expect(refusalIn((await share(a)).final)).toEqual([403, 3014]);
    expect(refusalIn((await look(b)).final)).toEqual([403, 3014]);
  });

  it('21002: is a presenter where only presenters share', async () => {
    meet({ sharing: 'presenters' });
    const [a, b] = meeting.members(alice, bob);
    const refused = (await share(b)).final;
    expect([refused.status, publicIn(refused)]).toEqual([403, 21_002]);
    a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'presenter' });
    expect((await share(b)).final.status).toBe(200);
    a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'attendee' });
    expect(publicIn((await b.take('BYE'))[0])).toBe(21_002);
    expect(flowOf(a, bob)).toBeNull();
  });

  it('21002: does not take over from a presenter as an attendee, but from another attendee', async () => {
    const [a, b, c] = meeting.members(alice, bob, carol);
    await share(a);
    expect(publicIn((await share(b)).final)).toBe(21_002);
    await a.endpoint.inDialog(await share(a), 'BYE').answered();
    expect((await share(b)).final.status).toBe(200);
    expect((await share(c)).final.status).toBe(200);
    expect(publicIn((await b.take('BYE'))[0])).toBe(21_000);
  });

  it('SHR-7: takes over; the one before hears 21000, viewers keep their dialogs', async () => {
    const [a, b, c] = meeting.members(alice, bob, carol);
    await share(b);
    await look(c);
    expect((await share(a)).final.status).toBe(200);
    expect((await b.take('BYE')).map(publicIn)).toEqual([21_000]);
    expect(await c.take('BYE')).toEqual([]);
    meeting.pause();
    const users = c.told().flatMap(({ users: some }) => some ?? []);
    const sharing = (aor: Aor) =>
      users
        .findLast((user) => user.aor === aor)
        ?.endpoints.map(({ sessionType, flow }) => (sessionType === 'applicationsharing' ? flow?.direction : null))
        .filter((direction) => direction != null);
    expect([sharing(alice), sharing(bob), sharing(carol)]).toEqual([['sendonly'], [], ['recvonly']]);
  });

  it('SHR-7: ends it for the viewers when nobody comes after', async () => {
    const [a, b, c] = meeting.members(alice, bob, carol);
    const session = await share(a);
    await Promise.all([look(b), look(c)]);
    expect(a.endpoint.inDialog(session, 'BYE').final.status).toBe(200);
    expect([(await b.take('BYE')).length, (await c.take('BYE')).length]).toEqual([1, 1]);
    expect([flowOf(b, alice), flowOf(c, bob)]).toEqual([null, null]);
    expect(forwarder.calls).toContain(`close ${focus}`);
    expect(refusalIn((await look(b)).final)).toEqual([480, 1]);
  });

  it('of two at once the second has it', async () => {
    const [a, b] = meeting.members(alice, bob);
    a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'presenter' });
    forwarder.holds = 'publish';
    const both = [share(a), share(b)] as const;
    await settle();
    expect(forwarder.calls.filter((call) => call.startsWith('publish'))).toHaveLength(1);
    forwarder.release();
    expect((await Promise.all(both)).map(({ final }) => final.status)).toEqual([200, 200]);
    expect((await a.take('BYE')).map(publicIn)).toEqual([21_000]);
    expect(await b.take('BYE')).toEqual([]);
  });

  it('that leaves while another is about to share takes nothing from the viewers', async () => {
    const [a, b, c] = meeting.members(alice, bob, carol);
    const session = await share(b);
    await look(c);
    forwarder.holds = 'publish';
    const next = share(a);
    await settle();
    b.endpoint.inDialog(session, 'BYE');
    forwarder.release();
    expect((await next).final.status).toBe(200);
    expect(await c.take('BYE')).toEqual([]);
    expect(forwarder.calls).not.toContain(`close ${focus}`);
  });

  it('whose connection breaks while the engine works is nowhere', async () => {
    const [a, b] = meeting.members(alice, bob);
    forwarder.holds = 'publish';
    void share(b);
    await settle();
    b.endpoint.connection.lose();
    forwarder.release();
    await settle();
    await settle();
    expect(flowOf(a, bob)).toBeNull();
    expect(forwarder.calls.at(-1)).toBe(`close ${focus}`);
    expect(refusalIn((await look(a)).final)).toEqual([480, 1]);
  });

  it('SHR-4: pauses and goes on, which the roster shows and the engine need not know', async () => {
    const [a, b] = meeting.members(alice, bob);
    const session = await share(a);
    forwarder.tell({ is: 'feed.flowing', room: focus, peer: forwarder.presenting(focus) });
    const calls = forwarder.calls.length;
    const paused = await reinvite(a, session, offerOf('sharer', 'inactive'));
    expect([paused.status, parseSharing(paused.body).flow, parseSharing(paused.body).role]).toEqual([
      200,
      'inactive',
      'viewer',
    ]);
    expect(flowOf(b, alice)).toBe('inactive connected');
    const again = await reinvite(a, session, offerOf('sharer', 'sendonly'));
    expect(parseSharing(again.body).flow).toBe('recvonly');
    expect(flowOf(b, alice)).toBe('sendonly connected');
    expect(forwarder.calls).toHaveLength(calls);
  });

  it('SHR-6: restarts ICE by another offer', async () => {
    const [a] = meeting.members(alice);
    const session = await share(a);
    const answer = await reinvite(a, session, offerOf('sharer', 'sendonly', 'anew'));
    expect([answer.status, parseSharing(answer.body).role]).toEqual([200, 'viewer']);
    expect(answer.body).toContain('a=ice-ufrag:ans2');
    expect(forwarder.sdps.at(-1)).toContain('a=ice-ufrag:anew');
    expect((await reinvite(a, session, offerOf('sharer', 'inactive', 'anew'))).body).toContain('a=ice-ufrag:ans2');
  });
});

describe('a viewer', () => {
  it('SHR-3: is offered to in the 200 and answers in the ACK; the roster shows it', async () => {
    const [a, b] = meeting.members(alice, bob);
    await share(a, offerOf('sharer', 'sendonly', 'brow', 'program'));
    const { final } = await look(b, null);
    expect([final.status, final.raw('contact')]).toEqual([200, `<${sharingOf(focus)}>`]);
    expect(parseSharing(final.body)).toMatchObject({ role: 'sharer', flow: 'sendonly', surface: 'program' });
    expect(flowOf(a, bob)).toBe('recvonly connecting');
    await look(b);
    expect(forwarder.sdps.at(-1)).toBe(offerOf('viewer', 'recvonly'));
    expect(flowOf(a, bob)).toBe('recvonly connected');
  });

  it('SHR-3: is told when nobody shares', async () => {
    expect(refusalIn((await look(meeting.member(bob))).final)).toEqual([480, 1]);
  });

  it.each([
    ['no answer', {}],
    ['an answer that is none', sdp('v=0\r\n')],
    ['the role of the sharer', sdp(offerOf('sharer', 'recvonly'))],
    ['another body', { contentType: 'text/plain', body: offerOf('viewer', 'recvonly') }],
  ])('SHR-3: with %s is hung up on', async (_what, answer) => {
    const [a, b] = meeting.members(alice, bob);
    await share(a);
    await look(b, answer);
    expect((await b.take('BYE')).length).toBe(1);
    expect(flowOf(a, bob)).toBeNull();
    expect(forwarder.calls.at(-1)).toBe(`leave ${focus}`);
  });

  it('SHR-3: whose answer the engine cannot use is hung up on', async () => {
    const [a, b] = meeting.members(alice, bob);
    await share(a);
    forwarder.failNext = { verb: 'accept', why: 'unusable' };
    await look(b);
    expect((await b.take('BYE')).map(publicIn)).toEqual([24_081]);
  });

  it('SHR-3: that never acknowledges is hung up on after 32 s', async () => {
    const [a, b] = meeting.members(alice, bob);
    await share(a);
    await look(b, null);
    meeting.home.clock.advance(31_000);
    expect(await b.take('BYE')).toEqual([]);
    meeting.home.clock.advance(1_000);
    expect(await b.take('BYE')).toHaveLength(1);
  });

  it('SHR-5: says that it does not look, and gets nothing until it does', async () => {
    const [a, b] = meeting.members(alice, bob);
    await share(a);
    const session = await look(b);
    const hidden = await reinvite(b, session, offerOf('viewer', 'inactive'));
    expect(parseSharing(hidden.body)).toMatchObject({ role: 'sharer', flow: 'inactive' });
    expect(hidden.body).not.toContain('actpass');
    expect(hidden.body.match(/a=setup:passive/g)).toHaveLength(3);
    expect(splitSdp(hidden.body).media[1]).toContain('a=inactive');
    expect(flowOf(a, bob)).toBe('inactive connected');
    const seen = await reinvite(b, session, offerOf('viewer', 'recvonly'));
    expect(parseSharing(seen.body).flow).toBe('sendonly');
    expect(forwarder.calls.filter((call) => call.startsWith('pause'))).toEqual([
      `pause ${focus} true`,
      `pause ${focus} false`,
    ]);
  });

  it('SHR-6: asks for a fresh offer without a body, and answers it in the ACK', async () => {
    const [a, b] = meeting.members(alice, bob);
    await share(a);
    const session = await look(b);
    const fresh = await reinvite(b, session, null);
    expect([fresh.status, fresh.raw('contact'), parseSharing(fresh.body).role]).toEqual([
      200,
      `<${sharingOf(focus)}>`,
      'sharer',
    ]);
    expect(fresh.body).not.toBe(session.final.body);
    expect(forwarder.sdps.at(-1)).toContain('a=ice-ufrag:fresh');
    expect(await b.take('BYE')).toEqual([]);
  });

  it.each([
    ['other media', offerOf('viewer', 'inactive').replace('a=mid:0', 'a=mid:7')],
    ['fewer media', offerOf('viewer', 'inactive').split('m=application')[0] ?? ''],
    ['more media', `${offerOf('viewer', 'inactive')}m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:3\r\n`],
    ['another role', offerOf('sharer', 'sendonly')],
    ['restarted ICE', offerOf('viewer', 'inactive', 'anew')],
    ['nothing of the kind', 'hello'],
  ])('a re-INVITE with %s is refused (488), its ACK is no answer, and the session lives', async (_what, body) => {
    const [a, b] = meeting.members(alice, bob);
    await share(a);
    const session = await look(b);
    expect(refusalIn(await reinvite(b, session, body))).toEqual([488, 52_063]);
    expect(await b.take('BYE')).toEqual([]);
    expect((await reinvite(b, session, offerOf('viewer', 'inactive'))).status).toBe(200);
  });

  it('a second INVITE of an endpoint replaces the first, also when it begins to share', async () => {
    const [a, b] = meeting.members(alice, bob);
    await share(a);
    const first = await look(b);
    await look(b);
    const byes = await b.take('BYE');
    expect(byes.map((bye) => bye.raw('call-id'))).toEqual([first.request.raw('call-id')]);
    a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'presenter' });
    await share(b);
    expect(await b.take('BYE')).toHaveLength(1);
    expect(flowOf(a, bob)).toBe('sendonly connecting');
  });

  it('late ones look at once', async () => {
    const [a] = meeting.members(alice);
    await share(a);
    const late = meeting.member(carol);
    expect(
      rosterIn(late.roster.final)
        .users?.find(({ aor }) => aor === alice)
        ?.endpoints.at(-1)?.flow?.direction,
    ).toBe('sendonly');
    expect((await look(late)).final.status).toBe(200);
  });

  it('who offers too often waits (503)', async () => {
    const [a, b] = meeting.members(alice, bob);
    await share(a);
    const session = await look(b);
    const answers: number[] = [];
    for (let count = 0; count < 15; count += 1) answers.push((await reinvite(b, session, null)).status);
    expect(answers).toContain(200);
    expect(answers.slice(-3)).toEqual([503, 503, 503]);
    meeting.home.clock.advance(5_000);
    expect((await reinvite(b, session, null)).status).toBe(200);
  });
});

describe('the end', () => {
  it('of a connection is the end of its leg; the sharer’s ends all', async () => {
    const [a, b, c] = meeting.members(alice, bob, carol);
    await share(a);
    await Promise.all([look(b), look(c)]);
    b.endpoint.connection.lose();
    expect(forwarder.calls.at(-1)).toBe(`leave ${focus}`);
    expect(await c.take('BYE')).toEqual([]);
    a.endpoint.connection.lose();
    expect(await c.take('BYE')).toHaveLength(1);
    expect(forwarder.calls.at(-1)).toBe(`close ${focus}`);
  });

  it('of a membership is the end of it too: removed, left, and the conference over', async () => {
    const [a, b, c] = meeting.members(alice, bob, carol);
    await share(a);
    await Promise.all([look(b), look(c)]);
    a.command({ is: 'deleteUser', focus, user: bob });
    expect(await b.take('BYE')).toHaveLength(3);
    c.endpoint.inDialog(c.dialog, 'BYE');
    expect(await c.take('BYE')).toHaveLength(2);
    a.command({ is: 'deleteConference', focus });
    expect(await a.take('BYE')).toHaveLength(3);
    expect(forwarder.calls.at(-1)).toBe(`close ${focus}`);
  });

  it.each([
    ['peer.lost', 24_081],
    ['peer.flooding', 24_081],
  ] as const)('%s is said with the BYE', async (is, id) => {
    const [a, b] = meeting.members(alice, bob);
    await share(a);
    await look(b);
    forwarder.tell({ is, room: focus, peer: 'nobody' });
    forwarder.tell({ is, room: focus, peer: forwarder.presenting(focus) });
    expect((await a.take('BYE')).map(publicIn)).toEqual([id]);
    expect(await b.take('BYE')).toHaveLength(1);
  });

  it('of the engine ends all, and one can share again', async () => {
    const [a, b] = meeting.members(alice, bob);
    await share(a);
    await look(b);
    forwarder.tell({ is: 'engine.lost', rooms: ['another', focus] });
    expect((await a.take('BYE')).map(publicIn)).toEqual([24_081]);
    expect((await b.take('BYE')).map(publicIn)).toEqual([24_081]);
    expect((await share(a)).final.status).toBe(200);
  });

  it('leaves a dialog that is known no more (481)', async () => {
    const [a] = meeting.members(alice);
    const session = await share(a);
    a.endpoint.inDialog(session, 'BYE');
    expect((await reinvite(a, session, offerOf('sharer', 'inactive'))).status).toBe(481);
  });
});
