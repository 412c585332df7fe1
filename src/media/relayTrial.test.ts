import { expect, it } from 'vitest';
import { FakePeerConnection } from '../testing/fakePeerConnection';
import { fakeWorld } from '../testing/fakeWorld';
import { tryRelays } from './relayTrial';

const relay = {
  urls: ['turn:edge1.contoso.example:3478?transport=udp', 'turn:edge1.contoso.example:443?transport=tcp'],
  username: '1:alice',
  credential: 'p',
};

/** Tries both URLs; `happens` is done to their two connections. */
async function tried(happens: (udp: FakePeerConnection, tcp: FakePeerConnection) => void, ms = 0) {
  const world = fakeWorld();
  const opened: FakePeerConnection[] = [];
  const outcome = tryRelays([relay], world, (configuration) => {
    const connection = new FakePeerConnection(configuration);
    opened.push(connection);
    return connection as unknown as RTCPeerConnection;
  });
  await world.elapse(0);
  const [udp, tcp] = opened;
  if (udp === undefined || tcp === undefined) throw new Error('not both were tried');
  for (const { configuration } of opened) expect(configuration.iceTransportPolicy).toBe('relay');
  happens(udp, tcp);
  await world.elapse(ms);
  const errors = (await outcome).map(({ error }) => error);
  expect(opened.map(({ signalingState }) => signalingState)).toEqual(['closed', 'closed']);
  expect(world.ticking).toBe(0);
  return errors;
}

it('each URL has its own answer: a way, or why there is none', async () => {
  const found = await tried((udp, tcp) => {
    udp.refuse(401);
    tcp.find('relay');
  });
  expect(found).toEqual([401, null]);
});

it('what cannot be reached at one address may be at the next; at none it is 701', async () => {
  const found = await tried((udp, tcp) => {
    udp.refuse(701);
    udp.find('relay');
    tcp.refuse(701);
    tcp.finish();
  });
  expect(found).toEqual([null, 701]);
});

it('silence is 701 after five seconds', async () => {
  expect(await tried((_udp, tcp) => tcp.find('relay'), 5_000)).toEqual([701, null]);
});
