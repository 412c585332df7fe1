import type { InvitationId, ItemId } from '../../domain/ids';
import { notePath } from '../../media/pathNotes';
import { FakePeerConnection } from '../fakePeerConnection';
import { alice, bob } from '../people';
import type { Fault } from './fault';

type Code = (url: string) => number | null;

const errors = (codeOf: Code): NonNullable<Fault['tab']> => ({
  tryRelays: (relays) => relays.flatMap(({ urls }) => urls).map((url) => ({ url, error: codeOf(url) })),
});

/** ICE gives a pair up after so long. */
const iceFailsAfterMs = 15_000;

/** Alice shows a program by a peer connection that these relays do not serve, and whose peer is behind another network. */
const shares =
  (codeOf: Code): Fault['happens'] =>
  async (scene) => {
    await scene.signIn();
    const { client } = scene.a;
    const asked = client.relays();
    await scene.bench.elapse(500);
    const relays = await asked;
    if (!relays.ok) throw new Error('no relays were told');
    const connection = new FakePeerConnection();
    const urls = relays.value.servers.flatMap((server) => server.urls);
    notePath(connection as unknown as RTCPeerConnection, {
      id: 'c1',
      relays: relays.value.servers.length,
      note: (note, level) => void client.noteMedia(note, level),
    });
    const isRelayed = urls.some((url) => codeOf(url) === null);
    const candidates = ['host', ...(isRelayed ? ['relay'] : [])];
    const sdp = candidates.map((type) => `a=candidate:1 1 udp 1 10.0.0.1 9 typ ${type}`).join('\r\n');
    await connection.setLocalDescription({ type: 'offer', sdp });
    connection.connect('connecting');
    for (const url of urls) {
      const errorCode = codeOf(url);
      const event = errorCode === null ? { candidate: { url, type: 'relay' } } : { url, errorCode };
      const name = errorCode === null ? 'icecandidate' : 'icecandidateerror';
      connection.dispatchEvent(Object.assign(new Event(name), event));
    }
    connection.finish();
    await scene.bench.elapse(iceFailsAfterMs);
    connection.connect(isRelayed ? 'connected' : 'failed');
    await scene.bench.elapse(100);
    return undefined;
  };

/** The doctor's own log is the trace: no message tells of a permission. */
const asksDoctor: Fault['happens'] = async (scene) => {
  await scene.diagnosed();
  return undefined;
};

const isDead: Code = () => 701;
const isRefused: Code = () => 401;
const isUdp: Code = (url) => (url.includes('transport=udp') ? 701 : null);

/** Relays, notifications and storage: what only a tab or the device knows. */
export const deviceFaults: readonly Fault[] = [
  {
    id: 'turn-dead',
    says: 'The relay itself does not answer on any transport, though credentials were issued.',
    causes: ['relayUnreachable'],
    owners: ['yourAdministrator', 'network'],
    links: ['relay'],
    tab: errors(isDead),
    inject: () => undefined,
    happens: shares(isDead),
  },
  {
    id: 'turn-wrong-secret',
    says: 'The relay is alive but rejects the credentials the home server made: their shared secrets differ.',
    causes: ['relayCredentialsRefused'],
    owners: ['yourAdministrator'],
    links: ['relay'],
    tab: errors(isRefused),
    inject: () => undefined,
    happens: shares(isRefused),
  },
  {
    id: 'udp-blocked',
    says: 'UDP does not leave this network; the relay works over TCP/TLS, so sharing works but by relay and with worse quality.',
    causes: ['udpBlocked'],
    owners: ['network'],
    links: ['relay'],
    tab: errors(isUdp),
    inject: () => undefined,
    happens: shares(isUdp),
  },
  {
    id: 'notifications-denied',
    says: "The browser is set to block this site's notifications; messages do arrive.",
    causes: ['notificationsDenied'],
    owners: ['you'],
    links: ['notifications'],
    tab: { notifications: 'denied' },
    inject: () => undefined,
    happens: asksDoctor,
  },
  {
    id: 'storage-full',
    says: "This browser's storage for the site is full, so history and outbox cannot be kept; the messages themselves went through.",
    causes: ['storageFull'],
    owners: ['device'],
    links: ['storage'],
    device: { room: async () => ({ used: 1_073_700_000, quota: 1_073_741_824, error: 'QuotaExceededError' }) },
    inject: ({ a }) => {
      a.history.isFull = true;
    },
    happens: async (scene) => {
      await scene.signIn();
      const bobs = await scene.peer(bob);
      void bobs.im.send(bobs.im.thread(alice, 'k1'), { id: 'i1' as ItemId, body: { text: 'hello' } });
      await scene.bench.elapse(500);
      const [invitation] = Object.keys(scene.a.client.state.invitations);
      void scene.a.client.accept(invitation as InvitationId);
      await scene.bench.elapse(500);
      return /^INVITE /;
    },
  },
];
