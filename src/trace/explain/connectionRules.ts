import type { Flow } from './flow';
import { rule, type Test } from './rule';

/** The end of a WebSocket: close codes of RFC 6455 §7.4, those of our edge (`protocol/shared/edgeClose.ts`), and our own words. */

const closed =
  (...codes: readonly number[]): Test =>
  ({ row }) =>
    codes.includes(Number(/^closed \((\d+)/.exec(row.entry.text)?.[1]));

const ended =
  (text: string): Test =>
  ({ row }) =>
    row.entry.text === text;

const isState: Test = ({ row }) => row.entry.kind === 'state';

/** The socket was open just before: what ended is a connection, not the attempt at one. */
const wasOpen: Test = ({ row, around: { rows, at } }: Flow) => {
  const before = rows.slice(0, at).findLast(({ entry }) => entry.kind === 'state' && entry.url === row.entry.url);
  return before?.entry.text === 'open';
};

/** What the server refuses, or does not answer, after it has ended the registration, and that it hangs up. */
const followsSignOut: Test = ({ row, asker, method, around: { isSignedOut } }) =>
  isSignedOut && (row.entry.kind === 'state' || (asker === 'us' && row.dialog !== null && method !== 'REGISTER'));

export const connectionRules = [
  rule('signedOutBefore', 'nobody', followsSignOut),
  rule('notEncrypted', 'yourAdministrator', ({ note }) => note?.is === 'notEncrypted'),
  rule('edgeNotAllowed', 'yourAdministrator', isState, closed(4404)),
  rule('edgeCannotReachServer', 'yourAdministrator', isState, closed(4502)),
  rule('edgeGotNoAnswer', 'yourAdministrator', isState, closed(4504)),
  rule('edgeTlsFailed', 'yourAdministrator', isState, closed(4525)),
  rule('edgeCertificateRefused', 'yourAdministrator', isState, closed(4526)),
  rule('edgeLostServer', 'yourAdministrator', isState, closed(1014)),
  rule('browserRefused', 'yourAdministrator', isState, ended('the browser refused to open it')),
  rule('connectTimedOut', 'network', isState, ended('no answer in time')),
  rule('keepAliveLost', 'network', isState, ended('no answer to a keep-alive')),
  rule('serverStopping', 'yourAdministrator', isState, closed(1001, 1012)),
  rule('serverOverloaded', 'yourAdministrator', isState, closed(1013)),
  rule('limitExceeded', 'program', isState, closed(1008)),
  rule('frameTooLarge', 'program', isState, closed(1009)),
  rule('webSocketMisspoken', 'program', isState, closed(1002, 1003, 1007)),
  rule('serverBroke', 'yourAdministrator', isState, closed(1011)),
  rule('tlsRefused', 'yourAdministrator', isState, closed(1015)),
  rule('connectionLost', 'network', isState, closed(1006), wasOpen),
  rule('couldNotConnect', 'network', isState, closed(1006)),
  rule('connectionClosed', 'yourAdministrator', isState, ({ row }) => row.entry.text.startsWith('closed (')),
] as const;
