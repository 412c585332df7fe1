import { formatNote, type Note } from '../../trace/notes';
import type { TraceScript } from '../traceScript';
import {
  bob,
  diagnostics,
  type ExplainedFlow,
  imOffer,
  imRefused,
  noor,
  ofEndpoint,
  refused,
  talking,
  words,
} from './flows';

const client = (id: number, reason = ''): string => `ms-client-diagnostics: ${id};reason="${reason}"`;
const note = (one: Note) => (script: TraceScript) => script.note('media', formatNote(one), { level: 'error' });
const path = (more: Partial<Extract<Note, { is: 'mediaPath' }>>): Note => ({
  is: 'mediaPath',
  state: 'failed',
  gathered: ['host', 'srflx'],
  theirs: ['host', 'srflx'],
  relays: 0,
  ...more,
});
const video = { contentType: 'application/sdp', body: 'v=0\r\nm=video 9 RTP/SAVPF 96\r\n' };

/** Bob asks and Alice refuses. */
const weRefuse =
  (status: number, reason: string, content = imOffer): ExplainedFlow[1] =>
  (script) =>
    script.answers(script.gets('INVITE', bob, content), status, reason);

const bobHangsUp =
  (...headers: string[]): ExplainedFlow[1] =>
  (script) =>
    script.answers(script.inDialog(talking(script), 'BYE', { by: 'them', headers }), 200, 'OK');

