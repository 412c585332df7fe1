import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestHome, testPassword } from '../../server/testing/home';
import { formatImOffer } from '../protocol/sip/imOffer';
import type { Aor } from '../protocol/sip/uri';
import { type FakeWorld, fakeWorld } from '../testing/fakeWorld';
import { alice, bob } from '../testing/people';
import { SocketPairs } from '../testing/socketPair';
import type { InviteEnd } from './inviteHandlers';
import { UserAgent, type UserAgentOptions } from './userAgent';

const offer = { contentType: 'application/sdp', body: formatImOffer({ uri: null, acceptTypes: ['text/plain'] }) };
const text = (body: string) => ({ contentType: 'text/plain', body });

let world: FakeWorld;
let home: TestHome;
let agents: UserAgent[];
let pairs: SocketPairs;
let states: string[];

beforeEach(() => {
  world = fakeWorld();
  home = new TestHome();
  agents = [];
  states = [];
  pairs = new SocketPairs((far) => {
    const flow = home.connect((message) => far.send(message));
    far.onText = (message) => {
      if (message.trim() === '') far.send('\r\n');
      else flow.send(message);
    };
    far.onClose = () => flow.lose();
  });
});
afterEach(async () => {
  await Promise.all([...agents.map((agent) => agent.stop()), settle(5_000)]);
  expect(world.ticking).toBe(0);
});

async function settle(ms = 0): Promise<void> {
  await world.elapse(ms);
  for (let turn = 0; turn < 10; turn += 1) await world.elapse(0);
}

async function signIn(aor: Aor, options: Partial<UserAgentOptions> = {}): Promise<UserAgent> {
  const number = agents.length + 1;
  const agent = new UserAgent({
    world,
    server: 'wss://fe1.contoso.example/sip',
    aor,
    password: testPassword,
    instanceId: `00000000-0000-4000-8000-00000000000${number}`,
    epid: `0000000${number}`,
    openSocket: pairs.openSocket,
    trace: () => 0,
    onState: ({ is }) => states.push(is),
    onInvite: () => undefined,
    ...options,
  });
  agents.push(agent);
  agent.start();
  await settle();
  return agent;
}

/** JsSIP below, the real home server above: both ends of the wire are ours, and neither is a script. */
describe('with the home server', () => {
  it('signs in by digest and gets a GRUU; a wrong password is refused', async () => {
    const agent = await signIn(alice);
    expect(states).toEqual(['connecting', 'connected', 'registered']);
    expect(agent.gruu).toMatch(/^sip:alice@contoso\.example;opaque=user:epid:[\w-]+;gruu$/);
    await signIn(bob, { password: 'wrong' });
    expect(states.at(-1)).toBe('refused');
  });

  it('an IM session of two people, over a loss of both connections, to its end', async () => {
    const said: string[] = [];
    const ends: InviteEnd[] = [];
    const handlers = (who: string) => ({
      onRequest: (request: { body: string }, reply: (status: number, reason: string) => void) => {
        said.push(`${who} got ${request.body}`);
        reply(200, 'OK');
      },
      onEnded: (end: InviteEnd) => void ends.push(end),
    });
    const from = await signIn(alice);
    const to: UserAgent = await signIn(bob, {
      onInvite: (_request, ring) => void ring(handlers('bob')).accept(to.contact, [], offer),
    });
    const { invite, answered } = from.invite({ target: bob, content: offer, timeoutMs: 60_000 }, handlers('alice'));
    await settle();
    expect(await answered).toMatchObject({ ok: true, value: { status: 200 } });
    const first = invite.request('MESSAGE', text('hello'));
    await settle();
    expect(await first).toMatchObject({ ok: true });

    pairs.cut();
    await settle(2_000);
    expect(states.filter((is) => is === 'registered')).toHaveLength(4);
    const second = invite.request('MESSAGE', text('still there?'));
    await settle();
    expect(await second).toMatchObject({ ok: true });
    expect(said).toEqual(['bob got hello', 'bob got still there?']);

    invite.end();
    await settle();
    expect(ends.map(({ is }) => is).sort()).toEqual(['bye', 'local']);
  });

  it('someone who is not there is refused at once, with diagnostics', async () => {
    const agent = await signIn(alice);
    const { answered } = agent.invite(
      { target: bob, content: offer, timeoutMs: 60_000 },
      { onRequest: () => undefined, onEnded: () => undefined },
    );
    await settle();
    expect(await answered).toMatchObject({ ok: false, failure: { is: 'rejected', status: 480 } });
  });
});
