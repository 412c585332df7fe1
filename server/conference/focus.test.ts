import { beforeEach, describe, expect, it } from 'vitest';
import { parseCccpResponse } from '../../src/protocol/lync/cccp';
import { parseAddUserAnswer } from '../../src/protocol/lync/conferenceCommands';
import { type Aor, type FocusUri, mcuUriOf } from '../../src/protocol/sip/uri';
import type { SipMessage } from '../codec';
import { tagOf } from '../headerFields';
import { c3p, conferenceId, create, focusOf, join, joining, Member, rosterIn, subscribe } from '../testing/conference';
import type { Draft, TestEndpoint } from '../testing/endpoint';
import { TestHome } from '../testing/home';

const [alice, bob, carol, erin] = ['alice', 'bob', 'carol', 'erin'].map(
  (user) => `sip:${user}@contoso.example` as Aor,
) as [Aor, Aor, Aor, Aor];

let home: TestHome;
let organizer: TestEndpoint;
let focus: FocusUri;
beforeEach(() => {
  home = new TestHome();
  home.addPerson('erin@contoso.example', 'Erin');
  organizer = home.signIn('alice@contoso.example');
  focus = create(organizer);
});

const signIn = (person: Aor) => home.signIn(person.slice('sip:'.length));
const member = (person: Aor) => new Member(person === alice ? organizer : signIn(person), focus);
const diagnosticsOf = (message: SipMessage) => [
  message.status,
  Number.parseInt(message.header('ms-diagnostics') ?? '', 10),
];
/** Long enough for every notice. */
const pause = () => home.clock.advance(1_000);
/** Members who have heard of each other. */
function members<const People extends readonly Aor[]>(...people: People): { [Index in keyof People]: Member } {
  const all = people.map(member);
  pause();
  for (const one of all) one.told();
  return all as { [Index in keyof People]: Member };
}