/** Between two people, and over the border to other organizations. */
export const peopleFlows: readonly ExplainedFlow[] = [
  ['publicImForbidden', imRefused(403, 'Forbidden', [diagnostics(1001)], 'sip:x@public.example')],
  ['federationForbidden', imRefused(403, 'Forbidden', [diagnostics(1002)], noor)],
  ['outsideForbidden', imRefused(403, 'Forbidden', [diagnostics(1012)], noor)],
  ['domainNotFound', imRefused(504, 'Server time-out', [diagnostics(1008, 'Unable to resolve DNS SRV record')], noor)],
  ['domainRecordsConflict', imRefused(504, 'Server time-out', [diagnostics(1009)], noor)],
  ['hostNotFound', imRefused(504, 'Server time-out', [diagnostics(1014)], noor)],
  ['certificateNotTrusted', imRefused(504, 'Server time-out', [diagnostics(1010)], noor)],
  ['domainPairUnroutable', imRefused(403, 'Forbidden', [diagnostics(1017)], noor)],
  ['typeNotFederated', imRefused(403, 'Forbidden', [diagnostics(1027)], noor)],
  ['otherSideSaidNothing', imRefused(480, 'Temporarily Unavailable', [diagnostics(1034)], noor)],
  ['gatewayRefused', imRefused(503, 'Service Unavailable', [diagnostics(10003)])],
  ['bandwidthRefused', imRefused(606, 'Not Acceptable', [diagnostics(4)])],
  [
    'contentForbidden',
    (script) =>
      script.answers(script.inDialog(talking(script), 'MESSAGE', words), 606, 'Not Acceptable', {
        headers: ['Warning: 309 lcs.microsoft.com "Message contents not allowed by policy"'],
      }),
  ],
  ['contentForbidden', imRefused(403, 'Forbidden', [diagnostics(16_001)]), 'by the IM filter'],
  ['domainUnroutable', imRefused(404, 'Not Found', [diagnostics(1005)], noor)],
  ['routeGone', imRefused(481, 'Call/Transaction Does Not Exist', [diagnostics(1004)])],
  ['peerConnectionLost', imRefused(480, 'Temporarily Unavailable', [diagnostics(1006)])],
  ['temporarilyUnroutable', imRefused(504, 'Server time-out', [diagnostics(1007)], noor)],
  ['loopFound', imRefused(482, 'Loop Detected')],
  ['tooManyHops', imRefused(483, 'Too Many Hops')],
  ['extensionRequired', imRefused(421, 'Extension Required', ['Require: timer'])],
  ['extensionUnknown', imRefused(420, 'Bad Extension', ['Unsupported: x'])],

  ['noSuchPerson', imRefused(404, 'Not Found', [diagnostics(1003, 'User does not exist')])],
  ['noSuchPerson', imRefused(404, 'Not Found'), 'without a word'],
  ['personOffline', imRefused(480, 'Temporarily Unavailable', [diagnostics(1007, 'The person is offline')])],
  ['personOffline', imRefused(480, 'Temporarily Unavailable'), 'without a word'],
  ['conversationCrossed', imRefused(488, 'Not Acceptable Here', [client(52035), ofEndpoint(bob)])],
  ['encryptionMismatch', refused('INVITE', bob, 488, 'Not Acceptable Here', [client(52017)], video)],
  [
    'theirOfferBroken',
    (script) => {
      const body = 'v=0\r\nm=video UDP/TLS/RTP/SAVPF 96\r\na=fingerprint:sha-256\r\n';
      const invited = script.gets('INVITE', bob, { contentType: 'application/sdp', body });
      script.answers(invited, 488, 'Not Acceptable Here', { headers: [client(52063)] });
    },
  ],
  ['sdpNotSupported', refused('INVITE', bob, 488, 'Not Acceptable Here', [client(52063)], video)],
  ['answerCrossedCancel', bobHangsUp('ms-diagnostics-public: 5009;reason="CANCEL crossed the answer"')],
  ['cancelledOnTheWay', imRefused(487, 'Request Terminated', [diagnostics(5002)])],
  ['peerTimedOut', imRefused(408, 'Request Timeout', [diagnostics(5001)])],
  ['doNotDisturb', imRefused(486, 'Busy Here', [ofEndpoint(bob)])],
  ['declined', imRefused(603, 'Decline', [ofEndpoint(bob)])],
  ['peerDidNotAnswer', imRefused(480, 'Temporarily Unavailable', [ofEndpoint(bob)])],
  ['peerDidNotAnswer', imRefused(408, 'Request Timeout'), 'told by the server'],
  ['movedAway', imRefused(302, 'Moved Temporarily', ['Contact: <sip:bob@fabrikam.example>'])],
  [
    'conversationEnded',
    (script) =>
      script.answers(script.inDialog(talking(script), 'MESSAGE', words), 481, 'Call/Transaction Does Not Exist'),
  ],
  ['peerCannotShowIt', imRefused(415, 'Unsupported Media Type', [ofEndpoint(bob)])],
  ['formatRefusedByServer', imRefused(488, 'Not Acceptable Here')],
  ['blockedByPeer', imRefused(403, 'Forbidden', [ofEndpoint(bob)])],
  ['peerStorageFailed', imRefused(500, 'Server Internal Error', [ofEndpoint(bob)])],
  ['peerBroke', imRefused(503, 'Service Unavailable', [ofEndpoint(bob)])],
  ['addressIncomplete', imRefused(484, 'Address Incomplete')],
  ['anonymousRefused', imRefused(433, 'Anonymity Disallowed')],

  ['declinedByUs', weRefuse(603, 'Decline')],
  ['weMissedIt', weRefuse(480, 'Temporarily Unavailable')],
  ['weCannotShowIt', weRefuse(488, 'Not Acceptable Here', video)],
  [
    'weGaveUp',
    (script) => {
      const invite = script.sends('INVITE', bob, imOffer);
      script.answers(invite, 180, 'Ringing');
      script.inDialog(invite, 'CANCEL');
      script.answers(invite, 487, 'Request Terminated');
    },
  ],
  [
    'callerGaveUp',
    (script) => {
      const invite = script.gets('INVITE', bob, imOffer);
      script.inDialog(invite, 'CANCEL', { by: 'them' });
      script.answers(invite, 487, 'Request Terminated');
    },
  ],
  [
    'answeredElsewhere',
    (script) => {
      const invite = script.gets('INVITE', bob, imOffer);
      const why = 'Reason: SIP;cause=200;text="Call completed elsewhere"';
      script.inDialog(invite, 'CANCEL', { by: 'them', headers: [why] });
      script.answers(invite, 487, 'Request Terminated');
    },
  ],

  ['captureRefused', note({ is: 'captureRefused', error: 'NotAllowedError' })],
  ['relayCredentialsRefused', note({ is: 'relayError', url: 'turn:relay.contoso.example:3478', code: 401 })],
  ['relayFull', note({ is: 'relayError', url: 'turn:relay.contoso.example:3478', code: 486 })],
  ['relayUnreachable', note({ is: 'relayError', url: 'turn:relay.contoso.example?transport=tcp', code: 701 })],
  [
    'udpBlocked',
    (script) => {
      note({ is: 'relayError', url: 'turn:relay.contoso.example?transport=udp', code: 701 })(script);
      note(path({ relays: 2, gathered: ['host', 'relay'] }))(script);
    },
    '',
    ['udpBlocked'],
  ],
  ['relayUnreachable', note(path({ relays: 1 })), 'given but of no use'],
  ['noRelay', note(path({}))],
  ['noMediaPath', note(path({ theirs: ['host', 'relay'] }))],
  ['noMediaPath', bobHangsUp(client(23, 'One endpoint is external, the other internal')), 'told by the other side'],
  ['mediaLost', note(path({ state: 'disconnected', gathered: ['host', 'relay'], relays: 1 }))],
  ['mediaLost', bobHangsUp(client(52031)), 'told by the other side'],
  ['peerMediaFailed', refused('INVITE', bob, 488, 'Not Acceptable Here', [client(51007)], video)],
  [
    'mediaDescriptionRefused',
    refused('INVITE', 'sip:x@contoso.example;opaque=app:conf:audio-video:id:7', 488, 'No', [], video),
  ],
];
