import { formatNote, type Note } from '../../trace/notes';
import type { TraceScript } from '../traceScript';
import { fileFlows } from './fileFlows';
import {
  bob,
  c3p,
  chatMcu,
  diagnostics,
  type ExplainedFlow,
  factory,
  focus,
  imOffer,
  inConference,
  ofEndpoint,
  refused,
  self,
  subscribed,
  talking,
  words,
} from './flows';

type Record = ExplainedFlow[1];

const soap = {
  contentType: 'application/SOAP+xml',
  body: '<e:Envelope xmlns:e="e"><e:Body><m:setContact xmlns:m="m"/></e:Body></e:Envelope>',
};
const publish = {
  contentType: 'application/msrtc-category-publish+xml',
  body: `<publish><publications uri="${self}"/></publish>`,
};
const contacts = (status: number, id: number): Record =>
  refused('SERVICE', self, status, 'No', [diagnostics(id)], soap);
const publishing = (status: number, id: number): Record =>
  refused('SERVICE', self, status, 'No', [diagnostics(id)], publish);
const subscribing = (event: string, status: number, headers: readonly string[] = [], uri = self): Record =>
  refused('SUBSCRIBE', uri, status, 'No', headers, { headers: [`Event: ${event}`] });

/** The server ends a subscription of ours. */
const endsBecause =
  (reason: string, event = 'presence', ...headers: string[]): Record =>
  (script) =>
    script.inDialog(subscribed(script, event), 'BENOTIFY', {
      by: 'them',
      headers: [
        `Event: ${event}`,
        `subscription-state: terminated${reason === '' ? '' : `;reason=${reason}`}`,
        ...headers,
      ],
    });

const joining = (status: number, headers: readonly string[] = []): Record =>
  refused('INVITE', focus, status, 'No', headers, c3p('addUser'));
const making = (status: number, headers: readonly string[] = []): Record =>
  refused('SERVICE', factory, status, 'No', headers, c3p('addConference'));
const commanding =
  (status: number, headers: readonly string[] = []): Record =>
  (script) =>
    script.answers(script.inDialog(inConference(script), 'INFO', c3p('deleteUser')), status, 'No', { headers });

const theyHangUp =
  (...headers: string[]): Record =>
  (script) =>
    script.answers(script.inDialog(inConference(script), 'BYE', { by: 'them', headers }), 200, 'OK');

const failedAnswer = (reason: string): string =>
  `<response xmlns="urn:ietf:params:xml:ns:cccp" requestId="1" from="${focus}" to="${self}" code="failure" reason="${reason}"/>`;

const noted = (kind: 'store' | 'ui' | 'signIn', one: Note) => (script: TraceScript) =>
  script.note(kind, formatNote(one), { level: 'error' });

