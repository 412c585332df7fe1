import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstText, ImScene } from '../../testing/imScene';

let scene: ImScene;
beforeEach(async () => {
  scene = await ImScene.open();
});
afterEach(() => scene.bench.close());

describe('two INVITEs that cross', () => {
  it('10.3 refuses the one with the higher Call-ID', async () => {
    const sent = scene.say('mine');
    await scene.bench.settle();
    const exchange = await scene.ringing([firstText('theirs')], '~higher');
    expect(exchange.final.status).toBe(488);
    scene.accept(scene.b.expect('INVITE'), 'ms-text-format');
    await scene.bench.settle();
    expect((await sent).ok).toBe(true);
  });

  it('10.3 gives its own up for the one with the lower Call-ID, and says there what waits', async () => {
    const sent = [scene.say('mine'), scene.say('mine too')];
    await scene.bench.settle();
    scene.b.answer(scene.b.expect('INVITE'), 180, 'Ringing');
    await scene.bench.settle();
    const exchange = await scene.ringing([firstText('theirs')], '!lower');
    expect(scene.bench.ladder.linesOf('alice', '-> server CANCEL')).toHaveLength(1);
    scene.a.im.accept(scene.host.last('im.invited').thread);
    await scene.bench.settle();
    expect(exchange.final.status).toBe(200);
    scene.b.acknowledge(exchange);
    for (const text of ['mine', 'mine too']) {
      const message = scene.b.expect('MESSAGE');
      expect(message.body).toBe(text);
      expect(message.raw('call-id')).toBe('!lower');
      scene.b.answer(message, 200, 'OK');
      await scene.bench.settle();
    }
    for (const outcome of sent) expect((await outcome).ok).toBe(true);
    expect(scene.host.texts).toEqual(['theirs']);
  });
});
