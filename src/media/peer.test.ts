import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failed, type Outcome, ok } from '../domain/failure';
import type { Relays } from '../domain/sharing';
import { FakePeerConnection } from '../testing/fakePeerConnection';
import { type FakeWorld, fakeWorld } from '../testing/fakeWorld';
import { Peer } from './peer';

const relays: Relays = {
  servers: [{ urls: ['turn:edge1.contoso.example:3478?transport=udp'], username: '1:alice', credential: 'p' }],
  renewAt: 0,
};

let world: FakeWorld;
let peer: Peer;
let browser: FakePeerConnection;
beforeEach(() => {
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
  world = fakeWorld();
  peer = new Peer(world, relays);
  browser = FakePeerConnection.last;
});
afterEach(() => {
  vi.unstubAllGlobals();
  expect(world.ticking).toBe(0);
});

/** What a promise has become by now. */
async function now<T>(promise: Promise<T>): Promise<T | 'waiting'> {
  let value: T | 'waiting' = 'waiting';
  void promise.then((settled) => {
    value = settled;
  });
  await world.elapse(0);
  return value;
}

async function stable(): Promise<void> {
  const offer = peer.offer();
  await world.elapse(0);
  browser.finish();
  await offer;
  await peer.takeAnswer('answer');
  browser.log.length = 0;
}

describe('an offer without trickle (lync-wire 7.3)', () => {
  it('has the relays as servers, and waits for all candidates', async () => {
    expect(browser.configuration.iceServers).toEqual(relays.servers);
    const offer = peer.offer();
    expect(await now(offer)).toBe('waiting');
    browser.find('host');
    browser.find('srflx');
    expect(await now(offer)).toBe('waiting');
    browser.finish();
    expect(await offer).toBe('offer 1 host srflx');
  });

  it('waits no longer than for the first relayed candidate', async () => {
    const offer = peer.offer();
    await world.elapse(0);
    browser.find('host');
    browser.find('relay');
    expect(await now(offer)).toBe('offer 1 host relay');
  });

  it('waits no longer than two seconds, for a TURN server that does not answer', async () => {
    const offer = peer.offer();
    await world.elapse(0);
    browser.find('host');
    await world.elapse(1_999);
    expect(await now(offer)).toBe('waiting');
    await world.elapse(1);
    expect(await offer).toBe('offer 1 host');
  });
});

describe('what a stranger wrote', () => {
  it.each(['takeAnswer', 'answer'] as const)(
    '%s: nonsense is malformed, and what comes after is taken',
    async (verb) => {
      browser.unreadable = 'nonsense';
      expect(await peer[verb]('nonsense')).toEqual({ ok: false, failure: { is: 'malformed', what: 'SDP' } });
      const answered = peer.answer('their offer');
      await world.elapse(0);
      browser.finish();
      expect(await answered).toEqual({ ok: true, value: 'answer' });
    },
  );
});

describe('a change', () => {
  beforeEach(() => stable());

  it('is offered, and its answer taken', async () => {
    const offers: string[] = [];
    const changed = peer.renegotiate(
      async (offer) => {
        offers.push(offer);
        return ok('their answer');
      },
      { isCaller: true, iceRestart: true },
    );
    await world.elapse(0);
    expect(await changed).toEqual({ ok: true, value: undefined });
    expect(offers).toEqual(['offer 2 restarted']);
    expect(browser.log).toEqual(['local offer', 'remote answer']);
  });

  it('that is refused leaves the connection as it was', async () => {
    const refused = failed({ is: 'rejected', status: 488, reason: 'Not Acceptable Here' });
    const changed = peer.renegotiate(async () => refused, { isCaller: true });
    expect(await now(changed)).toEqual(refused);
    expect(browser.log).toEqual(['local offer', 'local rollback']);
    expect(browser.signalingState).toBe('stable');
  });

  it.each([
    ['who called', true, 2_100, 4_000],
    ['who was called', false, 0, 2_000],
  ])('RFC 3261 §14.1: after 491 %s waits and offers anew', async (_who, isCaller, least, most) => {
    const times: number[] = [];
    const answers: Outcome<string>[] = [failed({ is: 'rejected', status: 491, reason: 'Request Pending' }), ok('a')];
    const began = world.now();
    const changed = peer.renegotiate(
      async () => {
        times.push(world.now() - began);
        return answers.shift() ?? ok('a');
      },
      { isCaller },
    );
    await world.elapse(4_000);
    expect((await changed).ok).toBe(true);
    expect(times[1]).toBeGreaterThanOrEqual(least);
    expect(times[1]).toBeLessThanOrEqual(most);
    expect(browser.log).toEqual(['local offer', 'local rollback', 'local offer', 'remote answer']);
  });

  it('gives up after four that met another', async () => {
    const pending = failed({ is: 'rejected', status: 491, reason: 'Request Pending' });
    let tries = 0;
    const changed = peer.renegotiate(
      async () => {
        tries += 1;
        return pending;
      },
      { isCaller: false },
    );
    await world.elapse(10_000);
    expect([await changed, tries]).toEqual([pending, 4]);
  });

  it('comes one after another, also with the offers of the other end', async () => {
    let answer: (outcome: Outcome<string>) => void = () => undefined;
    const first = peer.renegotiate(() => new Promise((resolve) => (answer = resolve)), { isCaller: true });
    const theirs = peer.answer('their offer');
    await world.elapse(0);
    expect(browser.log).toEqual(['local offer']);
    answer(ok('a'));
    await Promise.all([first, theirs]);
    expect(browser.log).toEqual(['local offer', 'remote answer', 'remote offer', 'local answer']);
  });

  it('of a connection that was closed meanwhile is over', async () => {
    const changed = peer.renegotiate(async () => ok('a'), { isCaller: true });
    peer.close();
    expect(await changed).toEqual({ ok: false, failure: { is: 'cancelled' } });
  });
});
