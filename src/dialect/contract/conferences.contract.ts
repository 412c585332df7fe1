import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alice, bob, carol } from '../../testing/people';
import { key, type Scene } from './scene.contract';

export function describeConferences(opening: () => Promise<Scene>): void {
  let scene: Scene;
  beforeEach(async () => {
    scene = await opening();
  });
  afterEach(() => scene.bench.close());

  describe('conferences', () => {
    it('is made by one, who joins like everybody else, as presenter', async () => {
      const a = await scene.signedIn(alice);
      const focus = await scene.value(a.dialect.conferences.create('Draft review'));
      const place = await scene.value(a.dialect.conferences.join(focus, key, 0));
      expect(place.role).toBe('presenter');
      await scene.elapse(1_000);
      expect(a.host.last('conference.changed')).toMatchObject({
        focus,
        subject: 'Draft review',
        organizer: alice,
        locked: false,
        roster: [{ aor: alice, role: 'presenter', inChat: true }],
      });
    });

    it('asks people in, under the conversation that it came from', async () => {
      const { focus, a } = await scene.meeting();
      const b = await scene.signedIn(bob);
      const invited = a.dialect.conferences.invite(focus, key, 'Draft review', bob);
      await scene.elapse(100);
      const invitation = b.host.last('conference.invited');
      expect(invitation).toMatchObject({ focus, from: alice, key, subject: 'Draft review' });
      b.dialect.conferences.accept(invitation.thread);
      expect((await scene.answered(invited)).ok).toBe(true);
    });

    it('says that somebody declined, or is offline', async () => {
      const { focus, a } = await scene.meeting();
      const b = await scene.signedIn(bob);
      const declined = a.dialect.conferences.invite(focus, key, 'Draft review', bob);
      await scene.elapse(100);
      b.dialect.conferences.decline(b.host.last('conference.invited').thread);
      const refused = (status: number) => ({ ok: false, failure: { is: 'rejected', status } });
      expect(await scene.answered(declined)).toMatchObject(refused(603));
      const offline = a.dialect.conferences.invite(focus, key, 'Draft review', carol);
      expect(await scene.answered(offline)).toMatchObject(refused(480));
    });

    it('withdraws an invitation that another endpoint of the person answered', async () => {
      const { focus, a } = await scene.meeting();
      const [desk, phone] = [await scene.signedIn(bob), await scene.signedIn(bob)];
      const invited = a.dialect.conferences.invite(focus, key, 'Draft review', bob);
      await scene.elapse(100);
      desk.dialect.conferences.accept(desk.host.last('conference.invited').thread);
      await scene.answered(invited);
      await scene.elapse(100);
      const { thread } = phone.host.last('conference.invited');
      expect(phone.host.last('conference.withdrawn')).toMatchObject({ thread, elsewhere: true });
    });

    it('asks who takes part in an exchange at the endpoint that does, and at all when none does any more', async () => {
      const { a, b } = await scene.talking();
      const phone = await scene.signedIn(bob);
      const focus = await scene.value(a.dialect.conferences.create(''));
      await scene.value(a.dialect.conferences.join(focus, key, 0));
      const thread = a.dialect.im.thread(bob, key);
      const invited = a.dialect.conferences.invite(focus, key, '', bob, thread);
      await scene.elapse(100);
      b.dialect.conferences.accept(b.host.last('conference.invited').thread);
      expect((await scene.answered(invited)).ok).toBe(true);
      expect(phone.host.all('conference.invited')).toEqual([]);
      a.dialect.im.close(thread);
      await scene.elapse(100);
      void a.dialect.conferences.invite(focus, key, '', bob, thread);
      await scene.elapse(100);
      expect([b, phone].map((endpoint) => endpoint.host.all('conference.invited').length)).toEqual([2, 1]);
    });

    it('shows who is there to everybody, and who came and left', async () => {
      const { focus, a, rest } = await scene.meeting(bob, carol);
      const [b, c] = rest;
      for (const person of [a, b, c]) expect(person?.host.roster(focus)).toEqual([alice, bob, carol]);
      await b?.dialect.conferences.leave(focus);
      await scene.elapse(1_000);
      for (const person of [a, c]) expect(person?.host.roster(focus)).toEqual([alice, carol]);
      expect(b?.host.all('conference.left')).toEqual([]);
    });

    it('gives everybody the same messages in the same order, numbered by the focus', async () => {
      const { focus, a, rest } = await scene.meeting(bob, carol);
      const [b, c] = rest;
      if (b === undefined || c === undefined) throw new Error('nobody came');
      const sent = [a.tell(focus, 'a1'), b.tell(focus, 'b1'), c.tell(focus, 'c1'), a.tell(focus, 'a2')];
      const numbers: (number | null)[] = [];
      for (const outcome of sent) numbers.push((await scene.value(outcome)).number);
      expect([...numbers].sort()).toEqual([1, 2, 3, 4]);
      await scene.elapse(1_000);
      const said = ['a1', 'b1', 'c1', 'a2'];
      for (const [person, own] of [
        [a, ['a1', 'a2']],
        [b, ['b1']],
        [c, ['c1']],
      ] as const) {
        const order = [
          ...person.host.kept,
          ...own.map((text) => ({ body: { text }, number: numbers[said.indexOf(text)] })),
        ]
          .map((message) => [('number' in message && message.number) || 0, message.body.text] as const)
          .sort(([one], [other]) => one - other);
        expect(order.map(([number]) => number)).toEqual([1, 2, 3, 4]);
        expect(order.map(([, text]) => text)).toEqual(
          [...said].sort((one, other) => (numbers[said.indexOf(one)] ?? 0) - (numbers[said.indexOf(other)] ?? 0)),
        );
        const received = person.host.kept.map((message) => (message.in === 'conference' ? message.number : null));
        expect(received).toEqual([...received].sort());
      }
      const fromAlice = b.host.kept.find(({ body }) => body.text === 'a1');
      expect(fromAlice).toMatchObject({ in: 'conference', focus, from: alice, id: `${alice}-1` });
    });

    it('takes a message that is sent again as the same message', async () => {
      const { focus, a, rest } = await scene.meeting(bob);
      const message = a.message('once');
      const first = await scene.value(a.dialect.conferences.send(focus, message));
      const second = await scene.value(a.dialect.conferences.send(focus, message));
      await scene.elapse(1_000);
      expect(second).toEqual(first);
      expect(rest[0]?.host.texts).toEqual(['once']);
    });

    it('gives a newcomer what was said, and who comes back only what is missing', async () => {
      const { focus, a } = await scene.meeting();
      for (const text of ['one', 'two', 'three']) await scene.value(a.tell(focus, text));
      const b = await scene.signedIn(bob);
      const place = await scene.value(b.dialect.conferences.join(focus, key, 0));
      await scene.elapse(1_000);
      expect(b.host.texts).toEqual(place.history === 'all' ? ['one', 'two', 'three'] : []);
      await b.dialect.conferences.leave(focus);
      await scene.value(a.tell(focus, 'four'));
      b.host.kept.length = 0;
      await scene.value(b.dialect.conferences.join(focus, key, 3));
      await scene.elapse(1_000);
      expect(b.host.texts).toEqual(['four']);
    });

    it('shows who is typing', async () => {
      const { focus, a, rest } = await scene.meeting(bob);
      rest[0]?.dialect.conferences.setTyping(focus, true);
      await scene.elapse(100);
      expect(a.host.last('conference.typing')).toMatchObject({ focus, who: bob, typing: true });
      rest[0]?.dialect.conferences.setTyping(focus, false);
      await scene.elapse(100);
      expect(a.host.last('conference.typing')).toMatchObject({ focus, who: bob, typing: false });
    });

    it('lets a presenter remove a person, who is told', async () => {
      const { focus, a, rest } = await scene.meeting(bob, carol);
      await scene.value(a.dialect.conferences.remove(focus, bob));
      await scene.elapse(1_000);
      expect(rest[0]?.host.last('conference.left')).toMatchObject({ focus, why: 'removed' });
      expect(a.host.roster(focus)).toEqual([alice, carol]);
      expect(rest[1]?.host.roster(focus)).toEqual([alice, carol]);
    });

    it('refuses a presenter’s commands from an attendee, and takes them after a promotion', async () => {
      const { focus, a, rest } = await scene.meeting(bob, carol);
      const [b] = rest;
      if (b === undefined) throw new Error('nobody came');
      for (const refused of [
        b.dialect.conferences.remove(focus, carol),
        b.dialect.conferences.setLocked(focus, true),
        b.dialect.conferences.setRole(focus, bob, 'presenter'),
        b.dialect.conferences.end(focus),
      ])
        expect(await scene.answered(refused)).toMatchObject({ ok: false, failure: { is: 'rejected', status: 403 } });
      await scene.value(a.dialect.conferences.setRole(focus, bob, 'presenter'));
      await scene.elapse(1_000);
      expect(b.host.last('conference.changed').roster).toContainEqual(
        expect.objectContaining({ aor: bob, role: 'presenter' }),
      );
      await scene.value(b.dialect.conferences.remove(focus, carol));
    });

    it('lets nobody new into a locked conference until it is unlocked', async () => {
      const { focus, a, rest } = await scene.meeting(bob);
      await scene.value(a.dialect.conferences.setLocked(focus, true));
      await scene.elapse(1_000);
      expect(rest[0]?.host.last('conference.changed').locked).toBe(true);
      const c = await scene.signedIn(carol);
      const refused = await scene.answered(c.dialect.conferences.join(focus, key, 0));
      expect(refused).toMatchObject({ ok: false, failure: { is: 'rejected', status: 480 } });
      await scene.value(a.dialect.conferences.setLocked(focus, false));
      await scene.value(c.dialect.conferences.join(focus, key, 0));
    });

    it('ends for everybody, after which nobody can join', async () => {
      const { focus, a, rest } = await scene.meeting(bob);
      await scene.value(a.dialect.conferences.end(focus));
      await scene.elapse(1_000);
      for (const person of [a, ...rest])
        expect(person.host.last('conference.left')).toMatchObject({ focus, why: 'ended' });
      const again = await scene.answered(a.dialect.conferences.join(focus, key, 0));
      expect(again).toMatchObject({ ok: false, failure: { is: 'rejected', status: 404 } });
    });
  });
}
