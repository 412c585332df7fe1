import { beforeEach, describe, expect, it } from 'vitest';
import { type FocusUri, mcuUriOf } from '../../src/protocol/sip/uri';
import { conferenceId, join, rosterIn, subscribe } from '../testing/conference';
import { alice, bob, carol, Meeting, refusalIn } from '../testing/meeting';
import { lyncAbilities } from '../testing/presence';

let meeting: Meeting;
let focus: FocusUri;
beforeEach(() => {
  meeting = new Meeting();
  focus = meeting.focus;
});

describe('the roster', () => {
  it('6.4, CNF-14, CNF-18 to CNF-22: the first document is whole', () => {
    const [, b] = meeting.members(alice, bob);
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
            { sessionType: 'focus', status: 'connected', uri: meeting.organizer.gruu },
            { sessionType: 'chat', status: 'connected' },
          ],
        },
        { aor: bob, role: 'attendee' },
      ],
    });
  });

  it('is for participants: others are refused, also by poll', () => {
    const c = meeting.signIn(carol);
    expect(refusalIn(subscribe(c, focus).final)).toEqual([403, 3014]);
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
    const [a, b] = meeting.members(alice, bob);
    const first = rosterIn(subscribe(a.endpoint, focus).final).version;
    a.command({ is: 'modifyConferenceLock', focus, locked: true });
    meeting.pause();
    a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'presenter' });
    meeting.pause();
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
    const [a, b] = meeting.members(alice, bob);
    const phone = meeting.signIn(bob);
    const second = join(phone, focus);
    meeting.pause();
    const told = a.told().at(-1)?.users;
    expect(told?.map(({ aor, endpoints }) => [aor, endpoints.map(({ sessionType }) => sessionType)])).toEqual([
      [bob, ['focus', 'chat', 'focus']],
    ]);
    phone.inDialog(second, 'BYE');
    b.endpoint.inDialog(b.dialog, 'BYE');
    meeting.pause();
    expect(a.told().at(-1)).toMatchObject({ state: 'partial', users: [{ aor: bob, isDeleted: true, endpoints: [] }] });
  });

  it('many changes in one moment are one document for each member, the first at once', () => {
    const [a, b] = meeting.members(alice, bob);
    for (const locked of [true, false, true, false, true]) a.command({ is: 'modifyConferenceLock', focus, locked });
    expect(b.told().map(({ locked }) => locked)).toEqual([true]);
    meeting.home.clock.advance(199);
    expect(b.told()).toEqual([]);
    meeting.home.clock.advance(1);
    expect(b.told().map(({ locked }) => locked)).toEqual([true]);
    meeting.pause();
    expect(b.told()).toEqual([]);
  });

  it('who has left hears no more of it, though the subscription was never ended (as SIPE leaves)', () => {
    const [a, b] = meeting.members(alice, bob);
    b.endpoint.inDialog(b.dialog, 'BYE');
    const [last] = b.endpoint.incoming.filter(({ method }) => method === 'BENOTIFY').slice(-1);
    expect(last?.header('subscription-state')).toMatch(/^terminated/);
    b.told();
    a.command({ is: 'modifyConferenceLock', focus, locked: true });
    meeting.pause();
    expect(b.endpoint.incoming.filter(({ method }) => method === 'BENOTIFY')).toEqual([]);
  });

  it('6.5: a SUBSCRIBE outside the dialog with Expires 0, as SIPE leaves, ends the one before', () => {
    const [a, b] = meeting.members(alice, bob);
    const poll = subscribe(b.endpoint, focus, [...lyncAbilities, ['Expires', '0']]).final;
    expect([poll.status, poll.header('subscription-state')]).toEqual([200, 'terminated;expires=0']);
    b.told();
    a.command({ is: 'modifyConferenceLock', focus, locked: true });
    meeting.pause();
    expect(a.told()).toHaveLength(1);
    expect(b.told()).toEqual([]);
  });

  it('a person’s other device hears on when one leaves', () => {
    const [a, b] = meeting.members(alice, bob);
    const phone = meeting.member(bob);
    meeting.pause();
    phone.told();
    b.endpoint.inDialog(b.dialog, 'BYE');
    meeting.pause();
    expect(phone.told().at(-1)?.users?.[0]?.endpoints).toHaveLength(2);
    a.command({ is: 'modifyConferenceLock', focus, locked: true });
    meeting.pause();
    expect(phone.told().at(-1)?.locked).toBe(true);
  });

  it('an endpoint that subscribes over and over has a few subscriptions, not all', () => {
    const [a, b] = meeting.members(alice, bob);
    for (let count = 0; count < 50; count += 1) subscribe(b.endpoint, focus);
    b.told();
    a.command({ is: 'modifyConferenceLock', focus, locked: true });
    expect(b.told()).toHaveLength(4);
  });
});
