import { beforeEach, describe, expect, it } from 'vitest';
import type { Aor, FocusUri } from '../../src/protocol/sip/uri';
import type { SipMessage } from '../codec';
import { tagOf } from '../headerFields';
import { c3p, create, focusOf, join, joining, type Member, rosterIn, subscribe } from '../testing/conference';
import type { Draft } from '../testing/endpoint';
import { alice, bob, carol, Meeting, refusalIn } from '../testing/meeting';

let meeting: Meeting;
let focus: FocusUri;
beforeEach(() => {
  meeting = new Meeting();
  focus = meeting.focus;
});

describe('commands', () => {
  it('6.6 deleteUser, CNF-17: the roster says so and falls silent, then focus and chat hang up', async () => {
    const [a, b, c] = meeting.members(alice, bob, carol);
    expect(a.command({ is: 'deleteUser', focus, user: carol }).status).toBe(202);
    expect(c.endpoint.incoming.map(({ method }) => method)).toEqual(['BENOTIFY', 'BENOTIFY', 'BYE', 'BYE']);
    const [told, silent, ...byes] = c.endpoint.incoming;
    expect(told && rosterIn(told).users).toMatchObject([{ aor: carol, isDeleted: true }]);
    expect(silent?.header('subscription-state')).toBe('terminated;reason=rejected;expires=0');
    expect(byes.map((bye) => bye.raw('call-id'))).toEqual([
      c.dialog.request.raw('call-id'),
      c.chat.request.raw('call-id'),
    ]);
    meeting.pause();
    for (const one of [a, b])
      expect(one.told().map(({ users }) => users)).toMatchObject([[{ aor: carol, isDeleted: true }]]);
    expect(c.say('still here?').status).toBe(481);
    expect(c.command({ is: 'deleteUser', focus, user: bob }).status).toBe(481);
    expect(subscribe(c.endpoint, focus).final.status).toBe(403);
  });

  it('6.6 deleteUser: all devices of the person', async () => {
    const [a, b] = meeting.members(alice, bob);
    const phone = meeting.member(bob);
    a.command({ is: 'deleteUser', focus, user: bob });
    for (const device of [b, phone]) expect(await device.take('BYE')).toHaveLength(2);
    meeting.pause();
    expect(a.told().at(-1)?.users).toMatchObject([{ aor: bob, isDeleted: true }]);
  });

  it('6.6 modifyUserRoles: told to all, and binding', () => {
    const [a, b, c] = meeting.members(alice, bob, carol);
    expect(a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'presenter' }).status).toBe(202);
    meeting.pause();
    expect(c.told().at(-1)?.users).toMatchObject([{ aor: bob, role: 'presenter' }]);
    expect(b.command({ is: 'modifyConferenceLock', focus, locked: true }).status).toBe(202);
    a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'attendee' });
    expect(b.command({ is: 'modifyConferenceLock', focus, locked: false }).status).toBe(403);
  });

  it('6.6 modifyConferenceLock: told to all; CNF-9: newcomers are refused until it is unlocked', () => {
    const [a, b] = meeting.members(alice, bob);
    expect(a.command({ is: 'modifyConferenceLock', focus, locked: true }).status).toBe(202);
    meeting.pause();
    expect(b.told().at(-1)).toMatchObject({ locked: true, users: [] });
    const c = meeting.signIn(carol);
    expect(join(c, focus).final.status).toBe(480);
    a.command({ is: 'modifyConferenceLock', focus, locked: false });
    expect(join(c, focus).final.status).toBe(200);
  });

  it('6.6 deleteConference, CNF-24: told as deleted and terminated, BYE on every dialog, and gone', async () => {
    const [a, b] = meeting.members(alice, bob);
    expect(a.command({ is: 'deleteConference', focus }).status).toBe(202);
    for (const one of [a, b]) {
      const last = one.endpoint.incoming.find(({ method }) => method === 'BENOTIFY') as SipMessage;
      expect(last.header('subscription-state')).toContain('terminated;reason=noresource');
      expect(rosterIn(last).state).toBe('deleted');
      expect(await one.take('BYE')).toHaveLength(2);
    }
    expect(refusalIn(join(meeting.organizer, focus).final)).toEqual([404, 3012]);
    expect(meeting.home.home.core.clientTransactions.size).toBe(0);
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
    const [a, b] = meeting.members(alice, bob, carol);
    for (const command of commandsOf(focus, carol))
      expect([command.is, ...refusalIn(b.command(command))]).toEqual([command.is, 403, 3014]);
    expect(refusalIn(b.command({ is: 'modifyUserRoles', focus, user: bob, role: 'presenter' }))).toEqual([403, 3014]);
    meeting.pause();
    expect(a.told()).toEqual([]);
    expect(b.command({ is: 'deleteUser', focus, user: bob }).status).toBe(202);
  });

  it('3014: nobody acts on the organizer', () => {
    const [a, b] = meeting.members(alice, bob);
    a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'presenter' });
    expect(refusalIn(b.command({ is: 'deleteUser', focus, user: alice }))).toEqual([403, 3014]);
    expect(refusalIn(b.command({ is: 'modifyUserRoles', focus, user: alice, role: 'attendee' }))).toEqual([403, 3014]);
  });

  it('3002: nobody acts on who is not there', () => {
    const [a] = meeting.members(alice);
    expect(refusalIn(a.command({ is: 'deleteUser', focus, user: carol }))).toEqual([404, 3002]);
    expect(refusalIn(a.command({ is: 'modifyUserRoles', focus, user: carol, role: 'presenter' }))).toEqual([404, 3002]);
  });

  it('3003: nobody acts on another conference through this one', () => {
    const other = create(meeting.organizer, { id: 'OTHER123' });
    const [a] = meeting.members(alice, bob);
    for (const command of commandsOf(other, bob)) expect(refusalIn(a.command(command))).toEqual([400, 3003]);
    expect(join(meeting.organizer, other).final.status).toBe(200);
  });

  it.each<[string, number, number | null, (a: Member) => Draft]>([
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
    ['to dial out', 501, 3004, (a) => c3p({ ...joining(a.focus, carol), dialOut: true }, alice, a.focus)],
    ['of another type', 415, null, () => ({ contentType: 'text/plain', body: 'end' })],
  ])('refuses a presenter’s command %s', (_what, status, id, changes) => {
    const [a, b] = meeting.members(alice, bob);
    expect(refusalIn(a.command({ is: 'deleteConference', focus }, changes(a)))).toEqual([status, id]);
    meeting.pause();
    expect(b.told()).toEqual([]);
  });

  it('takes none in a dialog from anybody but whose dialog it is', () => {
    const [a] = meeting.members(alice);
    const mallory = meeting.signIn(carol);
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
    expect(join(meeting.organizer, focus).final.status).toBe(200);
  });

  it('answers OPTIONS, and nothing else', () => {
    const [a] = meeting.members(alice);
    expect(a.endpoint.inDialog(a.dialog, 'OPTIONS').final.status).toBe(200);
    expect(a.endpoint.inDialog(a.dialog, 'REFER').final.status).toBe(501);
    expect(a.endpoint.request('OPTIONS', focus).final.status).toBe(501);
  });
});
