import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { otherContacts } from '../../domain/ids';
import { alice, bob, carol } from '../../testing/people';
import { key, type Scene } from './scene.contract';

export function describeConnection(opening: () => Promise<Scene>): void {
  let scene: Scene;
  beforeEach(async () => {
    scene = await opening();
  });
  afterEach(() => scene.bench.close());

  describe('a lost connection', () => {
    it('is told; until it is back every command says offline; then full state is told afresh', async () => {
      const [desk, phone] = [await scene.signedIn(alice), await scene.signedIn(alice)];
      const b = await scene.signedIn(bob);
      desk.dialect.presence.watch([bob]);
      await scene.elapse(1_000);
      scene.bench.cut(desk.dialect);
      await scene.elapse(100);
      expect(desk.host.last('connection.lost')).toEqual({ type: 'connection.lost' });
      expect(await scene.answered(desk.dialect.presence.setNote('x'))).toEqual({
        ok: false,
        failure: { is: 'offline' },
      });
      await scene.value(phone.dialect.contacts.set({ aor: carol, alias: '', groups: [otherContacts] }));
      await scene.value(b.dialect.presence.setStatus('busy'));
      expect(desk.host.contacts.has(carol)).toBe(false);
      scene.bench.mend(desk.dialect);
      await scene.elapse(6_000);
      expect(desk.host.all('connection.live')).toHaveLength(1);
      expect(desk.host.contacts.has(carol)).toBe(true);
      expect(desk.host.person(bob).presence?.status).toBe('busy');
      await scene.value(desk.dialect.presence.setNote('back again'));
    });

    it('ends IM sessions; the next text makes a new one in the same thread', async () => {
      const { a, b } = await scene.talking();
      scene.bench.cut(a.dialect);
      await scene.elapse(100);
      expect(await scene.answered(a.say(bob, 'too early'))).toEqual({ ok: false, failure: { is: 'offline' } });
      scene.bench.mend(a.dialect);
      await scene.elapse(6_000);
      const rung = b.host.all('im.invited').length;
      const sent = a.say(bob, 'here again');
      await scene.elapse(100);
      expect(b.host.all('im.invited')).toHaveLength(rung + 1);
      b.dialect.im.accept(b.host.last('im.invited').thread);
      await scene.value(sent);
      expect(b.host.texts).toEqual(['first', 'here again']);
    });

    it('takes one out of conferences, which one may join again for what is missing', async () => {
      const { focus, a, rest } = await scene.meeting(bob);
      const [b] = rest;
      if (b === undefined) throw new Error('nobody came');
      await scene.value(a.tell(focus, 'one'));
      await scene.elapse(1_000);
      scene.bench.cut(b.dialect);
      await scene.elapse(1_000);
      expect(b.host.last('conference.left')).toMatchObject({ focus, why: 'lost' });
      expect(a.host.roster(focus)).toEqual([alice]);
      await scene.value(a.tell(focus, 'two'));
      scene.bench.mend(b.dialect);
      await scene.elapse(6_000);
      await scene.value(b.dialect.conferences.join(focus, key, 1));
      await scene.elapse(1_000);
      expect(b.host.texts).toEqual(['one', 'two']);
      expect(a.host.roster(focus)).toEqual([alice, bob]);
    });
  });

  describe('signing out', () => {
    it('ends IM sessions and conferences for the others at once', async () => {
      const { focus, a, rest } = await scene.meeting(bob);
      const [b] = rest;
      if (b === undefined) throw new Error('nobody came');
      const sent = a.say(bob, 'aside');
      await scene.elapse(100);
      b.dialect.im.accept(b.host.last('im.invited').thread);
      await scene.value(sent);
      await scene.answered(b.dialect.signOut());
      await scene.elapse(1_000);
      expect(a.host.roster(focus)).toEqual([alice]);
      expect(a.host.last('im.ended').thread).toBe(a.dialect.im.thread(bob, key));
      expect(b.host.all('connection.lost')).toEqual([]);
    });
  });
}
