import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakePeerConnection } from '../testing/fakePeerConnection';
import { type FakeWorld, fakeWorld } from '../testing/fakeWorld';
import { Trouble } from './trouble';

let world: FakeWorld;
let network: EventTarget;
let browser: FakePeerConnection;
let told: string[];
let trouble: Trouble;

beforeEach(() => {
  vi.stubGlobal('addEventListener', (_type: string, run: () => void) => network.addEventListener('online', run));
  vi.stubGlobal('removeEventListener', (_type: string, run: () => void) => network.removeEventListener('online', run));
  network = new EventTarget();
  world = fakeWorld();
  browser = new FakePeerConnection();
  told = [];
  trouble = new Trouble(browser as unknown as RTCPeerConnection, world, {
    onLost: () => told.push('lost'),
    onStale: () => told.push('stale'),
  });
});
afterEach(() => vi.unstubAllGlobals());

describe('a connection', () => {
  it('that failed is lost', () => {
    browser.connect('failed');
    expect(told).toEqual(['lost']);
  });

  it('that breaks may come back by itself for three seconds', async () => {
    browser.connect('disconnected');
    await world.elapse(2_999);
    browser.connect('connected');
    await world.elapse(60_000);
    expect(told).toEqual([]);
    browser.connect('disconnected');
    await world.elapse(3_000);
    expect(told).toEqual(['lost']);
  });

  it('that is broken is lost at once when the network is another', () => {
    network.dispatchEvent(new Event('online'));
    expect(told).toEqual([]);
    browser.connect('disconnected');
    network.dispatchEvent(new Event('online'));
    expect(told).toEqual(['lost']);
  });

  it('goes stale when the credentials of its relays are half used up', async () => {
    const server = { urls: ['turn:edge'], username: 'u', credential: 'c' };
    trouble.goesBy({ servers: [server], renewAt: world.now() + 240_000 });
    await world.elapse(239_999);
    expect(told).toEqual([]);
    await world.elapse(1);
    expect(told).toEqual(['stale']);
    trouble.goesBy({ servers: [server], renewAt: world.now() + 240_000 });
    trouble.stop();
    await world.elapse(240_000);
    expect(told).toEqual(['stale']);
  });

  it('without relays never does', async () => {
    trouble.goesBy({ servers: [], renewAt: world.now() + 60_000 });
    await world.elapse(600_000);
    expect(told).toEqual([]);
  });
});
