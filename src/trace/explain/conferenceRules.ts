import {
  about,
  either,
  inConference,
  method,
  rule,
  says,
  status,
  type Test,
  theyAsked,
  told,
  toldBetween,
  weAsked,
} from './rule';

/** Conferences: factory, focus, MCUs and invitations ([MS-CONFBAS], [MS-CONFIM]; `lync-wire` 6, 9.2). */

const commandFailed: Test = ({ body }) => body.is === 'commandAnswer' && body.code === 'failure';
const reasonIs =
  (words: RegExp): Test =>
  ({ body }) =>
    body.is === 'commandAnswer' && words.test(body.reason);

export const conferenceRules = [
  rule('notDeliveredInConference', 'peer', ({ body }) => body.is === 'undelivered'),
  rule('conferenceLocked', 'peer', inConference, either(says(/locked/i), reasonIs(/locked/i))),
  rule(
    'conferenceFull',
    'yourAdministrator',
    inConference,
    either(says(/\bfull\b|too many people|exceed/i), reasonIs(/full|exceed/i)),
  ),
  rule(
    'conferencesForbidden',
    'yourAdministrator',
    about('factory'),
    status(403),
    says(/does not let|policy|not allowed/i),
  ),
  rule('tooManyConferences', 'you', about('factory'), status(403), says(/too many/i)),
  rule('onlyPresenters', 'you', told(3014), either(says(/presenter|role/i), method('INFO'))),
  rule(
    'removedFromConference',
    'peer',
    theyAsked,
    method('BYE'),
    about('conference', 'conferenceChat'),
    says(/removed|eject/i),
  ),
  rule('conferenceForbidden', 'peer', told(3014)),
  rule('dialOutForbidden', 'yourAdministrator', told(3015)),
  rule('commandNotOffered', 'program', told(3004)),
  rule('sessionTimerMissing', 'program', told(3010)),
  rule('noSuchConference', 'nobody', told(3003, 3012, 7002), status(404)),
  rule('commandMisspoken', 'program', toldBetween(3000, 3016)),
  rule('chatMoving', 'nobody', told(24067)),
  rule('chatEndedOurs', 'yourAdministrator', told(24081)),
  rule('outsideDialog', 'program', told(24083)),
  rule('someoneElseShares', 'nobody', told(21000)),
  rule('attendeesCannotShare', 'peer', told(21002)),
  rule('groupChatFailed', 'yourAdministrator', toldBetween(20_000, 20_011)),
  rule('noSuchConference', 'nobody', inConference, weAsked, status(404, 410)),
  rule('conferenceLost', 'nobody', inConference, weAsked, status(481)),
  rule('conferenceForbidden', 'peer', inConference, weAsked, status(403, 603)),
  rule('commandFailed', 'yourAdministrator', commandFailed),
  rule('conferenceServerFailed', 'yourAdministrator', inConference, weAsked, status(500, 503, 504)),
] as const;
