import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gruu } from '../../protocol/sip/uri';
import { alice, bob } from '../../testing/people';
import type { Person, Scene } from './scene.contract';

export function describeGreeting(opening: () => Promise<Scene>): void {
  let scene: Scene;
  beforeEach(async () => {
    scene = await opening();
  });
  afterEach(() => scene.bench.close());

  const endpointOf = ({ dialect }: Person): Gruu => {
    if (dialect.endpoint === null) throw new Error('it has no address');
    return dialect.endpoint;
  };

  describe('a quiet endpoint', () => {
    it('is greeted by the others of the same person, again and again, and nobody is told', async () => {
      const [desk, phone] = [await scene.signedIn(alice), await scene.signedIn(alice)];
      const quiet = await scene.signedIn(alice, { isQuiet: true });
      const before = desk.host.reports.length;
      await scene.value(desk.dialect.greet(endpointOf(quiet)));
      await scene.value(desk.dialect.greet(endpointOf(quiet)));
      await scene.elapse(1_000);
      expect(desk.host.reports.slice(before).filter(({ type }) => /^(im|conference)\./.test(type))).toEqual([]);
      for (const { host } of [phone, quiet]) expect([...host.all('im.invited'), ...host.kept]).toEqual([]);
      const gone = endpointOf(quiet);
      await scene.answered(quiet.dialect.signOut());
      const outcome = await scene.answered(desk.dialect.greet(gone));
      expect(outcome.ok).toBe(false);
    });

    it('is seen by nobody, and rings for nobody else', async () => {
      const b = await scene.signedIn(bob);
      b.dialect.presence.watch([alice]);
      await scene.elapse(1_000);
      const quiet = await scene.signedIn(alice, { isQuiet: true });
      expect(b.host.person(alice).presence?.status).toBe('offline');
      const said = await scene.answered(b.say(alice, 'are you there?'));
      expect(said).toMatchObject({ ok: false, failure: { is: 'rejected', status: 480 } });
      expect((await scene.answered(b.dialect.greet(endpointOf(quiet)))).ok).toBe(false);
      expect(quiet.host.all('im.invited')).toEqual([]);
    });

    it('takes nothing from the one that is there', async () => {
      const [desk, b] = [await scene.signedIn(alice), await scene.signedIn(bob)];
      b.dialect.presence.watch([alice]);
      await scene.value(desk.dialect.presence.setStatus('busy'));
      await scene.signedIn(alice, { isQuiet: true });
      expect(b.host.person(alice).presence?.status).toBe('busy');
      const sent = b.say(alice, 'hello');
      await scene.elapse(1_000);
      desk.dialect.im.accept(desk.host.last('im.invited').thread);
      await scene.value(sent);
      expect(desk.host.texts).toEqual(['hello']);
    });
  });
}
