import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MediaSessionId } from '../../domain/ids';
import { dataChannelSdp } from '../../testing/browserSdp';
import { alice, bob, carol } from '../../testing/people';
import type { FileRefusal } from '../dialect';
import { key, nobody, type Person, type Scene } from './scene.contract';

const mine = 'a-1' as MediaSessionId;
const offer = dataChannelSdp('offr');
const answer = dataChannelSdp('answ');
const file = { transfer: 'f-1', name: 'Übersicht 100%.pdf', size: 1_000_000, type: 'application/pdf' };
const ufrag = (name: string) => expect.stringContaining(`a=ice-ufrag:${name}`);
const refused = (status: number) => ({ ok: false, failure: { is: 'rejected', status } });

export function describeFiles(opening: () => Promise<Scene>): void {
  let scene: Scene;
  beforeEach(async () => {
    scene = await opening();
  });
  afterEach(() => scene.bench.close());

  const send = (from: Person, session = mine, peer = bob) =>
    from.dialect.files.offer(session, { peer, key }, file, offer);

  /** Alice sends a file, Bob takes it from a byte on; his session is given. */
  async function sending(from = 0, session = mine) {
    const [a, b] = [await scene.signedIn(alice), await scene.signedIn(bob)];
    const sent = send(a, session);
    await scene.elapse(100);
    const { session: theirs } = b.host.last('file.offered');
    await scene.value(b.dialect.files.accept(theirs, from, answer));
    const { sdp, from: wanted } = await scene.value(sent);
    await scene.elapse(100);
    return { a, b, theirs, sdp, wanted };
  }

  describe('files from person to person', () => {
    it('ring with what they are; the answer comes back when they are accepted, after two minutes too', async () => {
      const [a, b] = [await scene.signedIn(alice), await scene.signedIn(bob)];
      const sent = send(a);
      await scene.elapse(120_000);
      const offered = b.host.last('file.offered');
      expect(offered).toMatchObject({ peer: alice, key, file, offer: ufrag('offr') });
      expect((await scene.answered(b.dialect.files.accept(offered.session, 0, answer))).ok).toBe(true);
      expect(await scene.answered(sent)).toMatchObject({ ok: true, value: { sdp: ufrag('answ'), from: 0 } });
      expect(await scene.answered(b.dialect.files.accept(offered.session, 0, answer))).toMatchObject({ ok: false });
    });

    it('go on from the byte that the other end wants', async () => {
      expect(await sending(524_288)).toMatchObject({ wanted: 524_288, sdp: ufrag('answ') });
    });

    it.each<[FileRefusal, number]>([
      ['declined', 603],
      ['busy', 486],
      ['forbidden', 403],
      ['tooLarge', 413],
      ['held', 410],
    ])('say why they are refused: %s', async (why, status) => {
      const [a, b] = [await scene.signedIn(alice), await scene.signedIn(bob)];
      const sent = send(a);
      await scene.elapse(100);
      b.dialect.files.decline(b.host.last('file.offered').session, why);
      expect(await scene.answered(sent)).toMatchObject(refused(status));
      expect(b.host.all('media.ended')).toEqual([]);
    });

    it('say that the other is offline, or does not exist', async () => {
      const a = await scene.signedIn(alice);
      expect(await scene.answered(send(a, mine, carol))).toMatchObject(refused(480));
      expect(await scene.answered(send(a, 'a-2' as MediaSessionId, nobody))).toMatchObject(refused(404));
    });

    it('are withdrawn when they are given up, or when another endpoint took them', async () => {
      const [a, desk, phone] = [await scene.signedIn(alice), await scene.signedIn(bob), await scene.signedIn(bob)];
      const given = send(a);
      await scene.elapse(100);
      a.dialect.media.end(mine);
      expect(await scene.answered(given)).toEqual({ ok: false, failure: { is: 'cancelled' } });
      await scene.elapse(100);
      for (const { host } of [desk, phone]) {
        const { session } = host.last('file.offered');
        expect(host.last('file.withdrawn')).toEqual({ type: 'file.withdrawn', session, elsewhere: false });
      }
      const taken = send(a, 'a-2' as MediaSessionId);
      await scene.elapse(100);
      await scene.value(desk.dialect.files.accept(desk.host.last('file.offered').session, 0, answer));
      await scene.value(taken);
      await scene.elapse(100);
      const { session } = phone.host.last('file.offered');
      expect(phone.host.last('file.withdrawn')).toEqual({ type: 'file.withdrawn', session, elsewhere: true });
    });

    it.each([
      ['sender', 'end', 'ended'],
      ['sender', 'drop', 'lost'],
      ['receiver', 'end', 'ended'],
      ['receiver', 'drop', 'lost'],
    ] as const)('end at both ends when the %s says so: %s', async (who, verb, why) => {
      const { a, b, theirs } = await sending();
      if (who === 'sender') a.dialect.media[verb](mine);
      else b.dialect.media[verb](theirs);
      await scene.elapse(1_000);
      const told = who === 'sender' ? b.host : a.host;
      const session = who === 'sender' ? theirs : mine;
      expect(told.all('media.ended')).toEqual([{ type: 'media.ended', session, why }]);
      expect((who === 'sender' ? a : b).host.all('media.ended')).toEqual([]);
    });

    it('are lost at both ends with the connection of one, and can be offered again', async () => {
      const { a, b, theirs } = await sending();
      scene.bench.cut(a.dialect);
      await scene.elapse(1_000);
      expect(a.host.all('media.ended')).toEqual([{ type: 'media.ended', session: mine, why: 'lost' }]);
      expect(b.host.all('media.ended')).toEqual([{ type: 'media.ended', session: theirs, why: 'lost' }]);
      expect(await scene.answered(send(a, 'a-2' as MediaSessionId))).toEqual({
        ok: false,
        failure: { is: 'offline' },
      });
      scene.bench.mend(a.dialect);
      await scene.elapse(6_000);
      const again = send(a, 'a-3' as MediaSessionId);
      await scene.elapse(100);
      await scene.value(b.dialect.files.accept(b.host.last('file.offered').session, 65_536, answer));
      expect(await scene.value(again)).toMatchObject({ from: 65_536 });
    });

    it('go beside each other', async () => {
      const { a, b } = await sending();
      const second = a.dialect.files.offer(
        'a-2' as MediaSessionId,
        { peer: bob, key },
        { ...file, transfer: 'f-2' },
        offer,
      );
      await scene.elapse(100);
      expect(b.host.last('file.offered').file.transfer).toBe('f-2');
      await scene.value(b.dialect.files.accept(b.host.last('file.offered').session, 0, answer));
      await scene.value(second);
      expect([...a.host.all('media.ended'), ...b.host.all('media.ended')]).toEqual([]);
    });
  });
}