describe('joining', () => {
  it('6.3, CNF-8: answers with the keys, one user, the one role granted, and a Contact that is the focus', () => {
    const answer = join(signIn(bob), focus).final;
    expect(answer.raw('contact')).toBe(`<${focus}>;isfocus`);
    const response = parseCccpResponse(answer.body);
    expect(response).toMatchObject({ requestId: '17', code: 'success', from: focus, to: bob });
    expect(parseAddUserAnswer(response.command)).toBe('attendee');
    expect(answer.body).toContain(`<conferenceKeys confEntity="${focus}"/>`);
    expect(answer.body.match(/<ci:user /g)).toHaveLength(1);
    expect(answer.body.match(/<ci:entry>/g)).toHaveLength(1);
  });

  it.each([
    [alice, 'attendee', 'presenter'],
    [bob, 'presenter', 'attendee'],
  ] as const)('CNF-8: %s, who asks to be %s, is %s', (person, asked, granted) => {
    const endpoint = person === alice ? organizer : signIn(person);
    const command = { ...joining(focus, person), role: asked };
    const answer = endpoint.request('INVITE', focus, c3p(command, person, focus)).final;
    expect(parseAddUserAnswer(parseCccpResponse(answer.body).command)).toBe(granted);
  });

  it('CNF-9: refuses by the status: no such conference, locked, full', () => {
    const endpoint = signIn(bob);
    expect(diagnosticsOf(join(endpoint, focusOf(alice, 'UNKNOWN1')).final)).toEqual([404, 3012]);
    const [a] = members(alice);
    a.command({ is: 'modifyConferenceLock', focus, locked: true });
    const locked = join(endpoint, focus).final;
    expect(diagnosticsOf(locked)).toEqual([480, 3014]);
    expect(locked.header('ms-diagnostics')).toContain('The conference is locked');
    a.command({ is: 'modifyConferenceLock', focus, locked: false });
    home.home.accounts.setPolicy(alice, { meetingSize: 1 });
    const full = join(endpoint, focus).final;
    expect(diagnosticsOf(full)).toEqual([480, 3014]);
    expect(full.header('ms-diagnostics')).toContain('at most 1 people');
  });

  it('the organizer’s policy bounds the size, and a second device of a member is nobody new', () => {
    home.home.accounts.setPolicy(alice, { meetingSize: 2 });
    members(alice, bob);
    expect(join(signIn(bob), focus).final.status).toBe(200);
    expect(join(signIn(carol), focus).final.status).toBe(480);
  });

  it.each<[string, number, number, (endpoint: TestEndpoint) => Draft]>([
    ['for another', 403, 3014, ({ aor }) => c3p(joining(focus, carol), aor, focus)],
    ['in another’s name', 400, 3000, ({ aor }) => c3p(joining(focus, aor), carol, focus)],
    ['by an envelope to elsewhere', 400, 3001, ({ aor }) => c3p(joining(focus, aor), aor, focusOf(alice, 'UNKNOWN1'))],
    ['with the keys of another', 400, 3003, ({ aor }) => c3p(joining(focusOf(alice, 'UNKNOWN1'), aor), aor, focus)],
    [
      'with the keys of the chat',
      400,
      3003,
      ({ aor }) => c3p(joining(mcuUriOf(focus, 'chat') as FocusUri, aor), aor, focus),
    ],
    ['by dialing out', 400, 3007, ({ aor }) => c3p({ ...joining(focus, aor), dialOut: true }, aor, focus)],
    ['by another command', 400, 3007, ({ aor }) => c3p({ is: 'deleteUser', focus, user: aor }, aor, focus)],
    ['by a cut document', 400, 3006, () => ({ contentType: 'application/cccp+xml', body: '<request><addUser' })],
    ['by SDP', 415, Number.NaN, () => ({ contentType: 'application/sdp', body: 'v=0' })],
  ])('refuses to let one in %s', (_what, status, id, draft) => {
    const [a] = members(alice);
    const endpoint = signIn(bob);
    expect(diagnosticsOf(endpoint.request('INVITE', focus, draft(endpoint)).final)).toEqual([status, id]);
    pause();
    expect(a.told()).toEqual([]);
  });

  it('CNF-10: who offers a session timer gets one, and refreshes it; who does not is never ended by it', () => {
    const timer = [
      ['Supported', 'timer'],
      ['Session-Expires', '7200;refresher=uac'],
    ] as const;
    const endpoint = signIn(bob);
    const dialog = join(endpoint, focus, timer);
    for (const answer of [
      dialog.final,
      endpoint.inDialog(dialog, 'UPDATE', { headers: timer }).final,
      endpoint.inDialog(dialog, 'INVITE', { headers: timer }).final,
    ]) {
      expect(answer.status).toBe(200);
      expect([answer.header('require'), answer.header('session-expires')]).toEqual(['timer', '7200;refresher=uac']);
      expect(answer.raw('contact')).toBe(`<${focus}>;isfocus`);
    }
    const [sipe] = members(carol);
    expect(sipe.dialog.final.header('require')).toBeUndefined();
    home.clock.advance(3 * 3_600_000);
    expect(sipe.command({ is: 'modifyConferenceLock', focus, locked: true }).status).toBe(403);
  });

  it('RFC 4028 §5: bounds the session timer', () => {
    const asking = (seconds: string) =>
      join(signIn(bob), focus, [
        ['Supported', 'timer'],
        ['Session-Expires', seconds],
      ]).final.header('session-expires');
    expect([asking('1'), asking('999999'), asking('soon')]).toEqual([
      '90;refresher=uac',
      '7200;refresher=uac',
      '7200;refresher=uac',
    ]);
  });

  it('CNF-11: a second INVITE of an endpoint replaces the first, and its chat', async () => {
    const [a, b] = members(alice, bob);
    const again = join(b.endpoint, focus);
    expect(again.final.status).toBe(200);
    expect(await b.take('BYE')).toHaveLength(1);
    expect(b.endpoint.inDialog(b.dialog, 'BYE').final.status).toBe(481);
    pause();
    const users = a.told().at(-1)?.users;
    expect(users?.map(({ aor, endpoints }) => [aor, endpoints.map(({ sessionType }) => sessionType)])).toEqual([
      [bob, ['focus']],
    ]);
    expect(b.endpoint.inDialog(again, 'BYE').final.status).toBe(200);
    pause();
    expect(a.told().at(-1)?.users).toMatchObject([{ aor: bob, isDeleted: true }]);
  });

  it('names the endpoints itself when the name given is none, or endless', () => {
    const b = signIn(bob);
    const long = { ...joining(focus, bob), endpoint: 'x'.repeat(1000) };
    b.request('INVITE', focus, c3p(long, bob, focus));
    expect(rosterIn(subscribe(b, focus).final).users?.[0]?.endpoints[0]?.entity).toBe(`{${b.instance}}`);
  });
});

