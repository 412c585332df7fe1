import { formatNote, type Note } from '../../trace/notes';
import type { TraceScript } from '../traceScript';
import {
  bob,
  diagnostics,
  type ExplainedFlow,
  imOffer,
  refused,
  registerRefused,
  registers,
  self,
  socketEnds,
  words,
} from './flows';

const note = (script: TraceScript, one: Note, kind: 'signIn' | 'media' = 'signIn') =>
  script.note(kind, formatNote(one), { level: 'error' });

const deregistered =
  (event: string, ...headers: string[]): ExplainedFlow[1] =>
  (script) => {
    const register = registers(script);
    script.answers(register, 200, 'OK', { headers: ['Expires: 3600'] });
    const notify = script.inDialog(register, 'NOTIFY', {
      by: 'them',
      headers: ['Event: registration-notify', 'subscription-state: terminated;expires=0', ...headers],
      contentType: 'text/registration-event',
      body: `deregistered;event=${event}`,
    });
    script.answers(notify, 200, 'OK');
  };

export const connectionFlows: readonly ExplainedFlow[] = [
  ['edgeNotAllowed', socketEnds('closed (4404)')],
  ['edgeCannotReachServer', socketEnds('closed (4502 connect ECONNREFUSED)')],
  ['edgeGotNoAnswer', socketEnds('closed (4504)')],
  ['edgeTlsFailed', socketEnds('closed (4525 unsupported protocol)')],
  ['edgeCertificateRefused', socketEnds('closed (4526 certificate has expired)')],
  ['edgeLostServer', socketEnds('closed (1014)', true)],
  ['browserRefused', socketEnds('the browser refused to open it')],
  ['connectTimedOut', socketEnds('no answer in time')],
  ['keepAliveLost', socketEnds('no answer to a keep-alive', true)],
  ['serverStopping', socketEnds('closed (1001 the server is stopping)', true)],
  ['serverOverloaded', socketEnds('closed (1013)')],
  ['limitExceeded', socketEnds('closed (1008 too many messages)', true)],
  ['frameTooLarge', socketEnds('closed (1009)', true)],
  ['webSocketMisspoken', socketEnds('closed (1002)', true)],
  ['serverBroke', socketEnds('closed (1011)', true)],
  ['tlsRefused', socketEnds('closed (1015)')],
  ['connectionLost', socketEnds('closed (1006)', true)],
  ['couldNotConnect', socketEnds('closed (1006)')],
  ['connectionClosed', socketEnds('closed (1000)', true)],

  ['notEncrypted', (script) => note(script, { is: 'notEncrypted', url: 'ws://im.contoso.example/sip' })],
  ['noServerFound', (script) => note(script, { is: 'signInFailed', why: 'notFound', url: '' })],
  ['serverUnreachable', (script) => note(script, { is: 'signInFailed', why: 'unreachable', url: 'wss://x/sip' })],
  [
    'serverUnreachable',
    (script) => note(script, { is: 'signInFailed', why: 'unreachable', url: 'wss://x/sip', othersAnswer: true }),
    'while others are there',
  ],
  ['originRefused', (script) => note(script, { is: 'signInFailed', why: 'originRefused', url: 'wss://x/sip' })],
  ['upgradeNotPassed', (script) => note(script, { is: 'signInFailed', why: 'notUpgraded', url: 'wss://x/sip' })],
  ['serverOfAnotherDomain', registerRefused(404, 'Not Found', [diagnostics(1005, 'Cannot route')])],
  [
    'connectionSilent',
    (script) => {
      script.note('state', 'open');
      script.sends('REGISTER', 'sip:contoso.example');
      script.wait(10_000).note('ping', '\r\n\r\n', { direction: 'out' });
    },
  ],
  [
    'signatureWrong',
    (script) => {
      script.answers(registers(script), 200, 'OK');
      const last = script.entries.at(-1);
      if (last !== undefined) last.fault = 'The signature of the server is wrong; the message was dropped.';
    },
  ],
  ['ownSignInNotFound', refused('INVITE', self, 480, 'Temporarily Unavailable', [diagnostics(1007)], imOffer)],
  [
    'signedInElsewhere',
    (script) => {
      deregistered('unregistered')(script);
      script.answers(script.sends('SUBSCRIBE', self, { headers: ['Event: presence'] }), 403, 'Forbidden');
      script.note('state', 'closed (1000)');
    },
    'and what follows from it',
    ['signedOutBefore', 'signedOutBefore'],
  ],
  ['notSip', (script) => note(script, { is: 'signInFailed', why: 'notSip', url: 'wss://x/sip' })],

  ['wrongPassword', registerRefused(401, 'Unauthorized')],
  ['wrongPassword', registerRefused(403, 'Forbidden', [diagnostics(1000, 'Final handshake failed')]), 'NTLM'],
  ['challenged', refused('REGISTER', 'sip:contoso.example', 401, 'Unauthorized')],
  ['accountDisabled', registerRefused(403, 'Forbidden', ['ms-diagnostics-public: 4141;reason="User disabled"'])],
  ['accountDisabled', deregistered('rejected', 'ms-diagnostics-public: 4141;reason="User disabled"'), 'told later'],
  ['signedInElsewhere', deregistered('unregistered')],
  ['movedToOtherPool', deregistered('deactivated')],
  ['signedOutByServer', deregistered('rejected')],
  ['clockWrong', registerRefused(403, 'Forbidden', [diagnostics(1013, 'Significant time skew detected')])],
  [
    'clockWrong',
    (script) => {
      const date = new Date(script.now + 20 * 60_000).toUTCString();
      script.answers(registers(script), 401, 'Unauthorized', { headers: [`Date: ${date}`] });
    },
    'by the Date of the server',
  ],
  [
    'clockWrong',
    (script) => {
      const date = new Date(script.now + 20 * 60_000).toUTCString();
      script.answers(registers(script), 200, 'OK', { headers: [`Date: ${date}`] });
    },
    'though the server does not mind',
  ],
  [
    'throttled',
    registerRefused(503, 'Service Unavailable', [
      diagnostics(1000, 'Too many failed sign-ins, wait'),
      'Retry-After: 8',
    ]),
  ],
  [
    'noRemoteAccess',
    registerRefused(403, 'Forbidden', ['ms-diagnostics-public: 4003;reason="Not enabled for remote access"']),
  ],
  [
    'credentialsOfAnother',
    registerRefused(403, 'Forbidden', ['ms-diagnostics-public: 4004;reason="Not the From URI"']),
  ],
  ['clientVersionRefused', registerRefused(403, 'Forbidden', [diagnostics(17002, 'Client version is not allowed')])],
  ['noSuchAccount', registerRefused(404, 'Not Found', [diagnostics(4005, 'Not SIP-enabled')])],
  ['signInForbidden', registerRefused(403, 'Forbidden')],
  ['endpointIdRefused', registerRefused(400, 'Bad Request', [diagnostics(4012, 'epid too long')])],
  ['redirectedHome', registerRefused(301, 'Redirect request to Home Server', ['Contact: <sip:fe2.contoso.example>'])],
  ['registrationTooShort', registerRefused(423, 'Interval Too Brief', ['Min-Expires: 300'])],
  [
    'serverFull',
    registerRefused(503, 'Service Unavailable', [diagnostics(1, 'The server is full'), 'Retry-After: 60']),
  ],
  ['registrarUnavailable', registerRefused(504, 'Server Time-out')],
  [
    'registrarSilent',
    (script) => {
      registers(script);
      script.wait(40_000).note('state', 'open');
    },
  ],
  [
    'registrationExpired',
    (script) => {
      script.answers(registers(script), 200, 'OK', { headers: ['Expires: 600'] });
      script.wait(700_000);
      script.answers(script.sends('MESSAGE', bob, words), 403, 'Forbidden', {
        headers: [diagnostics(1000, 'Sign in first')],
      });
    },
  ],
  [
    'notSignedIn',
    refused('SUBSCRIBE', self, 403, 'Forbidden', [diagnostics(1000, 'Sign in on this connection first')]),
  ],

  [
    'answerLostWithConnection',
    (script) => {
      script.note('state', 'open');
      script.sends('MESSAGE', bob, words);
      script.wait(500).note('ping', '\r\n\r\n').note('state', 'no answer to a keep-alive');
    },
    '',
    ['keepAliveLost'],
  ],
  [
    'noAnswer',
    (script) => {
      script.sends('MESSAGE', bob, words);
      script.wait(33_000).note('ping', '\r\n\r\n', { direction: 'out' });
    },
  ],
  [
    'noAnswer',
    (script) => {
      script.sends('MESSAGE', bob, words);
      note(script.wait(4_000), { is: 'givenUp', what: 'message', afterSeconds: 4 });
    },
    'when the doctor waits no longer',
  ],
  [
    'answerNotReturned',
    (script) => {
      script.sends('MESSAGE', bob, words);
      script.wait(12_000).note('ping', '\r\n\r\n');
    },
  ],
  [
    'answerLost',
    (script) => {
      script.sends('MESSAGE', bob, words);
      script.wait(500).again(0).wait(33_000).note('ping', '\r\n\r\n');
    },
  ],
  [
    'rangUnanswered',
    (script) => {
      script.answers(script.sends('INVITE', bob, imOffer), 180, 'Ringing');
      script.wait(61_000).note('ping', '\r\n\r\n');
    },
  ],
  [
    'weDidNotAnswer',
    (script) => {
      script.gets('MESSAGE', bob, words);
      script.wait(33_000).note('ping', '\r\n\r\n');
    },
  ],
  [
    'lateAfterRepeats',
    (script) => {
      const message = script.sends('MESSAGE', bob, words);
      script.wait(500).again(0).wait(500);
      script.answers(message, 200, 'OK');
    },
  ],
  [
    'ackLost',
    (script) => {
      const invite = script.gets('INVITE', bob, imOffer);
      script.answers(invite, 200, 'OK');
      script.wait(500).again(1).wait(1_000).again(1).wait(31_000);
      script.inDialog(invite, 'BYE');
    },
  ],
  [
    'ourAckLost',
    (script) => {
      const invite = script.sends('INVITE', bob, imOffer);
      script.answers(invite, 200, 'OK');
      script.inDialog(invite, 'ACK');
      script.wait(500).again(1);
    },
  ],
];