/** What servers, conferences and devices have against a request. */
export const serverFlows: readonly ExplainedFlow[] = [
  ['contactsFull', contacts(403, 2007)],
  ['groupsFull', contacts(403, 2008)],
  ['accessListFull', contacts(403, 2006)],
  ['contactTooLarge', contacts(413, 2009)],
  ['groupNameTaken', contacts(409, 2015)],
  ['contactUnknown', contacts(404, 2001)],
  ['groupUnknown', contacts(404, 2002)],
  ['delegatesChanged', contacts(409, 2141)],
  ['subscriberUnknown', contacts(404, 2000)],
  ['contactListChanged', refused('SERVICE', self, 409, 'Conflict', [], soap)],
  ['publicationTooLarge', publishing(413, 2010)],
  ['publicationReadOnly', publishing(403, 2003)],
  ['publisherUnknown', publishing(404, 2005)],
  ['publishForbidden', refused('SERVICE', self, 403, 'Forbidden', [], publish)],
  [
    'publicationChanged',
    (script) =>
      script.answers(script.sends('SERVICE', self, publish), 409, 'Conflict', {
        contentType: 'application/msrtc-fault+xml',
        body: '<Fault><Faultcode>Client.BadCall.WrongDelta</Faultcode><details><operation index="1" curVersion="5"/></details></Fault>',
      }),
  ],
  ['notYoursToSee', subscribing('presence', 403, [diagnostics(2004)])],
  ['tooManySubscriptions', subscribing('presence', 403, ['ms-diagnostics-public: 2012;reason="Too many"'])],
  ['categoriesRequired', subscribing('presence', 421, ['ms-diagnostics-public: 2013;reason="Required"'])],
  ['subscriptionGone', subscribing('presence', 481, ['ms-diagnostics-public: 2014;reason="No dialog"'])],
  ['subscriptionGone', subscribing('presence', 481), 'without a word'],
  ['subscriptionReplaced', endsBecause('', 'presence', 'ms-diagnostics-public: 2139;reason="A new dialog took over"')],
  ['eventUnknown', subscribing('vnd-microsoft-roaming-self', 489)],
  ['subscriptionForbidden', subscribing('presence', 403)],
  ['watchedUnknown', subscribing('presence', 404, [], bob)],
  ['settingsRefused', subscribing('vnd-microsoft-provisioning-v2', 404)],
  ['conferenceEnded', endsBecause('noresource', 'conference')],
  ['subscriptionRejected', endsBecause('rejected')],
  ['subscribedNothing', endsBecause('noresource')],
  ['subscriptionTimedOut', endsBecause('timeout')],
  ['subscriptionEnded', endsBecause('deactivated')],
  [
    'directoryFailed',
    refused('SERVICE', self, 503, 'Service Unavailable', [], {
      contentType: 'application/SOAP+xml',
      body: '<e:Envelope xmlns:e="e"><e:Body><m:directorySearch xmlns:m="m"/></e:Body></e:Envelope>',
    }),
  ],

  [
    'notDeliveredInConference',
    (script) =>
      script.inDialog(inConference(script), 'BENOTIFY', {
        by: 'them',
        contentType: 'application/ms-imdn+xml',
        body: `<imdn><message-id>7</message-id><recipient uri="${bob}"><status>480</status></recipient></imdn>`,
      }),
  ],
  ['conferenceLocked', joining(480, [diagnostics(3014, 'The conference is locked')])],
  [
    'conferenceLocked',
    (script) => {
      const invite = script.sends('INVITE', focus, c3p('addUser'));
      script.answers(invite, 200, 'OK', {
        contentType: 'application/cccp+xml',
        body: failedAnswer('conferenceLocked'),
      });
      script.inDialog(invite, 'ACK');
    },
    'told in the answer of the focus',
  ],
  ['conferenceFull', joining(480, [diagnostics(3014, 'The conference is full: at most 250 people')])],
  ['conferencesForbidden', making(403, [diagnostics(3014, 'Failed authorization.')]), 'with no more words'],
  ['conferencesForbidden', making(403, [diagnostics(3014, 'Your organization does not let you start conferences')])],
  ['tooManyConferences', making(403, [diagnostics(3014, 'You have too many conferences')])],
  ['onlyPresenters', commanding(403, [diagnostics(3014, 'Only a presenter can do that')])],
  [
    'removedFromConference',
    (script) => {
      const focusDialog = inConference(script);
      const roster = subscribed(script, 'conference', focus);
      script.inDialog(roster, 'BENOTIFY', {
        by: 'them',
        headers: ['Event: conference'],
        contentType: 'application/conference-info+xml',
        body: `<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="${focus}" state="partial" version="2"><users><user entity="${self}" state="deleted"/></users></conference-info>`,
      });
      script.answers(script.inDialog(focusDialog, 'BYE', { by: 'them' }), 200, 'OK');
    },
    'as the roster tells',
    ['removedFromConference'],
  ],
  ['removedFromConference', theyHangUp('Reason: SIP;cause=200;text="You were removed"')],
  ['conferenceForbidden', joining(403, [diagnostics(3014, 'Invited people only')])],
  ['dialOutForbidden', commanding(403, [diagnostics(3015)])],
  ['commandNotOffered', commanding(501, ['ms-diagnostics-public: 3004;reason="Not implemented"'])],
  ['sessionTimerMissing', joining(421, [diagnostics(3010)])],
  ['noSuchConference', joining(404, [diagnostics(3012, 'There is no such conference')])],
  ['noSuchConference', joining(404), 'without a word'],
  ['commandMisspoken', joining(400, [diagnostics(3006, 'C3P parse failure')])],
  ['chatMoving', theyHangUp('ms-diagnostics-public: 24067;reason="Moving"')],
  ['chatEndedOurs', theyHangUp('ms-diagnostics-public: 24081;reason="Endpoint ended"')],
  ['outsideDialog', refused('MESSAGE', chatMcu, 481, 'No', [diagnostics(24083)], words)],
  ['someoneElseShares', theyHangUp('ms-diagnostics-public: 21000;reason="A new sharer joined"')],
  [
    'attendeesCannotShare',
    refused(
      'INVITE',
      focus.replace('focus:id', 'applicationsharing:id'),
      403,
      'No',
      ['ms-diagnostics-public: 21002;reason="No"'],
      imOffer,
    ),
  ],
  ['groupChatFailed', refused('INVITE', 'sip:ocschat@contoso.example', 480, 'No', [diagnostics(20_005)], imOffer)],
  ['conferenceLost', commanding(481)],
  [
    'commandFailed',
    (script) => {
      const made = script.sends('SERVICE', factory, c3p('addConference'));
      script.answers(made, 200, 'OK', { contentType: 'application/cccp+xml', body: failedAnswer('otherFailure') });
    },
  ],
  ['conferenceServerFailed', joining(503)],

  [
    'relayServiceFailed',
    (script) => {
      const ask = script.sends('SERVICE', 'sip:edge1.contoso.example@contoso.example;gruu;opaque=srvr:MRAS:x', {
        contentType: 'application/msrtc-media-relay-auth+xml',
        body: '<request requestID="1"/>',
      });
      script.answers(ask, 200, 'OK', {
        contentType: 'application/msrtc-media-relay-auth+xml',
        body: '<response requestID="1" reasonPhrase="Server Busy"/>',
      });
    },
  ],

  ['storageFull', noted('store', { is: 'notStored', what: 'message', error: 'QuotaExceededError' })],
  ['storageNearlyFull', noted('store', { is: 'storageLow', used: 95, quota: 100 })],
  ['notificationsDenied', noted('ui', { is: 'notificationsDenied' })],
  ['storageRefused', noted('store', { is: 'notStored', what: 'message', error: 'InvalidStateError' })],
  [
    'storageFull',
    (script) => {
      const message = script.gets('MESSAGE', bob, words);
      noted('store', { is: 'notStored', what: 'message', error: 'QuotaExceededError' })(script);
      script.answers(message, 500, 'Server Internal Error');
    },
    'so that we refuse a message',
    ['storageFull'],
  ],
  ['forbiddenHere', noted('ui', { is: 'notSent', what: 'conferences' })],
  ['pageFailed', (script) => script.note('ui', 'TypeError: x is undefined', { level: 'error' })],
  [
    'notSipFrame',
    (script) => script.note('sip', 'HTTP/1.1 400 Bad Request\r\n\r\n', { fault: 'This is not a SIP message' }),
  ],
  ['weCouldNotKeepIt', (script) => script.answers(script.gets('MESSAGE', bob, words), 500, 'Server Internal Error')],
  ['weFailed', (script) => script.answers(script.gets('INFO', bob), 500, 'Server Internal Error')],
  [
    'serverDocumentUnreadable',
    (script) => {
      const notify = script.inDialog(subscribed(script, 'conference'), 'NOTIFY', {
        by: 'them',
        headers: ['Event: conference'],
        contentType: 'application/conference-info+xml',
        body: '<conference-info entity="x"><users>',
      });
      script.answers(notify, 400, 'Bad Request');
    },
  ],
  [
    'ourDocumentUnreadable',
    refused('SERVICE', self, 400, 'Bad Request', [diagnostics(4001, 'XML parse failure')], publish),
  ],
  ['contentTypeUnexpected', refused('SERVICE', self, 415, 'No', [diagnostics(4013)], publish)],
  [
    'theirDocumentUnreadable',
    (script) => {
      const invited = script.gets('INVITE', bob, {
        contentType: 'application/ms-conf-invite+xml',
        body: '<Conferencing version="2.0"><focus-uri',
      });
      script.answers(invited, 400, 'Bad Request');
    },
  ],
  [
    'answerUnreadable',
    (script) =>
      script.answers(script.sends('INVITE', bob, imOffer), 200, 'OK', {
        headers: [ofEndpoint(bob)],
        contentType: 'application/ms-conf-invite+xml',
        body: '<Conferencing version="2.0"><focus-uri',
      }),
  ],
  [
    'serverDocumentUnreadable',
    (script) =>
      script.answers(script.sends('SERVICE', factory, c3p('getConferences')), 200, 'OK', {
        contentType: 'application/cccp+xml',
        body: '<response code="succ',
      }),
  ],
  [
    'messageTooLarge',
    (script) => script.answers(script.inDialog(talking(script), 'MESSAGE', words), 513, 'Message Too Large'),
  ],
  ['methodNotTaken', refused('OPTIONS', self, 501, 'Not Implemented')],
  ['requestMisspoken', refused('MESSAGE', bob, 400, 'Bad Request', [], words)],
  [
    'webTicketMissing',
    refused('SERVICE', self, 401, 'Unauthorized', ['ms-diagnostics: 28020;reason="No valid ticket"'], publish),
  ],
  ['tooManyRequests', refused('MESSAGE', bob, 503, 'No', [diagnostics(1, 'Too many requests')], words)],
  ['serverFailed', refused('MESSAGE', bob, 500, 'Server Internal Error', [diagnostics(0, 'Internal error')], words)],
  ['serverUnavailable', refused('MESSAGE', bob, 503, 'Service Unavailable', [], words)],
  ['serverGotNoAnswer', refused('MESSAGE', bob, 504, 'Server time-out', [], words)],
  ['forbidden', refused('MESSAGE', bob, 403, 'Forbidden', [], words)],
  ['notFound', refused('OPTIONS', self, 404, 'Not Found')],
  ['dialogGone', (script) => script.answers(script.inDialog(script.sends('REFER', self), 'REFER'), 481, 'No')],
  [
    'changedMeanwhile',
    (script) => script.answers(script.inDialog(talking(script), 'INVITE', imOffer), 491, 'Request Pending'),
  ],
  ['redirected', refused('OPTIONS', self, 302, 'Moved Temporarily')],
  ['otherRefusal', refused('OPTIONS', self, 499, 'Something Else')],
  ...fileFlows,
];