describe('the roster', () => {
  it('6.4, CNF-14, CNF-18 to CNF-22: the first document is whole', () => {
    const [, b] = members(alice, bob);
    const answer = subscribe(b.endpoint, focus).final;
    expect([answer.status, answer.header('event'), answer.header('ms-piggyback-cseq')]).toEqual([
      200,
      'conference',
      '1',
    ]);
    expect(answer.header('content-type')).toBe('application/conference-info+xml');
    expect(rosterIn(answer)).toMatchObject({
      entity: focus,
      state: 'full',
      locked: false,
      description: {
        subject: 'Draft review',
        chatUri: mcuUriOf(focus, 'chat'),
        organizer: { aor: alice, displayName: 'Alice Ångström' },
        conferenceId,
        admissionPolicy: 'openAuthenticated',
        history: 'all',
        maxSize: 250,
      },
      users: [
        {
          aor: alice,
          displayName: 'Alice Ångström',
          role: 'presenter',
          endpoints: [
            { sessionType: 'focus', status: 'connected', uri: organizer.gruu },
            { sessionType: 'chat', status: 'connected' },
          ],
        },
        { aor: bob, role: 'attendee' },
      ],
    });
  });

  it('is for participants: others are refused, also by poll', () => {
    const c = signIn(carol);
    expect(diagnosticsOf(subscribe(c, focus).final)).toEqual([403, 3014]);
    const poll = c.request('SUBSCRIBE', focus, {
      headers: [
        ['Event', 'conference'],
        ['Expires', '0'],
      ],
    });
    expect(poll.final.status).toBe(403);
    expect(c.request('SUBSCRIBE', focus, { headers: [['Event', 'presence']] }).final.status).toBe(489);
  });

  it('CNF-15: versions count up by one, for all the same', () => {
    const [a, b] = members(alice, bob);
    const first = rosterIn(subscribe(a.endpoint, focus).final).version;
    a.command({ is: 'modifyConferenceLock', focus, locked: true });
    pause();
    a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'presenter' });
    pause();
    const [toB, toA] = [b.told(), a.told()];
    expect(toB.map(({ version, state }) => [version, state])).toEqual([
      [first + 1, 'partial'],
      [first + 2, 'partial'],
    ]);
    // Alice has two subscriptions by now.
    expect(toA.map(({ version }) => version)).toEqual([first + 1, first + 1, first + 2, first + 2]);
    expect(rosterIn(subscribe(b.endpoint, focus).final).version).toBe(first + 2);
  });

  it('CNF-16: who changed is told complete; CNF-17: who left is told as deleted', () => {
    const [a, b] = members(alice, bob);
    const phone = signIn(bob);
    const second = join(phone, focus);
    pause();
    const told = a.told().at(-1)?.users;
    expect(told?.map(({ aor, endpoints }) => [aor, endpoints.map(({ sessionType }) => sessionType)])).toEqual([
      [bob, ['focus', 'chat', 'focus']],
    ]);
    phone.inDialog(second, 'BYE');
    b.endpoint.inDialog(b.dialog, 'BYE');
    pause();
    expect(a.told().at(-1)).toMatchObject({ state: 'partial', users: [{ aor: bob, isDeleted: true, endpoints: [] }] });
  });

  it('many changes in one moment are one document for each member, the first at once', () => {
    const [a, b] = members(alice, bob);
    for (const locked of [true, false, true, false, true]) a.command({ is: 'modifyConferenceLock', focus, locked });
    expect(b.told().map(({ locked }) => locked)).toEqual([true]);
    home.clock.advance(199);
    expect(b.told()).toEqual([]);
    home.clock.advance(1);
    expect(b.told().map(({ locked }) => locked)).toEqual([true]);
    pause();
    expect(b.told()).toEqual([]);
  });

  it('who has left hears no more of it, though the subscription was never ended (as SIPE leaves)', () => {
    const [a, b] = members(alice, bob);
    b.endpoint.inDialog(b.dialog, 'BYE');
    const [last] = b.endpoint.incoming.filter(({ method }) => method === 'BENOTIFY').slice(-1);
    expect(last?.header('subscription-state')).toMatch(/^terminated/);
    b.told();
    a.command({ is: 'modifyConferenceLock', focus, locked: true });
    pause();
    expect(b.endpoint.incoming.filter(({ method }) => method === 'BENOTIFY')).toEqual([]);
  });

  it('a person’s other device hears on when one leaves', () => {
    const [a, b] = members(alice, bob);
    const phone = member(bob);
    pause();
    phone.told();
    b.endpoint.inDialog(b.dialog, 'BYE');
    pause();
    expect(phone.told().at(-1)?.users?.[0]?.endpoints).toHaveLength(2);
    a.command({ is: 'modifyConferenceLock', focus, locked: true });
    pause();
    expect(phone.told().at(-1)?.locked).toBe(true);
  });

  it('an endpoint that subscribes over and over has a few subscriptions, not all', () => {
    const [a, b] = members(alice, bob);
    for (let count = 0; count < 50; count += 1) subscribe(b.endpoint, focus);
    b.told();
    a.command({ is: 'modifyConferenceLock', focus, locked: true });
    expect(b.told()).toHaveLength(4);
  });
});

