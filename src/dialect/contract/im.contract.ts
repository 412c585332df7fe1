import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ItemId } from '../../domain/ids';
import { alice, bob, carol } from '../../testing/people';
import { key, nobody, type Scene } from './scene.contract';

export function describeIm(opening: () => Promise<Scene>): void {
  let scene: Scene;
  beforeEach(async () => {
    scene = await opening();
  });
  afterEach(() => scene.bench.close());

  describe('instant messages', () => {
    it('rings with the first text, which is sent when the other has kept it', async () => {
      const [a, b] = [await scene.signedIn(alice), await scene.signedIn(bob)];
      const sent = a.say(bob, 'Can you look at the draft?');
      await scene.elapse(100);
      const invitation = b.host.last('im.invited');
      expect(invitation).toMatchObject({ peer: alice, key, text: 'Can you look at the draft?' });
      expect(b.host.texts).toEqual([]);
      b.dialect.im.accept(invitation.thread);
      expect(await scene.answered(sent)).toEqual({ ok: true, value: undefined });
      expect(b.host.kept).toMatchObject([
        { in: 'thread', thread: invitation.thread, peer: alice, key, from: alice, id: `${alice}-1` },
      ]);
      expect(a.dialect.im.deduplicates(a.dialect.im.thread(bob, key))).toBe(true);
    });

    it('carries messages both ways in the order they were written, each once', async () => {
      const { a, b } = await scene.talking();
      const mine = ['second', 'third', 'fourth'].map((text) => a.say(bob, text));
      const theirs = ['one', 'two'].map((text) => b.say(alice, text));
      for (const sent of [...mine, ...theirs]) expect((await scene.answered(sent)).ok).toBe(true);
      expect(b.host.texts).toEqual(['first', 'second', 'third', 'fourth']);
      expect(a.host.texts).toEqual(['one', 'two']);
    });

    it('says what was written while it rang after the first text', async () => {
      const [a, b] = [await scene.signedIn(alice), await scene.signedIn(bob)];
      const sent = ['one', 'two', 'three'].map((text) => a.say(bob, text));
      await scene.elapse(2_000);
      b.dialect.im.accept(b.host.last('im.invited').thread);
      for (const outcome of sent) expect((await scene.answered(outcome)).ok).toBe(true);
      expect(b.host.texts).toEqual(['one', 'two', 'three']);
      expect(b.host.all('im.invited')).toHaveLength(1);
    });

    it('delivers what two people say to each other at the same moment', async () => {
      const [a, b] = [await scene.signedIn(alice), await scene.signedIn(bob)];
      const sent = [a.say(bob, 'from alice'), b.say(alice, 'from bob')];
      await scene.elapse(200);
      for (const { dialect, host } of [a, b]) {
        for (const { thread } of host.all('im.invited')) dialect.im.accept(thread);
      }
      for (const outcome of sent) expect((await scene.answered(outcome)).ok).toBe(true);
      expect(a.host.texts).toEqual(['from bob']);
      expect(b.host.texts).toEqual(['from alice']);
    });

    it('FIL-7 tells of a file in the store as it carries a message', async () => {
      const { a, b } = await scene.talking();
      const file = { id: '0'.repeat(32), name: 'plan.pdf', size: 10, type: '', sha256: 'f'.repeat(64) };
      await scene.value(a.dialect.im.send(a.dialect.im.thread(bob, key), { id: 'f1' as ItemId, file }));
      expect(b.host.keptFiles).toMatchObject([{ in: 'thread', peer: alice, key, from: alice, id: 'f1', file }]);
      expect(b.host.texts).toEqual(['first']);
    });

    it('fails a message that the other could not keep', async () => {
      const { a, b } = await scene.talking();
      b.host.onKeep = () => Promise.reject(new Error('disk full'));
      expect(await scene.answered(a.say(bob, 'lost'))).toMatchObject({
        ok: false,
        failure: { is: 'rejected', status: 500 },
      });
    });

    it('shows typing, and clears it when typing stops, a message comes, or 15 s pass', async () => {
      const { a, b } = await scene.talking();
      const thread = a.dialect.im.thread(bob, key);
      const shown = () => b.host.last('im.typing').typing;
      a.dialect.im.setTyping(thread, true);
      await scene.elapse(100);
      expect(shown()).toBe(true);
      a.dialect.im.setTyping(thread, false);
      await scene.elapse(100);
      expect(shown()).toBe(false);
      a.dialect.im.setTyping(thread, true);
      await scene.elapse(100);
      await scene.value(a.say(bob, 'said'));
      expect(shown()).toBe(false);
      a.dialect.im.setTyping(thread, true);
      await scene.elapse(100);
      expect(shown()).toBe(true);
      await scene.elapse(16_000);
      expect(shown()).toBe(false);
    });

    it('fails all that waits when the other declines', async () => {
      const [a, b] = [await scene.signedIn(alice), await scene.signedIn(bob)];
      const sent = ['one', 'two'].map((text) => a.say(bob, text));
      await scene.elapse(100);
      b.dialect.im.decline(b.host.last('im.invited').thread);
      for (const outcome of sent)
        expect(await scene.answered(outcome)).toMatchObject({ ok: false, failure: { is: 'rejected', status: 603 } });
      expect(b.host.texts).toEqual([]);
      expect(b.host.all('im.invited')).toHaveLength(1);
    });

    it('says at once that somebody is offline or does not exist', async () => {
      const a = await scene.signedIn(alice);
      const refused = (status: number) => ({ ok: false, failure: { is: 'rejected', status } });
      expect(await scene.answered(a.say(bob, 'hello'))).toMatchObject(refused(480));
      expect(await scene.answered(a.say(nobody, 'hello'))).toMatchObject(refused(404));
    });

    it('withdraws the invitation at the other endpoints when one answers, and everywhere after 60 s', async () => {
      const [a, desk, phone] = [await scene.signedIn(alice), await scene.signedIn(bob), await scene.signedIn(bob)];
      const sent = a.say(bob, 'hello');
      await scene.elapse(100);
      desk.dialect.im.accept(desk.host.last('im.invited').thread);
      await scene.value(sent);
      await scene.elapse(100);
      const { thread } = phone.host.last('im.invited');
      expect(phone.host.last('im.withdrawn')).toMatchObject({ thread, elsewhere: true });
      const c = await scene.signedIn(carol);
      const late = c.say(bob, 'anybody?');
      await scene.elapse(61_000);
      expect(await scene.answered(late)).toMatchObject({ ok: false, failure: { is: 'timedOut' } });
      expect(phone.host.last('im.withdrawn').elsewhere).toBe(false);
    });

    it('tells the end, after which either may begin again in the same thread', async () => {
      const { a, b } = await scene.talking();
      const { thread } = b.host.last('im.invited');
      a.dialect.im.close(a.dialect.im.thread(bob, key));
      await scene.elapse(100);
      expect(b.host.last('im.ended')).toMatchObject({ thread });
      const again = b.dialect.im.send(thread, b.message('again'));
      await scene.elapse(100);
      a.dialect.im.accept(a.host.last('im.invited').thread);
      await scene.value(again);
      expect(a.host.last('im.invited').thread).toBe(a.dialect.im.thread(bob, key));
      expect(a.host.texts).toEqual(['again']);
    });
  });
}
