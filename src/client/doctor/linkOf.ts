import type { Link } from '../../domain/checkup';
import type { Cause, Explanation } from '../../trace/explain/explain';
import type { Topic } from '../../trace/topic';

/** Causes that lie elsewhere than the message that shows them. */
const byCause: Partial<Readonly<Record<Cause, Link>>> = {
  noServerFound: 'discovery',
  serverOfAnotherDomain: 'discovery',
  serverUnreachable: 'secureConnection',
  notEncrypted: 'secureConnection',
  tlsRefused: 'secureConnection',
  browserRefused: 'secureConnection',
  edgeTlsFailed: 'secureConnection',
  edgeCertificateRefused: 'secureConnection',
  notSip: 'webSocket',
  originRefused: 'webSocket',
  upgradeNotPassed: 'webSocket',
  connectionSilent: 'webSocket',
  answerLostWithConnection: 'webSocket',
  clockWrong: 'registration',
  signatureWrong: 'registration',
  certificateNotTrusted: 'registration',
  registrationExpired: 'registration',
  notSignedIn: 'registration',
  credentialsOfAnother: 'registration',
  accountDisabled: 'registration',
  relayCredentialsRefused: 'relay',
  relayFull: 'relay',
  relayUnreachable: 'relay',
  udpBlocked: 'relay',
  noRelay: 'relay',
  notificationsDenied: 'notifications',
  storageFull: 'storage',
  storageRefused: 'storage',
  storageNearlyFull: 'storage',
};

const byTopic: Readonly<Record<Topic, Link>> = {
  registration: 'registration',
  settings: 'settings',
  contacts: 'subscriptions',
  self: 'subscriptions',
  presence: 'subscriptions',
  publishing: 'subscriptions',
  directory: 'subscriptions',
  relay: 'relay',
  files: 'conference',
  factory: 'conference',
  conference: 'conference',
  roster: 'conference',
  conferenceChat: 'conference',
  invitation: 'conference',
  im: 'message',
  sharing: 'relay',
  file: 'relay',
  call: 'relay',
  service: 'subscriptions',
  other: 'message',
};

/** The link that an explanation shows to be broken. */
export function linkOf({ cause, flow }: Explanation): Link {
  const known = byCause[cause];
  if (known !== undefined) return known;
  return flow.row.dialog === null ? 'webSocket' : byTopic[flow.row.dialog.topic];
}
