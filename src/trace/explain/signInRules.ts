import { headerOf } from '../../protocol/sip/message';
import type { Flow } from './flow';
import {
  about,
  either,
  method,
  not,
  rule,
  says,
  status,
  type Test,
  told,
  unanswered,
  weAsked,
  withPerson,
} from './rule';

/** Finding the server, REGISTER, and the end of a registration ([MS-SIPREGE], `lync-wire` 1). */

/** Further off than this, Kerberos, NTLM and TLS-DSK refuse ([MS-SIPAE]). */
const skewLimitMs = 5 * 60_000;

const registering = method('REGISTER');
const sentCredentials: Test = ({ requestMessage }) =>
  requestMessage !== null && headerOf(requestMessage, 'Authorization') !== undefined;
const clocksDiffer: Test = ({ around }) => Math.abs(around.skewMs ?? 0) > skewLimitMs;
const registrationEvent =
  (event: string): Test =>
  ({ body }) =>
    body.is === 'deregistered' && body.event === event;
const signInFailed =
  (...why: readonly string[]): Test =>
  ({ note }) =>
    note?.is === 'signInFailed' && why.includes(note.why);

/** The page's own server could be reached: it is not the whole network. */
const othersAnswer: Test = ({ note }) => note?.is === 'signInFailed' && note.othersAnswer === true;
/** What came of it over the open connection says more. */
const wasOpen: Test = ({ note, around: { rows, at } }) => {
  const url = note?.is === 'signInFailed' ? note.url : '';
  return rows.slice(0, at).findLast(({ entry }) => entry.kind === 'state' && entry.url === url)?.entry.text === 'open';
};
/** [MS-SIPAE]: it was dropped, since its signature does not hold. */
const unsigned: Test = ({ row }) =>
  (row.transaction?.rows ?? [row]).some(({ entry }) => /signature|did not sign/.test(entry.fault ?? ''));
/** So long a server may think before its silence means something. */
const patienceMs = 4_000;
const nothingHeard: Test = ({ waitedMs, around: { heard } }) => waitedMs >= patienceMs && heard.sinceOpen === false;
const toOneself: Test = ({ request }) => request !== null && request.frame.from === request.frame.to;

/** The registration ran out before this request, and was not renewed. */
function hasRunOut({ request, row, around: { registered } }: Flow): boolean {
  return registered !== null && (request ?? row).entry.at > registered.at + registered.seconds * 1000;
}

export const signInRules = [
  rule('noServerFound', 'yourAdministrator', signInFailed('notFound')),
  rule('serverUnreachable', 'yourAdministrator', signInFailed('unreachable'), othersAnswer),
  rule('serverUnreachable', 'network', signInFailed('unreachable')),
  rule('originRefused', 'yourAdministrator', signInFailed('originRefused')),
  rule('upgradeNotPassed', 'yourAdministrator', signInFailed('notUpgraded')),
  rule('notSip', 'yourAdministrator', signInFailed('notSip'), not(wasOpen)),
  rule('signatureWrong', 'yourAdministrator', unsigned),

  rule('webTicketMissing', 'yourAdministrator', told(28_020)),
  rule('accountDisabled', 'yourAdministrator', told(4141)),
  rule('signedInElsewhere', 'you', registrationEvent('unregistered')),
  rule('movedToOtherPool', 'nobody', registrationEvent('deactivated')),
  rule('signedOutByServer', 'yourAdministrator', registrationEvent('rejected')),

  rule('clockWrong', 'device', told(1013)),
  rule('clockWrong', 'device', registering, status(200, 401, 403), sentCredentials, clocksDiffer),
  rule('serverOfAnotherDomain', 'yourAdministrator', registering, told(1005)),
  rule('connectionSilent', 'network', unanswered, weAsked, nothingHeard),
  rule('ownSignInNotFound', 'yourAdministrator', weAsked, withPerson, status(404, 480), toOneself),
  rule('throttled', 'you', registering, either(status(429), says(/too many failed/i))),
  rule('noRemoteAccess', 'yourAdministrator', told(4003)),
  rule('credentialsOfAnother', 'program', told(4004)),
  rule('clientVersionRefused', 'yourAdministrator', told(17002)),
  rule('clientVersionRefused', 'yourAdministrator', registering, status(403), says(/version/i)),
  rule('registrationExpired', 'program', not(registering), status(401, 403, 480), hasRunOut),
  rule('notSignedIn', 'program', not(registering), status(401, 403), told(1000)),
  rule('notSignedIn', 'program', not(registering), weAsked, status(401, 407)),
  rule('wrongPassword', 'you', registering, told(1000)),
  rule('wrongPassword', 'you', registering, status(401, 407), sentCredentials),
  rule('challenged', 'nobody', registering, status(401, 407)),
  rule('endpointIdRefused', 'program', told(4010, 4011, 4012)),
  rule('registrationTooShort', 'program', status(423)),
  rule('challenged', 'nobody', about('registration'), status(401, 407)),
] as const;