describe('commands', () => {
  it('6.6 deleteUser: 202, BYE in the focus and the chat, the roster says so, and the person hears no more', async () => {
    const [a, b, c] = members(alice, bob, carol);
    expect(a.command({ is: 'deleteUser', focus, user: carol }).status).toBe(202);
    expect((await c.take('BYE')).map((bye) => bye.raw('call-id'))).toEqual([
      c.dialog.request.raw('call-id'),
      c.chat.request.raw('call-id'),
    ]);
    pause();
    for (const one of [a, b]) expect(one.told().at(-1)?.users).toMatchObject([{ aor: carol, isDeleted: true }]);
    const notices = c.endpoint.incoming.filter(({ method }) => method === 'BENOTIFY');
    expect(rosterIn(notices[0] as SipMessage).users).toMatchObject([{ aor: carol, isDeleted: true }]);
    expect(notices.at(-1)?.header('subscription-state')).toContain('terminated;reason=rejected');
    expect(c.say('still here?').status).toBe(481);
    expect(c.command({ is: 'deleteUser', focus, user: bob }).status).toBe(481);
    expect(subscribe(c.endpoint, focus).final.status).toBe(403);
  });

  it('6.6 deleteUser: all devices of the person', async () => {
    const [a, b] = members(alice, bob);
    const phone = member(bob);
    a.command({ is: 'deleteUser', focus, user: bob });
    for (const device of [b, phone]) expect(await device.take('BYE')).toHaveLength(2);
    pause();
    expect(a.told().at(-1)?.users).toMatchObject([{ aor: bob, isDeleted: true }]);
  });

  it('6.6 modifyUserRoles: told to all, and binding', () => {
    const [a, b, c] = members(alice, bob, carol);
    expect(a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'presenter' }).status).toBe(202);
    pause();
    expect(c.told().at(-1)?.users).toMatchObject([{ aor: bob, role: 'presenter' }]);
    expect(b.command({ is: 'modifyConferenceLock', focus, locked: true }).status).toBe(202);
    a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'attendee' });
    expect(b.command({ is: 'modifyConferenceLock', focus, locked: false }).status).toBe(403);
  });

  it('6.6 modifyConferenceLock: told to all; CNF-9: newcomers are refused until it is unlocked', () => {
    const [a, b] = members(alice, bob);
    expect(a.command({ is: 'modifyConferenceLock', focus, locked: true }).status).toBe(202);
    pause();
    expect(b.told().at(-1)).toMatchObject({ locked: true, users: [] });
    const c = signIn(carol);
    expect(join(c, focus).final.status).toBe(480);
    a.command({ is: 'modifyConferenceLock', focus, locked: false });
    expect(join(c, focus).final.status).toBe(200);
  });

  it('6.6 deleteConference, CNF-24: told as deleted and terminated, BYE on every dialog, and gone', async () => {
    const [a, b] = members(alice, bob);
    expect(a.command({ is: 'deleteConference', focus }).status).toBe(202);
    for (const one of [a, b]) {
      const last = one.endpoint.incoming.find(({ method }) => method === 'BENOTIFY') as SipMessage;
      expect(last.header('subscription-state')).toContain('terminated;reason=noresource');
      expect(rosterIn(last).state).toBe('deleted');
      expect(await one.take('BYE')).toHaveLength(2);
    }
    expect(diagnosticsOf(join(organizer, focus).final)).toEqual([404, 3012]);
    expect(home.home.core.clientTransactions.size).toBe(0);
  });

  type Command = Parameters<Member['command']>[0];
  const commandsOf = (target: FocusUri, user: Aor): Command[] => [
    { is: 'deleteUser', focus: target, user },
    { is: 'modifyUserRoles', focus: target, user, role: 'presenter' },
    { is: 'modifyConferenceLock', focus: target, locked: true },
    { is: 'deleteConference', focus: target },
    { ...joining(target, user), dialOut: true },
  ];

  it('3014: an attendee may do none of it, but to leave', () => {
    const [a, b] = members(alice, bob, carol);
    for (const command of commandsOf(focus, carol))
      expect([command.is, ...diagnosticsOf(b.command(command))]).toEqual([command.is, 403, 3014]);
    expect(diagnosticsOf(b.command({ is: 'modifyUserRoles', focus, user: bob, role: 'presenter' }))).toEqual([
      403, 3014,
    ]);
    pause();
    expect(a.told()).toEqual([]);
    expect(b.command({ is: 'deleteUser', focus, user: bob }).status).toBe(202);
  });

  it('3014: nobody acts on the organizer', () => {
    const [a, b] = members(alice, bob);
    a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'presenter' });
    expect(diagnosticsOf(b.command({ is: 'deleteUser', focus, user: alice }))).toEqual([403, 3014]);
    expect(diagnosticsOf(b.command({ is: 'modifyUserRoles', focus, user: alice, role: 'attendee' }))).toEqual([
      403, 3014,
    ]);
  });

  it('3002: nobody acts on who is not there', () => {
    const [a] = members(alice);
    expect(diagnosticsOf(a.command({ is: 'deleteUser', focus, user: carol }))).toEqual([404, 3002]);
    expect(diagnosticsOf(a.command({ is: 'modifyUserRoles', focus, user: erin, role: 'presenter' }))).toEqual([
      404, 3002,
    ]);
  });

  it('3003: nobody acts on another conference through this one', () => {
    const other = create(organizer, { id: 'OTHER123' });
    const [a] = members(alice, bob);
    for (const command of commandsOf(other, bob)) expect(diagnosticsOf(a.command(command))).toEqual([400, 3003]);
    expect(join(organizer, other).final.status).toBe(200);
  });

  it.each<[string, number, number, (a: Member) => Draft]>([
    ['in another’s name', 400, 3000, ({ focus: to }) => c3p({ is: 'deleteConference', focus: to }, bob, to)],
    ['to elsewhere', 400, 3001, ({ focus: to }) => c3p({ is: 'deleteConference', focus: to }, alice, focusOf(bob))],
    ['that is cut', 400, 3006, () => ({ body: '<request><deleteConf' })],
    [
      'with a lock that does not say',
      400,
      3006,
      (a) => ({
        body:
          c3p({ is: 'modifyConferenceLock', focus: a.focus, locked: true }, alice, a.focus).body?.replace('true', '') ??
          '',
      }),
    ],
    [
      'that nobody knows',
      501,
      3004,
      (a) => ({
        body: c3p({ is: 'getConferences' }, alice, a.focus).body?.replace('getConferences', 'renameUser') ?? '',
      }),
    ],
    ['for the factory', 501, 3004, (a) => c3p({ is: 'getConferences' }, alice, a.focus)],
    ['to dial out', 501, 3004, (a) => c3p({ ...joining(a.focus, erin), dialOut: true }, alice, a.focus)],
    ['of another type', 415, Number.NaN, () => ({ contentType: 'text/plain', body: 'end' })],
  ])('refuses a presenter’s command %s', (_what, status, id, changes) => {
    const [a, b] = members(alice, bob);
    expect(diagnosticsOf(a.command({ is: 'deleteConference', focus }, changes(a)))).toEqual([status, id]);
    pause();
    expect(b.told()).toEqual([]);
  });

  it('takes none in a dialog from anybody but whose dialog it is', () => {
    const [a] = members(alice);
    const mallory = signIn(carol);
    const stolen = {
      callId: a.dialog.request.raw('call-id') ?? '',
      fromTag: tagOf(a.dialog.request.raw('from') ?? ''),
      toTag: tagOf(a.dialog.final.raw('to') ?? ''),
    };
    const end = c3p({ is: 'deleteConference', focus }, carol, focus);
    expect(mallory.request('INFO', focus, { ...end, ...stolen }).final.status).toBe(481);
    expect(mallory.request('INFO', focus, { ...end, ...stolen, from: alice }).final.status).toBe(403);
    expect(mallory.request('BYE', focus, stolen).final.status).toBe(481);
    expect(mallory.request('INFO', focus, end).final.status).toBe(501);
    expect(join(organizer, focus).final.status).toBe(200);
  });

  it('answers OPTIONS, and nothing else', () => {
    const [a] = members(alice);
    expect(a.endpoint.inDialog(a.dialog, 'OPTIONS').final.status).toBe(200);
    expect(a.endpoint.inDialog(a.dialog, 'REFER').final.status).toBe(501);
    expect(a.endpoint.request('OPTIONS', focus).final.status).toBe(501);
  });
});

