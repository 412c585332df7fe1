import { conferenceInfoType } from '../../protocol/shared/conferenceInfo';
import { conferenceOf } from '../frame';
import {
  about,
  either,
  inConference,
  method,
  not,
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

const nearMs = 2_000;
/** What ends is ours, and the roster of that time says that we were deleted from it while others stay. */
const rosterDroppedUs: Test = ({ row, around: { rows, at } }) => {
  const isEnd =
    row.frame.method === 'BYE' || /^subscription-state:\s*terminated/im.test(row.entry.text.slice(0, 4_000));
  if (!isEnd) return false;
  const own = new RegExp(`<user\\b[^>]*entity="sip:${row.frame.to.replace(/\W/g, '\\$&')}"[^>]*state="deleted"`, 'i');
  return rows
    .slice(Math.max(0, at - 50), at + 50)
    .some(
      ({ entry, frame }) =>
        frame.contentType === conferenceInfoType && Math.abs(entry.at - row.entry.at) <= nearMs && own.test(entry.text),
    );
};

/** The roster takes us out of it, and nobody else, and we had not left. */
const rosterDropsUs: Test = ({ row, body, around: { rows, at } }) => {
  if (body.is !== 'conference') return false;
  const gone = body.people.filter((person) => person.gone !== undefined);
  if (gone.length === 0 || gone.some(({ address }) => address !== row.frame.to)) return false;
  return !rows
    .slice(Math.max(0, at - 50), at)
    .some(
      ({ entry, frame }) =>
        entry.direction === 'out' && frame.method === 'BYE' && conferenceOf(frame.uri) === conferenceOf(row.entry.text),
    );
};

export const conferenceRules = [
  rule('removedFromConference', 'peer', theyAsked, about('roster'), rosterDropsUs),
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
  rule('conferencesForbidden', 'yourAdministrator', about('factory'), status(403)),
  rule('onlyPresenters', 'you', told(3014), either(says(/presenter|role/i), method('INFO'))),
  rule(
    'removedFromConference',
    'peer',
    theyAsked,
    method('BYE'),
    about('conference', 'conferenceChat'),
    says(/removed|eject/i),
  ),
  rule('removedFromConference', 'peer', theyAsked, about('conference', 'conferenceChat', 'roster'), rosterDroppedUs),
  rule('conferenceForbidden', 'peer', told(3014)),
  rule('dialOutForbidden', 'yourAdministrator', told(3015)),
  rule('commandNotOffered', 'program', told(3004)),
  rule('sessionTimerMissing', 'program', told(3010)),
  rule('noSuchConference', 'you', told(3003, 3012, 7002), status(404)),
  rule('commandMisspoken', 'program', toldBetween(3000, 3016)),
  rule('chatMoving', 'nobody', told(24067)),
  rule('chatEndedOurs', 'yourAdministrator', not(about('file')), told(24081)),
  rule('outsideDialog', 'program', told(24083)),
  rule('someoneElseShares', 'nobody', told(21000)),
  rule('attendeesCannotShare', 'peer', told(21002)),
  rule('groupChatFailed', 'yourAdministrator', toldBetween(20_000, 20_011)),
  rule('noSuchConference', 'you', inConference, weAsked, status(404, 410)),
  rule('conferenceLost', 'nobody', inConference, weAsked, status(481)),
  rule('conferenceForbidden', 'peer', inConference, weAsked, status(403, 603)),
  rule('commandFailed', 'yourAdministrator', commandFailed),
  rule('conferenceServerFailed', 'yourAdministrator', inConference, weAsked, status(500, 503, 504)),
] as const;
