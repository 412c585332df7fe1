import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { headerOf } from '../../protocol/sip/message';
import { HomeBench } from '../../testing/homeBench';
import { bob } from '../../testing/people';
import { Scene } from '../contract/scene.contract';

let bench: HomeBench;
let scene: Scene;
beforeEach(() => {
  bench = new HomeBench({ protocol: 'TLS' });
  scene = new Scene(bench);
});
afterEach(() => bench.close());

/** Of all that the client sent or got, what had no signature. */
const unsigned = (who: string, direction: 'in' | 'out'): string[] =>
  bench.ladder.rungs
    .filter((rung) => rung.who === who && rung.direction === direction)
    .filter(({ message }) => {
      const value = headerOf(message, direction === 'out' ? 'Authorization' : 'Authentication-Info') ?? '';
      return !/(?:response|rspauth)="\*\*\*"/.test(value);
    })
    .map(({ message }) => (message.method === null ? String(message.status) : message.method));

describe('at a home server that wants NTLM, as through an edge', () => {
  it('AUT-1 to AUT-6: the whole sign-in, presence and an exchange are signed both ways', async () => {
    const { a, b } = await scene.talking();
    await scene.value(a.dialect.presence.setNote('in Utrecht'));
    expect(b.host.texts).toEqual(['first']);
    expect(bench.ladder.linesOf('alice', 'REGISTER')).toEqual([
      'alice -> server REGISTER sip:contoso.example',
      'server -> alice 401 REGISTER',
      'alice -> server REGISTER sip:contoso.example',
      'server -> alice 401 REGISTER',
      'alice -> server REGISTER sip:contoso.example',
      'server -> alice 200 REGISTER',
    ]);
    for (const who of ['alice', 'bob']) {
      expect(unsigned(who, 'out')).toEqual(['REGISTER', 'REGISTER']);
      expect(unsigned(who, 'in')).toEqual(['401', '401']);
    }
  });

  it('REG-12: after eight hours the association is another one, and nothing was lost meanwhile', async () => {
    const { a, b } = await scene.talking();
    await bench.elapse(8 * 3_600_000 - 300_000 - 10_000, 5_000);
    bench.ladder.clear();
    const texts = Array.from({ length: 40 }, (_, index) => `number ${index}`);
    const said = texts.map(async (text, index) => {
      await new Promise<void>((resolve) => bench.world.after(index * 500, resolve));
      return a.say(bob, text);
    });
    await scene.elapse(25_000);
    for (const outcome of said) expect(await outcome).toMatchObject({ ok: true });
    expect(bench.ladder.linesOf('alice', 'server -> alice 401 REGISTER')).toHaveLength(2);
    expect(b.host.texts.slice(1)).toEqual(texts);
    expect(unsigned('alice', 'out')).toEqual(['REGISTER', 'REGISTER']);
  });
});
