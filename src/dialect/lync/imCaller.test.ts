import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstText, ImScene, key } from '../../testing/imScene';
import { alice, bob } from '../../testing/people';

let scene: ImScene;
beforeEach(async () => {
  scene = await ImScene.open();
});
afterEach(() => scene.bench.close());

describe('the caller', () => {
  it('IM-1 puts the first text into the INVITE and does not say it again to who has kept it', async () => {
    const sent = scene.say('Can you look?');
    await scene.bench.settle();
    const invite = scene.b.expect('INVITE');
    expect(invite.raw('ms-text-format')).toBe(firstText('Can you look?')[1]);
    expect(invite.raw('ms-conversation-id')).toBe(key);
    expect(invite.raw('endpoints')).toBe(`<${alice}>, <${bob}>`);
    scene.accept(invite, 'ms-text-format');
    await scene.bench.settle();
    expect(await sent).toEqual({ ok: true, value: undefined });
    expect(scene.bench.ladder.lines).toEqual([
      `alice -> server INVITE ${bob} (im)`,
      'server -> alice 100 INVITE',
      'server -> alice 200 INVITE',
      `alice -> server ACK ${bob};gruu`,
    ]);
  });

  it('IM-2 says the first text again in a MESSAGE to who has not kept it', async () => {
    const sent = scene.say('Can you look?');
    await scene.bench.settle();
    const invite = scene.b.expect('INVITE');
    scene.accept(invite, 'com.microsoft.rtc-multiparty');
    await scene.bench.settle();
    const message = scene.b.expect('MESSAGE');
    expect(message.body).toBe('Can you look?');
    expect(message.cseq).toBe(invite.cseq + 1);
    scene.b.answer(message, 200, 'OK');
    await scene.bench.settle();
    expect(await sent).toEqual({ ok: true, value: undefined });
  });

  it('IM-4 waits 60 s for an answer, then withdraws with CANCEL', async () => {
    const sent = scene.say('anybody?');
    await scene.bench.settle();
    scene.b.answer(scene.b.expect('INVITE'), 180, 'Ringing');
    await scene.bench.elapse(59_000);
    expect(scene.bench.ladder.linesOf('alice', 'CANCEL')).toEqual([]);
    await scene.bench.elapse(2_000);
    expect(await sent).toMatchObject({ ok: false, failure: { is: 'timedOut', afterSeconds: 60 } });
    expect(scene.bench.ladder.linesOf('alice', '-> server CANCEL')).toEqual([`alice -> server CANCEL ${bob}`]);
  });

  it('IM-5 sends what follows to the Contact of the 200', async () => {
    await scene.talking();
    void scene.say('second');
    await scene.bench.settle();
    expect(scene.bench.ladder.lines).toEqual([`alice -> server MESSAGE ${bob};gruu (text)`]);
    scene.b.answer(scene.b.expect('MESSAGE'), 200, 'OK');
  });

  it('IM-7 queues what is said while it rings and says it in order, one at a time', async () => {
    const sent = ['one', 'two', 'three'].map((text) => scene.say(text));
    await scene.bench.settle();
    expect(scene.bench.ladder.of('alice', 'out', 'INVITE')).toHaveLength(1);
    scene.accept(scene.b.expect('INVITE'), 'ms-text-format');
    await scene.bench.settle();
    const second = scene.b.expect('MESSAGE');
    expect(second.body).toBe('two');
    expect(() => scene.b.expect('MESSAGE')).toThrow();
    scene.b.answer(second, 200, 'OK');
    await scene.bench.settle();
    const third = scene.b.expect('MESSAGE');
    expect(third.body).toBe('three');
    scene.b.answer(third, 200, 'OK');
    await scene.bench.settle();
    for (const outcome of sent) expect((await outcome).ok).toBe(true);
  });

  it('5.6 fails all that waits with the callee’s refusal, and invites anew for the next text', async () => {
    const sent = [scene.say('one'), scene.say('two')];
    await scene.bench.settle();
    scene.b.answer(scene.b.expect('INVITE'), 486, 'Busy Here');
    await scene.bench.settle();
    for (const outcome of sent)
      expect(await outcome).toMatchObject({ ok: false, failure: { is: 'rejected', status: 486 } });
    void scene.say('three');
    await scene.bench.settle();
    expect(scene.b.expect('INVITE').raw('ms-text-format')).toBe(firstText('three')[1]);
  });

  it.each([480, 481])(
    '5.6 takes %i to a MESSAGE for the end of the dialog; the next text makes a new one',
    async (status) => {
      await scene.talking();
      const sent = scene.say('lost');
      await scene.bench.settle();
      scene.b.answer(scene.b.expect('MESSAGE'), status, 'Gone');
      await scene.bench.settle();
      expect(await sent).toMatchObject({ ok: false, failure: { is: 'rejected', status } });
      expect(scene.host.last('im.ended').thread).toBe(scene.thread);
      scene.bench.ladder.clear();
      void scene.say('again');
      await scene.bench.settle();
      expect(scene.bench.ladder.lines[0]).toBe(`alice -> server INVITE ${bob} (im)`);
    },
  );

  it.each([500, 503])('5.6 keeps the dialog after %i to a MESSAGE', async (status) => {
    await scene.talking();
    const sent = scene.say('lost');
    await scene.bench.settle();
    scene.b.answer(scene.b.expect('MESSAGE'), status, 'Trouble');
    await scene.bench.settle();
    expect(await sent).toMatchObject({ ok: false, failure: { is: 'rejected', status } });
    void scene.say('again');
    await scene.bench.settle();
    expect(scene.b.expect('MESSAGE').body).toBe('again');
  });

  it('5.6 gives a MESSAGE that nobody answers 30 s', async () => {
    await scene.talking();
    const sent = scene.say('silence');
    await scene.bench.elapse(31_000);
    expect(await sent).toMatchObject({ ok: false, failure: { is: 'timedOut' } });
    expect(scene.bench.ladder.linesOf('alice', '-> server BYE')).toHaveLength(1);
  });

  it('5.4 says formatted text as alternatives', async () => {
    await scene.talking();
    void scene.say('bold', '<b>bold</b>');
    await scene.bench.settle();
    const message = scene.b.expect('MESSAGE');
    expect(message.contentType).toBe('multipart/alternative');
    expect(message.body).toContain('Content-Type: text/plain; charset=UTF-8\r\n\r\nbold');
    expect(message.body).toContain('Content-Type: text/html; charset=UTF-8\r\n\r\n<b>bold</b>');
    scene.b.answer(message, 200, 'OK');
  });

  it('5.5 tells typing at most every 10 s, and idle once', async () => {
    await scene.talking();
    const thread = scene.thread;
    for (let second = 0; second < 12; second += 1) {
      scene.a.im.setTyping(thread, true);
      await scene.bench.elapse(1_000);
    }
    scene.a.im.setTyping(thread, false);
    scene.a.im.setTyping(thread, false);
    await scene.bench.settle();
    const notices = scene.bench.ladder.of('alice', 'out', 'INFO');
    expect(notices.map(({ body }) => /status="(\w+)"/.exec(body)?.[1])).toEqual(['type', 'type', 'idle']);
  });

  it('ITM-1 names each message for who may get it twice, and ITM-2 learns who knows the name', async () => {
    const sent = scene.say('one');
    await scene.bench.settle();
    const invite = scene.b.expect('INVITE');
    expect(invite.raw('confab-item')).toBe(scene.item);
    expect(scene.a.im.deduplicates(scene.thread)).toBe(false);
    scene.accept(invite, 'ms-text-format', 'com.confab.item');
    await scene.bench.settle();
    await sent;
    expect(scene.a.im.deduplicates(scene.thread)).toBe(true);
    void scene.say('two');
    await scene.bench.settle();
    expect(scene.b.expect('MESSAGE').raw('confab-item')).toBe(scene.item);
  });
});
