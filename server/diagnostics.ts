import { formatDiagnostics } from '../src/protocol/sip/headers';
import type { HeaderLines } from './role';

/** A refusal with its `ms-diagnostics` ([MS-OCER], `lync-wire` 9). */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly id?: number;
  readonly text?: string;
  /** Goes into `ms-diagnostics-public`, which may leave the enterprise and names no server. */
  readonly isPublic?: boolean;
}

/** The header lines of a refusal; `source` is the server's name. */
export function diagnosticsOf(refusal: Refusal, source: string): HeaderLines {
  if (refusal.id === undefined) return [];
  const told = { id: refusal.id, reason: refusal.text ?? refusal.reason };
  return refusal.isPublic
    ? [['ms-diagnostics-public', formatDiagnostics(told)]]
    : [['ms-diagnostics', formatDiagnostics({ ...told, source })]];
}

export const refusals = {
  malformedBody: { status: 400, reason: 'Bad Request', id: 4001, text: 'The body cannot be read' },
  notSignedIn: { status: 403, reason: 'Forbidden', id: 1000, text: 'Sign in on this connection first' },
  otherFrom: {
    status: 403,
    reason: 'Forbidden',
    id: 4004,
    text: 'Credentials provided are not authorized to act as specified From URI',
    isPublic: true,
  },
  otherIdentity: {
    status: 403,
    reason: 'Forbidden',
    id: 4004,
    text: 'The asserted identity is not yours',
    isPublic: true,
  },
  otherSender: { status: 403, reason: 'Forbidden', id: 4004, text: 'The Ms-Sender is not you', isPublic: true },
  otherContact: {
    status: 403,
    reason: 'Forbidden',
    id: 4004,
    text: 'The Contact is not this endpoint',
    isPublic: true,
  },
  disabled: { status: 403, reason: 'Forbidden', id: 4141, text: 'User disabled', isPublic: true },
  /** 4003 ("not enabled for remote access") and not 1000, since the password was right. */
  demoPassword: {
    status: 403,
    reason: 'Forbidden',
    id: 4003,
    text: 'The demo password works on this computer only',
    isPublic: true,
  },
  unknownUser: { status: 404, reason: 'Not Found', id: 1003, text: 'User does not exist' },
  offline: { status: 480, reason: 'Temporarily Unavailable', id: 1007, text: 'The person is offline' },
  endpointGone: { status: 480, reason: 'Temporarily Unavailable', id: 1006, text: 'The endpoint is not connected' },
  dialogGone: {
    status: 481,
    reason: 'Call/Transaction Does Not Exist',
    id: 1004,
    text: 'Route set is no longer valid',
  },
  noSuchDialog: { status: 481, reason: 'Call/Transaction Does Not Exist' },
  otherDomain: { status: 404, reason: 'Not Found', id: 1005, text: 'Cannot route to destination domain' },
  unknownService: { status: 404, reason: 'Not Found', id: 4005, text: 'No such service' },
  unknownEvent: { status: 489, reason: 'Bad Event' },
  unknownContent: { status: 415, reason: 'Unsupported Media Type', id: 4013, text: 'Unexpected Content-Type' },
  unknownMethod: { status: 501, reason: 'Not Implemented' },
  tooManyHops: { status: 483, reason: 'Too Many Hops' },
  loop: { status: 482, reason: 'Loop Detected' },
  badExtension: { status: 420, reason: 'Bad Extension' },
  otherScheme: { status: 416, reason: 'Unsupported URI Scheme' },
  badTo: { status: 400, reason: 'Bad To' },
  badContact: { status: 400, reason: 'Bad Contact' },
  badUri: { status: 400, reason: 'Bad Request-URI' },
  badFrom: { status: 400, reason: 'Bad From' },
  epidTooLong: { status: 400, reason: 'Bad Request', id: 4012, text: 'The epid is too long' },
  tooManyEndpoints: {
    status: 403,
    reason: 'Forbidden',
    id: 2011,
    text: 'You are signed in at too many places',
    isPublic: true,
  },
  full: { status: 503, reason: 'Service Unavailable', id: 1, text: 'The server is full' },
  tooFast: { status: 503, reason: 'Service Unavailable', id: 1, text: 'Too many requests' },
  failed: { status: 500, reason: 'Server Internal Error', id: 0, text: 'Internal error' },
} as const satisfies Record<string, Refusal>;
