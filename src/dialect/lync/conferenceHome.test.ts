import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HomeBench } from '../../testing/homeBench';
import { alice, bob, carol } from '../../testing/people';
import { type Person, Scene } from '../contract/scene.contract';

let bench: HomeBench;
let scene: Scene;
beforeEach(() => {
  bench = new HomeBench();
  scene = new Scene(bench);
});
afterEach(() => bench.close());

const subscriptions = (who: string) => bench.ladder.linesOf(who, '-> server SUBSCRIBE', '(conference)').length;

describe('a conference at the home server', () => {
  it('CNF-15 tells each member of comings and goings without a gap: nobody subscribes anew', async () => {
    const { focus, a, rest } = await scene.meeting(bob, carol);
    const [b, c] = rest as [Person, Person];
    await scene.value(a.dialect.conferences.setLocked(focus, true));
    await scene.value(a.dialect.conferences.setRole(focus, bob, 'presenter'));
    await b.dialect.conferences.leave(focus);
    await scene.elapse(1_000);
    expect([subscriptions('alice'), subscriptions('carol')]).toEqual([1, 1]);
    expect(c.host.roster(focus)).toEqual([alice, carol]);
  });
});
