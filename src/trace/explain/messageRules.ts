import { about, byPeer, byServer, method, rule, status, type Test, theyAsked, told, weAsked } from './rule';

/** Messages and documents that could not be taken, notes of the device, and the codes of RFC 3261 that say no more. */

const isNote =
  (kind: string): Test =>
  ({ row }) =>
    row.entry.kind === kind;
const bodyUnreadable: Test = ({ row, request, body, requestMessage }) => {
  if (body.is === 'malformed') return true;
  return (request ?? row).entry.direction === 'in' && requestMessage !== null && row.frame.status === 400;
};
const storageFailed: Test = ({ around }) => around.notes.some(({ is }) => is === 'notStored');

/** Documents that the server writes. */
const ofServer = about(
  'settings',
  'contacts',
  'self',
  'presence',
  'publishing',
  'roster',
  'factory',
  'conference',
  'relay',
);

export const messageRules = [
  rule('storageFull', 'device', ({ note }) => note?.is === 'notStored' && /quota/i.test(note.error)),
  rule('storageRefused', 'device', ({ note }) => note?.is === 'notStored'),
  rule('storageNearlyFull', 'device', ({ note }) => note?.is === 'storageLow'),
  rule('notificationsDenied', 'you', ({ note }) => note?.is === 'notificationsDenied'),
  rule('forbiddenHere', 'yourAdministrator', ({ note }) => note?.is === 'notSent'),
  rule('pageFailed', 'program', isNote('ui'), ({ row }) => row.isFailure || row.entry.level === 'error'),
  rule('notSipFrame', 'program', ({ row }) => row.frame.is === 'unreadable'),
  rule('storageFull', 'device', theyAsked, status(500), storageFailed),
  rule('weCouldNotKeepIt', 'device', theyAsked, method('MESSAGE', 'INVITE'), status(500)),
  rule('weFailed', 'program', theyAsked, status(500)),
  rule('serverDocumentUnreadable', 'yourAdministrator', ofServer, theyAsked, bodyUnreadable),
  rule('theirDocumentUnreadable', 'program', theyAsked, bodyUnreadable),
  rule('ourDocumentUnreadable', 'program', told(4001)),
  rule('contentTypeUnexpected', 'program', told(4013)),
  rule(
    'serverDocumentUnreadable',
    'yourAdministrator',
    ofServer,
    weAsked,
    ({ body, status: code }) => body.is === 'malformed' && code < 300,
  ),
  rule('answerUnreadable', 'program', weAsked, ({ body, status: code }) => body.is === 'malformed' && code < 300),
  rule('messageTooLarge', 'you', status(413, 513)),
  rule('methodNotTaken', 'program', status(405, 501)),
  rule('contentTypeUnexpected', 'program', status(415)),
  rule('requestMisspoken', 'program', status(400, 414, 416)),
  rule('tooManyRequests', 'program', status(429, 503), ({ told: all }) =>
    all.some(({ reason }) => /too many/i.test(reason)),
  ),
  rule('peerBroke', 'peer', weAsked, status(500, 503), byPeer),
  rule('serverFailed', 'yourAdministrator', status(500, 580), byServer),
  rule('serverUnavailable', 'yourAdministrator', status(503), byServer),
  rule('serverGotNoAnswer', 'yourAdministrator', status(408, 504), byServer),
  rule('forbidden', 'yourAdministrator', weAsked, status(403, 603)),
  rule('notFound', 'nobody', weAsked, status(404, 410)),
  rule('dialogGone', 'nobody', status(481)),
  rule('changedMeanwhile', 'nobody', status(409, 412, 491)),
  rule('redirected', 'nobody', ({ status: code }) => code >= 300 && code < 400),
  rule('otherRefusal', 'yourAdministrator', ({ status: code }) => code >= 400),
] as const;
