import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SipMessage } from '../protocol/sip/message';
import { NtlmPeer } from '../testing/ntlmPeer';
import { TestUserAgent } from '../testing/testUserAgent';

const me = 'sip:alice@contoso.example';
const text = (body: string) => ({ contentType: 'text/plain', body });
const handshake = ['unsigned REGISTER', 'unsigned REGISTER', 'right REGISTER'];
const hours = 3_600_000;

let alice: TestUserAgent;
let frontEnd: NtlmPeer;
beforeEach(async () => {
  alice = new TestUserAgent();
  frontEnd = new NtlmPeer(alice.peer, 'rose petal');
  alice.agent.start();
  await alice.settle();
});
afterEach(async () => {
  await Promise.all([alice.agent.stop(), alice.elapse(40_000)]);
  expect(alice.world.ticking).toBe(0);
});

describe('a security association and the next one', () => {
  it('REG-12: five minutes before eight hours are over a new handshake, not told as a new registration', async () => {
    await alice.elapse(8 * hours - 6 * 60_000);
    const signed = frontEnd.heard.slice(3);
    expect(new Set(signed)).toEqual(new Set(['right REGISTER']));
    frontEnd.heard.length = 0;
    await alice.elapse(60_000);
    expect(frontEnd.heard).toEqual(handshake);
    expect(alice.told.filter((is) => is === 'registered')).toHaveLength(1);
    await alice.elapse(2 * hours);
    expect(new Set(frontEnd.heard.slice(3))).toEqual(new Set(['right REGISTER']));
  });

  it('meanwhile the old association signs until the answer is out; then everything waits for the new one, in order', async () => {
    await alice.elapse(8 * hours - 6 * 60_000);
    frontEnd.heard.length = 0;
    let proved: SipMessage | undefined;
    frontEnd.onProved = (request) => {
      proved = request;
    };
    const before = alice.peer.onRegister;
    alice.peer.onRegister = (request) => {
      void alice.agent.service(me, text('early'));
      before(request);
    };
    await alice.elapse(60_000);
    for (const body of ['1', '2']) void alice.agent.service(me, text(body));
    await alice.settle();
    // What was signed by the old association before the AUTHENTICATE came is right; nothing follows it.
    expect(frontEnd.heard).toEqual([
      'unsigned REGISTER',
      'right SERVICE',
      'unsigned REGISTER',
      'right SERVICE',
      'right REGISTER',
    ]);
    if (proved === undefined) throw new Error('not proved');
    alice.peer.acceptRegistration(proved);
    await alice.settle();
    expect(frontEnd.heard.slice(5)).toEqual(['right SERVICE', 'right SERVICE', 'right SERVICE']);
    expect(alice.peer.received.slice(-3).map(({ body }) => body)).toEqual(['early', '1', '2']);
  });

  it('a server that has forgotten us and says so to a refresh is proved it again', async () => {
    frontEnd.forget();
    frontEnd.heard.length = 0;
    await alice.elapse(3_570_000);
    expect(frontEnd.heard).toEqual(['wrong REGISTER', 'unsigned REGISTER', 'right REGISTER']);
    expect(alice.told.at(-1)).toBe('registered');
  });

  it('or to anything else: that fails, and the next one does not', async () => {
    frontEnd.forget();
    const sent = [alice.agent.service(me, text('x')), alice.agent.service(me, text('y'))];
    await alice.settle();
    for (const _ of sent) frontEnd.challenge(alice.peer.take('SERVICE'));
    await alice.settle();
    for (const outcome of sent) expect(await outcome).toMatchObject({ ok: false, failure: { status: 401 } });
    expect(frontEnd.heard.slice(3)).toEqual(['wrong SERVICE', 'wrong SERVICE', ...handshake]);
    void alice.agent.service(me, text('z'));
    await alice.settle();
    expect(frontEnd.heard.at(-1)).toBe('right SERVICE');
  });

  it('messages that waited for an answer that never came go out by the old one', async () => {
    await alice.elapse(8 * hours - 6 * 60_000);
    frontEnd.onProved = () => undefined;
    await alice.elapse(60_000);
    void alice.agent.service(me, text('x'));
    await alice.settle();
    expect(alice.peer.received.at(-1)?.method).toBe('REGISTER');
    await alice.elapse(12_000);
    expect(alice.peer.received.some(({ method }) => method === 'SERVICE')).toBe(true);
  });
});
