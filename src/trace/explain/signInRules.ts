import { headerOf } from '../../protocol/sip/message';
import type { Flow } from './flow';
import { about, either, method, not, rule, says, status, type Test, told, unanswered, weAsked } from './rule';

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

/** The registration ran out before this request, and was not renewed. */
function hasRunOut({ request, row, around: { registered } }: Flow): boolean {
  return registered !== null && (request ?? row).entry.at > registered.at + registered.seconds * 1000;
}

export const signInRules = [
  rule('noServerFound', 'yourAdministrator', signInFailed('notFound')),
  rule('serverUnreachable', 'network', signInFailed('unreachable')),
  rule('notSip', 'yourAdministrator', signInFailed('notSip')),

  rule('webTicketMissing', 'yourAdministrator', told(28_020)),
  rule('accountDisabled', 'yourAdministrator', told(4141)),
  rule('signedInElsewhere', 'nobody', registrationEvent('unregistered')),
  rule('movedToOtherPool', 'nobody', registrationEvent('deactivated')),
  rule('signedOutByServer', 'yourAdministrator', registrationEvent('rejected')),

  rule('clockWrong', 'device', told(1013)),
  rule('clockWrong', 'device', registering, status(200, 401, 403), sentCredentials, clocksDiffer),
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
  rule('noSuchAccount', 'yourAdministrator', registering, status(404)),
  rule('signInForbidden', 'yourAdministrator', registering, status(403)),
  rule('endpointIdRefused', 'program', told(4010, 4011, 4012)),
  rule('redirectedHome', 'nobody', registering, status(301, 302, 305)),
  rule('registrationTooShort', 'program', status(423)),
  rule('serverFull', 'yourAdministrator', registering, status(503), says(/full/i)),
  rule('registrarUnavailable', 'yourAdministrator', registering, status(500, 503, 504, 408)),
  rule('registrarSilent', 'yourAdministrator', registering, unanswered),
  rule('challenged', 'nobody', about('registration'), status(401, 407)),
] as const;
