import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstText, ImScene } from '../../testing/imScene';

let scene: ImScene;
beforeEach(async () => {
  scene = await ImScene.open();
});
afterEach(() => scene.bench.close());

const ours: [string, string] = ['Supported', 'com.confab.item'];

describe('two INVITEs that cross', () => {
  it('10.3 refuses the one with the higher Call-ID', async () => {
    const sent = scene.say('mine');
    await scene.bench.settle();
    const exchange = await scene.ringing([firstText('theirs'), ours], '~higher');
    expect(exchange.final.status).toBe(488);
    scene.accept(scene.b.expect('INVITE'), 'ms-text-format');
    await scene.bench.settle();
    expect((await sent).ok).toBe(true);
  });

  it.each([
    ['the one with the lower Call-ID', '!lower', [ours]],
    ['the one of a client that does not know the rule (SIPE)', '~higher', []],
  ])('10.3 gives its own up for %s, and says there what waits', async (_which, callId, headers) => {
    const sent = [scene.say('mine'), scene.say('mine too')];
    await scene.bench.settle();
    scene.b.answer(scene.b.expect('INVITE'), 180, 'Ringing');
    await scene.bench.settle();
    const exchange = await scene.ringing([firstText('theirs'), ...headers], callId);
    expect(scene.bench.ladder.linesOf('alice', '-> server CANCEL')).toEqual([]);
    scene.a.im.accept(scene.host.last('im.invited').thread);
    await scene.bench.settle();
    // Not before theirs is answered: SIPE sees one exchange in both.
    const order = scene.bench.ladder
      .linesOf('alice', 'alice -> server')
      .filter((line) => /200 INVITE|CANCEL/.test(line));
    expect(order).toEqual(['alice -> server 200 INVITE', 'alice -> server CANCEL sip:bob@contoso.example']);
    expect(exchange.final.status).toBe(200);
    scene.b.acknowledge(exchange);
    for (const text of ['mine', 'mine too']) {
      const message = scene.b.expect('MESSAGE');
      expect(message.body).toBe(text);
      expect(message.raw('call-id')).toBe(callId);
      scene.b.answer(message, 200, 'OK');
      await scene.bench.settle();
    }
    for (const outcome of sent) expect((await outcome).ok).toBe(true);
    expect(scene.host.texts).toEqual(['theirs']);
  });
});
