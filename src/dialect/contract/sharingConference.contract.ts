import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MediaSessionId } from '../../domain/ids';
import type { Aor, FocusUri } from '../../protocol/sip/uri';
import { browserSdp } from '../../testing/browserSdp';
import { alice, bob, carol } from '../../testing/people';
import { key, type Person, type Scene } from './scene.contract';

const offer = browserSdp('sendonly', 'offr');
const answer = browserSdp('recvonly', 'answ');
const sessionOf = (person: Person, what: string) => `${what} ${person.aor}` as MediaSessionId;

export function describeConferenceSharing(opening: () => Promise<Scene>): void {
  let scene: Scene;
  beforeEach(async () => {
    scene = await opening();
  });
  afterEach(() => scene.bench.close());

  const show = (from: Person, focus: FocusUri) =>
    scene.answered(from.dialect.sharing.show(sessionOf(from, 'shows'), { is: 'conference', focus, key }, 'tab', offer));

  /** Takes the offer and answers it. */
  async function look(person: Person, focus: FocusUri, session = sessionOf(person, 'looks')) {
    const shown = await scene.value(person.dialect.sharing.watch(session, focus, key));
    await scene.value(person.dialect.media.answer(session, answer));
    await scene.elapse(1_000);
    return { session, shown };
  }

  /** Alice shows something to Bob and Carol. */
  async function sharing() {
    const { focus, a, rest } = await scene.meeting(bob, carol);
    const [b, c] = rest;
    if (b === undefined || c === undefined) throw new Error('nobody came');
    expect(await show(a, focus)).toMatchObject({ ok: true, value: { canPoint: true } });
    for (const person of [b, c]) await look(person, focus);
    return { focus, a, b, c };
  }

  const parts = (person: Person): [Aor, string | null][] =>
    person.host.last('conference.changed').roster.map(({ aor, sharing }) => [aor, sharing]);

  describe('sharing in a conference', () => {
    it('shows to whoever looks, and the roster tells who does what', async () => {
      const { focus, a, rest } = await scene.meeting(bob, carol);
      const [b] = rest;
      if (b === undefined) throw new Error('nobody came');
      expect(await scene.answered(b.dialect.sharing.watch(sessionOf(b, 'looks'), focus, key))).toMatchObject({
        ok: false,
        failure: { is: 'rejected', status: 480 },
      });
      await show(a, focus);
      expect((await look(b, focus)).shown).toMatchObject({ surface: 'tab', canPoint: true });
      expect(parts(b)).toEqual([
        [alice, 'sharer'],
        [bob, 'viewer'],
        [carol, null],
      ]);
    });

    it('ends for everybody with the sharer, and for one alone who looks no more', async () => {
      const { a, b, c } = await sharing();
      c.dialect.media.end(sessionOf(c, 'looks'));
      await scene.elapse(1_000);
      expect(parts(a)).toEqual([
        [alice, 'sharer'],
        [bob, 'viewer'],
        [carol, null],
      ]);
      a.dialect.media.end(sessionOf(a, 'shows'));
      await scene.elapse(1_000);
      expect(b.host.all('media.ended')).toEqual([
        { type: 'media.ended', session: sessionOf(b, 'looks'), why: 'ended' },
      ]);
      for (const { host } of [a, c]) expect(host.all('media.ended')).toEqual([]);
      expect(parts(b).map(([, part]) => part)).toEqual([null, null, null]);
    });

    it('is taken over: the one before is told why, and who looks goes on looking', async () => {
      const { focus, a, b, c } = await sharing();
      await scene.value(a.dialect.conferences.setRole(focus, bob, 'presenter'));
      await scene.elapse(1_000);
      expect((await show(b, focus)).ok).toBe(true);
      await scene.elapse(1_000);
      expect(a.host.all('media.ended')).toEqual([
        { type: 'media.ended', session: sessionOf(a, 'shows'), why: 'takenOver' },
      ]);
      expect(c.host.all('media.ended')).toEqual([]);
      expect(parts(c)).toContainEqual([bob, 'sharer']);
    });

    it('tells a pause, and a viewer who looks elsewhere', async () => {
      const { a, b, c } = await sharing();
      const part = (of: Aor) => parts(c).find(([aor]) => aor === of)?.[1];
      for (const [person, session, aor] of [
        [a, sessionOf(a, 'shows'), alice],
        [b, sessionOf(b, 'looks'), bob],
      ] as const) {
        const before = part(aor);
        const ufrag = person === a ? 'offr' : 'answ';
        await scene.value(person.dialect.media.reoffer(session, browserSdp('inactive', ufrag)));
        await scene.elapse(1_000);
        expect(part(aor)).toBe('inactive');
        const again = browserSdp(person === a ? 'sendonly' : 'recvonly', ufrag);
        await scene.value(person.dialect.media.reoffer(session, again));
        await scene.elapse(1_000);
        expect(part(aor)).toBe(before);
      }
    });

    it('gives a viewer a fresh offer when it asks', async () => {
      const { b } = await sharing();
      const session = sessionOf(b, 'looks');
      expect((await scene.answered(b.dialect.media.refresh(session))).ok).toBe(true);
      await scene.value(b.dialect.media.answer(session, browserSdp('recvonly', 'frsh')));
    });

    it('passes on who asks for control and who gets it, also to who comes later', async () => {
      const { focus, a, b, c } = await sharing();
      c.dialect.media.end(sessionOf(c, 'looks'));
      await scene.value(b.dialect.sharing.control(sessionOf(b, 'looks'), { is: 'request' }));
      await scene.elapse(1_000);
      expect(a.host.last('sharing.controlled')).toMatchObject({ from: bob, control: { is: 'request' } });
      await scene.value(a.dialect.sharing.control(sessionOf(a, 'shows'), { is: 'grant', to: bob }));
      await scene.elapse(1_000);
      await look(c, focus, 'looks again' as MediaSessionId);
      for (const { host } of [b, c]) {
        expect(host.last('sharing.controlled')).toMatchObject({ from: alice, control: { is: 'grant', to: bob } });
      }
    });

    it('is lost with the connection of the sharer, for everybody', async () => {
      const { a, b } = await sharing();
      scene.bench.cut(a.dialect);
      await scene.elapse(1_000);
      expect(a.host.last('media.ended').why).toBe('lost');
      expect(b.host.all('media.ended')).toHaveLength(1);
    });
  });
}
