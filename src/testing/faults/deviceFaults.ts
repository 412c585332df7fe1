import type { InvitationId, ItemId } from '../../domain/ids';
import { alice, bob } from '../people';
import type { Fault } from './fault';

const errors = (codeOf: (url: string) => number | null): NonNullable<Fault['tab']> => ({
  tryRelays: (relays) => relays.flatMap(({ urls }) => urls).map((url) => ({ url, error: codeOf(url) })),
});

/** The doctor's own log is the trace: a browser's relay errors, permission and quota are in no message. */
const asksDoctor: Fault['happens'] = async (scene) => {
  await scene.diagnosed();
  return undefined;
};

/** Relays, notifications and storage: what only a tab or the device knows. */
export const deviceFaults: readonly Fault[] = [
  {
    id: 'turn-dead',
    says: 'The relay itself does not answer on any transport, though credentials were issued.',
    causes: ['relayUnreachable'],
    owners: ['yourAdministrator', 'network'],
    links: ['relay'],
    tab: errors(() => 701),
    inject: () => undefined,
    happens: asksDoctor,
  },
  {
    id: 'turn-wrong-secret',
    says: 'The relay is alive but rejects the credentials the home server made: their shared secrets differ.',
    causes: ['relayCredentialsRefused'],
    owners: ['yourAdministrator'],
    links: ['relay'],
    tab: errors(() => 401),
    inject: () => undefined,
    happens: asksDoctor,
  },
  {
    id: 'udp-blocked',
    says: 'UDP does not leave this network; the relay works over TCP/TLS, so sharing works but by relay and with worse quality.',
    causes: ['udpBlocked'],
    owners: ['network'],
    links: ['relay'],
    tab: errors((url) => (url.includes('transport=udp') ? 701 : null)),
    inject: () => undefined,
    happens: asksDoctor,
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
