import { beforeEach, describe, expect, it } from 'vitest';
import { sharingControlType } from '../../src/protocol/shared/sharingControl';
import type { Member } from '../testing/conference';
import type { Exchange } from '../testing/endpoint';
import { alice, bob, carol, Meeting, refusalIn } from '../testing/meeting';
import { ScriptedForwarder } from '../testing/scriptedForwarder';
import { control, controlsOf, look, share } from '../testing/sharing';

let forwarder: ScriptedForwarder;
let meeting: Meeting;

/** Alice shares, Bob and Carol look. */
async function scene(): Promise<{ a: Member; b: Member; c: Member; ofA: Exchange; ofB: Exchange; ofC: Exchange }> {
  forwarder = new ScriptedForwarder();
  meeting = new Meeting({}, { media: { forwarder, maxBitrate: 3_000_000 } });
  const [first, second, third] = meeting.members(alice, bob, carol);
  return {
    a: first,
    b: second,
    c: third,
    ofA: await share(first),
    ofB: await look(second),
    ofC: await look(third),
  };
}
let on: Awaited<ReturnType<typeof scene>>;
beforeEach(async () => {
  on = await scene();
});

const grants = () => forwarder.calls.filter((call) => call.startsWith('grant')).map((call) => call.split(' ').at(-1));

describe('SHR-9 who may point', () => {
  it('a viewer asks the sharer alone, in the name of the viewer', async () => {
    expect(control(on.b, on.ofB, { is: 'request' }).status).toBe(200);
    expect(await controlsOf(on.a)).toEqual([[`<${bob}>`, { is: 'request' }]]);
    expect([await controlsOf(on.b), await controlsOf(on.c)]).toEqual([[], []]);
    expect(grants()).toEqual([]);
  });

  it('the sharer grants and takes back, which everybody hears and the media keep to', async () => {
    expect(control(on.a, on.ofA, { is: 'grant', to: bob }).status).toBe(200);
    const told = [[`<${alice}>`, { is: 'grant', to: bob }]];
    expect([await controlsOf(on.b), await controlsOf(on.c), await controlsOf(on.a)]).toEqual([told, told, []]);
    control(on.a, on.ofA, { is: 'takeBack', to: bob });
    expect(await controlsOf(on.c)).toEqual([[`<${alice}>`, { is: 'takeBack', to: bob }]]);
    expect(grants()).toEqual(['true', 'false']);
  });

  it('the sharer declines, and nothing is granted', async () => {
    control(on.a, on.ofA, { is: 'decline', to: bob });
    expect(await controlsOf(on.b)).toEqual([[`<${alice}>`, { is: 'decline', to: bob }]]);
    expect(grants()).toEqual([]);
  });

  it('a viewer gives up what was granted', async () => {
    control(on.a, on.ofA, { is: 'grant', to: bob });
    control(on.b, on.ofB, { is: 'giveUp' });
    expect(await controlsOf(on.a)).toEqual([[`<${bob}>`, { is: 'giveUp' }]]);
    expect(grants()).toEqual(['true', 'false']);
  });

  it('nobody grants but the sharer, nobody asks but a viewer, and nobody is granted who does not look', () => {
    expect(refusalIn(control(on.b, on.ofB, { is: 'grant', to: bob }))).toEqual([403, 3014]);
    expect(refusalIn(control(on.b, on.ofB, { is: 'takeBack', to: carol }))).toEqual([403, 3014]);
    expect(refusalIn(control(on.a, on.ofA, { is: 'request' }))).toEqual([403, 3014]);
    expect(refusalIn(control(on.a, on.ofA, { is: 'grant', to: alice }))).toEqual([404, 3002]);
    expect(grants()).toEqual([]);
  });

  it('who comes later is told of a standing grant', async () => {
    control(on.a, on.ofA, { is: 'grant', to: bob });
    const late = meeting.member(carol);
    await look(late);
    expect(await controlsOf(late)).toEqual([[`<${alice}>`, { is: 'grant', to: bob }]]);
  });

  it('a second endpoint of a person has what the first has; the last takes it along', async () => {
    control(on.a, on.ofA, { is: 'grant', to: bob });
    const second = meeting.member(bob);
    const session = await look(second);
    expect(grants()).toEqual(['true', 'true']);
    on.b.endpoint.inDialog(on.ofB, 'BYE');
    second.endpoint.inDialog(session, 'BYE');
    const third = meeting.member(bob);
    await look(third);
    expect(await controlsOf(third)).toEqual([]);
  });

  it('a new sharer has granted nobody anything', async () => {
    control(on.a, on.ofA, { is: 'grant', to: bob });
    on.a.command({ is: 'modifyUserRoles', focus: meeting.focus, user: carol, role: 'presenter' });
    const next = await share(on.c);
    const late = meeting.member(alice);
    await look(late);
    expect(await controlsOf(late)).toEqual([]);
    expect(control(on.c, next, { is: 'grant', to: bob }).status).toBe(200);
  });

  it('nothing is told to an end that did not announce it', async () => {
    const plain = meeting.member(carol);
    await look(plain, undefined, []);
    control(on.a, on.ofA, { is: 'grant', to: bob });
    expect(await controlsOf(plain)).toEqual([]);
  });

  it.each([
    ['another body', 'text/plain', '{}', 415],
    ['nonsense', sharingControlType, '{"is":"take"}', 400],
    ['no JSON', sharingControlType, '<x/>', 400],
  ])('refuses %s', (_what, contentType, body, status) => {
    expect(on.b.endpoint.inDialog(on.ofB, 'INFO', { contentType, body }).final.status).toBe(status);
  });

  it('who says too much waits (503)', () => {
    const answers = Array.from({ length: 25 }, () => control(on.b, on.ofB, { is: 'request' }).status);
    expect(answers.filter((status) => status === 200)).toHaveLength(20);
    expect(answers.at(-1)).toBe(503);
  });
});