describe('leaving and losing', () => {
  it('5.8: who leaves is no member any more, and stands before a locked door', () => {
    const [a, b] = members(alice, bob);
    a.command({ is: 'modifyConferenceLock', focus, locked: true });
    b.endpoint.inDialog(b.dialog, 'BYE');
    expect(join(b.endpoint, focus).final.status).toBe(480);
    a.endpoint.inDialog(a.dialog, 'BYE');
    expect(join(organizer, focus).final.status).toBe(200);
  });

  it('who only lost the connection may come back, in the same role, though it is locked and was full', () => {
    home.home.accounts.setPolicy(alice, { meetingSize: 3 });
    const [a, b] = members(alice, bob);
    a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'presenter' });
    a.command({ is: 'modifyConferenceLock', focus, locked: true });
    b.endpoint.connection.lose();
    pause();
    expect(a.told().at(-1)?.users).toMatchObject([{ aor: bob, isDeleted: true }]);
    const back = join(signIn(bob), focus).final;
    expect(parseAddUserAnswer(parseCccpResponse(back.body).command)).toBe('presenter');
  });

  it('who was removed is a newcomer again', () => {
    const [a, b] = members(alice, bob);
    a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'presenter' });
    a.command({ is: 'deleteUser', focus, user: bob });
    const back = join(b.endpoint, focus).final;
    expect(parseAddUserAnswer(parseCccpResponse(back.body).command)).toBe('attendee');
  });

  it('who is disabled in the middle is out for all', () => {
    const [a] = members(alice, bob);
    home.home.accounts.setDisabled(bob, true);
    pause();
    expect(a.told().at(-1)?.users).toMatchObject([{ aor: bob, isDeleted: true }]);
  });

  it('keeps nothing of who is gone', () => {
    members(alice, bob, carol);
    organizer.connection.lose();
    home.clock.advance(60_000);
    expect(home.home.core.clientTransactions.size).toBe(0);
  });
});
