import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MediaSessionId } from '../../domain/ids';
import { browserSdp } from '../../testing/browserSdp';
import { alice, bob, carol } from '../../testing/people';
import { key, nobody, type Person, type Scene } from './scene.contract';

const mine = 'a-1' as MediaSessionId;
const offer = browserSdp('sendonly', 'offr');
const answer = browserSdp('recvonly', 'answ');
const ufrag = (name: string) => expect.stringContaining(`a=ice-ufrag:${name}`);
const refused = (status: number) => ({ ok: false, failure: { is: 'rejected', status } });

export function describeSharing(opening: () => Promise<Scene>): void {
  let scene: Scene;
  beforeEach(async () => {
    scene = await opening();
  });
  afterEach(() => scene.bench.close());

  const show = (from: Person, session = mine, peer = bob) =>
    from.dialect.sharing.show(session, { is: 'peer', peer, key }, 'program', offer);

  /** Alice shows something to Bob, who looks; his session is given. */
  async function sharing() {
    const [a, b] = [await scene.signedIn(alice), await scene.signedIn(bob)];
    const shown = show(a);
    await scene.elapse(100);
    const { session } = b.host.last('sharing.offered');
    await scene.value(b.dialect.media.answer(session, answer));
    await scene.value(shown);
    await scene.elapse(100);
    return { a, b, session };
  }

  describe('sharing with one person', () => {
    it('rings with the offer and what is shown; the answer comes back when it is accepted', async () => {
      const [a, b] = [await scene.signedIn(alice), await scene.signedIn(bob)];
      const shown = show(a);
      await scene.elapse(2_000);
      const offered = b.host.last('sharing.offered');
      expect(offered).toMatchObject({ peer: alice, key, surface: 'program', offer: ufrag('offr'), canPoint: true });
      expect((await scene.answered(b.dialect.media.answer(offered.session, answer))).ok).toBe(true);
      expect(await scene.answered(shown)).toMatchObject({ ok: true, value: { sdp: ufrag('answ'), canPoint: true } });
      expect(await scene.answered(b.dialect.media.answer(offered.session, answer))).toMatchObject({ ok: false });
    });

    it('says that the other declined, is offline, or does not exist', async () => {
      const [a, b] = [await scene.signedIn(alice), await scene.signedIn(bob)];
      const shown = show(a);
      await scene.elapse(100);
      b.dialect.sharing.decline(b.host.last('sharing.offered').session);
      expect(await scene.answered(shown)).toMatchObject(refused(603));
      expect(await scene.answered(show(a, 'a-2' as MediaSessionId, carol))).toMatchObject(refused(480));
      expect(await scene.answered(show(a, 'a-3' as MediaSessionId, nobody))).toMatchObject(refused(404));
      expect(b.host.all('media.ended')).toEqual([]);
    });

    it('withdraws what rings when it is given up, when another endpoint took it, and after a minute', async () => {
      const [a, desk, phone] = [await scene.signedIn(alice), await scene.signedIn(bob), await scene.signedIn(bob)];
      const given = show(a);
      await scene.elapse(100);
      a.dialect.media.end(mine);
      expect(await scene.answered(given)).toEqual({ ok: false, failure: { is: 'cancelled' } });
      await scene.elapse(100);
      for (const { host } of [desk, phone]) {
        expect(host.last('sharing.withdrawn')).toMatchObject({
          session: host.last('sharing.offered').session,
          elsewhere: false,
        });
      }
      const taken = show(a, 'a-2' as MediaSessionId);
      await scene.elapse(100);
      await scene.value(desk.dialect.media.answer(desk.host.last('sharing.offered').session, answer));
      await scene.value(taken);
      await scene.elapse(100);
      expect(phone.host.last('sharing.withdrawn')).toMatchObject({
        session: phone.host.last('sharing.offered').session,
        elsewhere: true,
      });
      const late = show(phone, 'p-1' as MediaSessionId, alice);
      await scene.elapse(61_000);
      expect(await scene.answered(late)).toMatchObject({ ok: false, failure: { is: 'timedOut' } });
      expect(a.host.last('sharing.withdrawn').elsewhere).toBe(false);
    });

    it('changes while it lasts, from either end', async () => {
      const { a, b, session } = await sharing();
      const changed = a.dialect.media.reoffer(mine, browserSdp('sendonly', 'mnd2'));
      await scene.elapse(100);
      expect(b.host.last('media.reoffered')).toMatchObject({ session, offer: ufrag('mnd2') });
      await scene.value(b.dialect.media.answer(session, browserSdp('recvonly', 'ans2')));
      expect(await scene.answered(changed)).toMatchObject({ ok: true, value: ufrag('ans2') });
      await scene.elapse(100);
      const hidden = b.dialect.media.reoffer(session, browserSdp('inactive', 'hid1'));
      await scene.elapse(100);
      expect(a.host.last('media.reoffered')).toMatchObject({ session: mine, offer: ufrag('hid1') });
      await scene.value(a.dialect.media.answer(mine, browserSdp('inactive', 'ans3')));
      expect(await scene.answered(hidden)).toMatchObject({ ok: true, value: ufrag('ans3') });
    });

    it('tells the viewer of a pause', async () => {
      const { a, b, session } = await sharing();
      for (const [direction, paused] of [
        ['inactive', true],
        ['sendonly', false],
      ] as const) {
        const changed = a.dialect.media.reoffer(mine, browserSdp(direction, 'mnd2'));
        await scene.elapse(100);
        expect(b.host.last('sharing.paused')).toEqual({ type: 'sharing.paused', session, paused });
        await scene.value(b.dialect.media.answer(session, browserSdp(paused ? 'inactive' : 'recvonly', 'ans2')));
        await scene.value(changed);
        await scene.elapse(100);
      }
    });

    it('passes on who asks for control and who gets it', async () => {
      const { a, b, session } = await sharing();
      await scene.value(b.dialect.sharing.control(session, { is: 'request' }));
      expect(a.host.last('sharing.controlled')).toMatchObject({ session: mine, from: bob, control: { is: 'request' } });
      await scene.value(a.dialect.sharing.control(mine, { is: 'grant', to: bob }));
      expect(b.host.last('sharing.controlled')).toMatchObject({
        session,
        from: alice,
        control: { is: 'grant', to: bob },
      });
    });

    it.each(['sharer', 'viewer'] as const)('the %s ends it, and the other is told once', async (who) => {
      const { a, b, session } = await sharing();
      if (who === 'sharer') a.dialect.media.end(mine);
      else b.dialect.media.end(session);
      await scene.elapse(1_000);
      const ended = who === 'sharer' ? b.host : a.host;
      expect(ended.all('media.ended')).toEqual([
        { type: 'media.ended', session: who === 'sharer' ? session : mine, why: 'ended' },
      ]);
      expect((who === 'sharer' ? a : b).host.all('media.ended')).toEqual([]);
      expect(await scene.answered(a.dialect.media.reoffer(mine, offer))).toMatchObject(refused(481));
    });

    it('is lost at both ends with the connection of one, and can begin again', async () => {
      const { a, b, session } = await sharing();
      scene.bench.cut(a.dialect);
      await scene.elapse(1_000);
      expect(a.host.all('media.ended')).toEqual([{ type: 'media.ended', session: mine, why: 'lost' }]);
      expect(b.host.all('media.ended')).toEqual([{ type: 'media.ended', session, why: 'lost' }]);
      expect(await scene.answered(show(a, 'a-2' as MediaSessionId))).toEqual({ ok: false, failure: { is: 'offline' } });
      scene.bench.mend(a.dialect);
      await scene.elapse(6_000);
      const again = show(a, 'a-3' as MediaSessionId);
      await scene.elapse(100);
      await scene.value(b.dialect.media.answer(b.host.last('sharing.offered').session, answer));
      await scene.value(again);
    });

    it('ends with signing out', async () => {
      const { a, b, session } = await sharing();
      await scene.answered(a.dialect.signOut());
      await scene.elapse(1_000);
      expect(b.host.all('media.ended')).toEqual([{ type: 'media.ended', session, why: 'ended' }]);
      expect(a.host.all('media.ended')).toEqual([]);
    });

    it('shows as presenting to whoever watches', async () => {
      const [a, b] = [await scene.signedIn(alice), await scene.signedIn(bob)];
      b.dialect.presence.watch([alice]);
      await scene.value(a.dialect.presence.setStatus('busy'));
      a.dialect.presence.setPresenting(true);
      await scene.elapse(1_000);
      expect(b.host.person(alice).presence).toMatchObject({ activity: { token: 'in-presentation' } });
      expect(a.host.last('self.changed').self.picked).toBe('busy');
      a.dialect.presence.setPresenting(false);
      await scene.elapse(1_000);
      expect(b.host.person(alice).presence).toMatchObject({ status: 'busy' });
      expect(b.host.person(alice).presence?.activity).toBeUndefined();
    });
  });
}
