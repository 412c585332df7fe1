import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ItemId } from '../../domain/ids';
import { headerOf } from '../../protocol/sip/message';
import { HomeBench } from '../../testing/homeBench';
import { alice, bob } from '../../testing/people';
import { Recorder } from '../../testing/recorder';
import type { Dialect } from '../dialect';

let bench: HomeBench;
let host: Recorder;
let a: Dialect;
beforeEach(() => {
  bench = new HomeBench();
  host = new Recorder();
  a = bench.dialect(alice, host);
});
afterEach(() => bench.close());

async function signIn(dialect = a) {
  const signedIn = dialect.signIn(() => undefined);
  await bench.elapse(1_000);
  return signedIn;
}

const sent = () => bench.ladder.linesOf('alice', 'alice -> server');

describe('signing in', () => {
  it('10.1 registers, subscribes to everything at once, publishes, then watches', async () => {
    a.presence.watch([bob]);
    expect((await signIn()).ok).toBe(true);
    expect(sent()).toEqual([
      'alice -> server REGISTER sip:contoso.example',
      'alice -> server REGISTER sip:contoso.example',
      `alice -> server SUBSCRIBE ${alice} (vnd-microsoft-provisioning-v2)`,
      `alice -> server SUBSCRIBE ${alice} (vnd-microsoft-roaming-contacts)`,
      `alice -> server SUBSCRIBE ${alice} (vnd-microsoft-roaming-self)`,
      `alice -> server SUBSCRIBE ${alice} (presence)`,
      `alice -> server SERVICE ${alice} (publish)`,
    ]);
  });

  it('SLF-7 publishes device and machine state of this endpoint, and no status of its own', async () => {
    await signIn();
    const [publish] = bench.ladder.of('alice', 'out', 'SERVICE');
    const published = [...(publish?.body ?? '').matchAll(/categoryName="(\w+)" instance="(\d+)" container="(\d+)"/g)];
    expect(published.map(([, name, , container]) => `${name} ${container}`)).toEqual([
      'device 2',
      'state 2',
      'state 3',
    ]);
    expect(publish?.body).toContain('xsi:type="machineState"');
    expect(publish?.body).not.toContain('userState');
    const machine = published.filter(([, name]) => name === 'state').map(([, , instance]) => Number(instance));
    for (const instance of machine) expect(Math.floor(instance / 0x1000_0000)).toBe(3);
  });

  it('PRV-2 knows no conferences where the server names no focus factory', async () => {
    bench.home.home.accounts.setPolicy(alice, { conferences: false, meetingSize: null });
    await signIn();
    expect(host.last('policy.changed').policy.conferences).toBe(false);
    expect(host.last('capabilities.changed').capabilities.conferences).toBe(false);
    expect(await a.conferences.create('x')).toEqual({
      ok: false,
      failure: { is: 'forbidden', policy: 'conferences' },
    });
  });

  it('2 hears of a change of policy while signed in', async () => {
    await signIn();
    bench.home.home.accounts.setPolicy(alice, { conferences: true, meetingSize: 4 });
    await bench.settle();
    expect(host.last('policy.changed').policy.meetingSize).toBe(4);
  });

  it('is cancelled by signing out', async () => {
    const signedIn = a.signIn(() => undefined);
    await a.signOut();
    expect(await signedIn).toEqual({ ok: false, failure: { is: 'cancelled' } });
    await bench.elapse(1_000);
    expect(bench.home.home.context.endpointsOf(alice)).toEqual([]);
  });

  it('says that there is no connection', async () => {
    bench.cut(a);
    expect(await signIn()).toEqual({ ok: false, failure: { is: 'connectionLost' } });
  });
});

describe('staying signed in', () => {
  it('subscribes afresh in new dialogs and publishes again on a new connection', async () => {
    a.presence.watch([bob]);
    await signIn();
    const callIds = () => bench.ladder.of('alice', 'out', 'SUBSCRIBE').map((one) => headerOf(one, 'Call-ID'));
    const before = callIds();
    bench.ladder.clear();
    bench.cut(a);
    await bench.elapse(200);
    bench.mend(a);
    await bench.elapse(5_000);
    expect(host.all('connection.live')).toHaveLength(1);
    expect(callIds().filter((callId) => before.includes(callId))).toEqual([]);
    const events = bench.ladder.linesOf('alice', '-> server SUBSCRIBE').map((line) => /\((.*)\)/.exec(line)?.[1]);
    expect(events.sort()).toEqual([
      'presence',
      'vnd-microsoft-provisioning-v2',
      'vnd-microsoft-roaming-contacts',
      'vnd-microsoft-roaming-self',
    ]);
    expect(bench.ladder.linesOf('alice', '-> server SERVICE')).toEqual([`alice -> server SERVICE ${alice} (publish)`]);
  });

  it.each([
    ['disabled', () => bench.home.home.accounts.setDisabled(alice, true)],
    ['passwordChanged', () => bench.home.home.accounts.setPassword(alice, 'another one')],
  ] as const)('1.6 hears that the server ended the registration: %s', async (why, act) => {
    await signIn();
    act();
    await bench.settle();
    expect(host.last('connection.ended').why).toBe(why);
    const id = '1' as ItemId;
    expect(await a.im.send(a.im.thread(bob, 'k'), { id, body: { text: 'x' } })).toEqual({
      ok: false,
      failure: { is: 'offline' },
    });
  });
});

describe('signing out', () => {
  it('5.8 ends sessions with BYE and unsubscribes before it unregisters', async () => {
    await signIn();
    const other = new Recorder();
    const b = bench.dialect(bob, other);
    await signIn(b);
    const said = a.im.send(a.im.thread(bob, 'key'), { id: '1' as ItemId, body: { text: 'hello' } });
    await bench.settle();
    b.im.accept(other.last('im.invited').thread);
    await bench.settle();
    await said;
    bench.ladder.clear();
    const out = a.signOut();
    await bench.elapse(3_000);
    await out;
    expect(sent()).toEqual([
      `alice -> server BYE ${bob};gruu`,
      ...bench.ladder.linesOf('alice', '-> server SUBSCRIBE'),
      'alice -> server REGISTER sip:contoso.example',
    ]);
    const unsubscribed = bench.ladder.of('alice', 'out', 'SUBSCRIBE');
    expect(unsubscribed).toHaveLength(3);
    for (const request of unsubscribed) expect(headerOf(request, 'Expires')).toBe('0');
    expect(other.last('im.ended').thread).toBe(b.im.thread(alice, 'key'));
  });
});
