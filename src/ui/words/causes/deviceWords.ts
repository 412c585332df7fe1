import type { Cause } from '../../../trace/explain/explain';
import { refusalTitle, type Sentence, say, sendTrace, tellAdministrator, titleOf, tryAgain } from './said';

/** Pictures and sound, this device, documents, and silence. */
export const deviceWords = {
  captureRefused: say(
    'No window was shared',
    'You or your browser did not allow it.',
    'Choose Share again and pick a window.',
    'Check that the system lets your browser record the screen.',
  ),
  notificationsDenied: say(
    'Your browser does not let Confab notify you',
    'You, or a rule of your organization, forbade notifications of this page, so nobody is heard while it is out of sight.',
    'Allow notifications in the settings that your browser has for this site.',
    'Check that the computer itself is not set to Do not disturb.',
  ),
  storageNearlyFull: say(
    'There is little room left on this device',
    'Your browser gives this page only so much of the disk, and most of it is used.',
    'Make room on the disk, or remove data of other sites in your browser.',
  ),
  relayCredentialsRefused: say(
    'The relay did not accept this device',
    'Its user name or password is wrong or has run out.',
    'Sign out and in again.',
    'Ask your administrator whether server and relay know the same secret.',
  ),
  relayFull: say(
    'The relay is full',
    'It carries as many connections as it is made for.',
    'Try again later.',
    tellAdministrator,
  ),
  relayUnreachable: say(
    'The relay could not be reached',
    'Pictures go through a relay where two networks do not see each other, and it did not answer.',
    'Try another network.',
    'Ask your administrator whether the relay runs and its ports are open.',
  ),
  udpBlocked: say(
    'Your network lets no UDP through',
    'The relay was reached over TCP only. Pictures come, but slower.',
    'Ask your administrator to open UDP 3478 to the relay.',
  ),
  noRelay: say(
    'The two networks do not see each other, and there is no relay',
    'Each side offered only addresses that the other cannot reach.',
    'Try from the same network.',
    'Ask your administrator to set up a relay (TURN).',
  ),
  noMediaPath: ({ who }) => ({
    title: `No way for pictures was found between you and ${who}`,
    why: 'All pairs of addresses were tried, and none let anything through.',
    todo: ['Try another network.', tellAdministrator],
  }),
  mediaLost: say(
    'The way for pictures broke',
    'Nothing came through any more. A network changed or fell silent.',
    'Start sharing again.',
  ),
  peerMediaFailed: ({ Who }) => ({
    title: `${Who}’s program found no way for pictures or sound`,
    why: 'It says so itself.',
    todo: ['Both check the network, then try again.'],
  }),
  mediaDescriptionRefused: say(
    'The other side could not use what was offered',
    'The programs have no format for pictures in common.',
    'Ask which program the other person uses.',
    sendTrace,
  ),
  relayServiceFailed: say(
    'The server gave no access to a relay',
    'It was asked for a user name and a password for the relay, and gave none.',
    'Sharing works within one network only until then.',
    tellAdministrator,
  ),

  storageFull: say(
    'This device has no room left',
    'The browser would not store more for this page, so a message could not be kept and was refused.',
    'Free some space on the disk.',
    'Or choose “Forget me on this computer” in Settings to delete old conversations.',
  ),
  storageRefused: say(
    titleOf({ is: 'storage' }),
    'The browser does not let this page store data, as in a private window.',
    'Allow this site to store data, or use an ordinary window.',
  ),
  forbiddenHere: say(
    'Your organization does not allow this',
    'The settings of your account forbid it, so nothing was sent.',
    'Ask your administrator.',
  ),
  pageFailed: say('A part of this page failed', 'That is a mistake in this program.', 'Reload the page.', sendTrace),
  notSipFrame: say(
    'Something came that is not SIP',
    'It was dropped, and everything else went on. A proxy may have put it in.',
    tellAdministrator,
  ),
  weCouldNotKeepIt: ({ who }) => ({
    title: 'This device could not keep the message, so it was refused',
    why: `${who === 'the other person' ? 'The sender' : who} was told that it did not arrive. Nothing is lost in silence.`,
    todo: ['Free some space, or allow this site to store data.', 'Ask for the message again.'],
  }),
  weFailed: say(
    'This program could not handle a request',
    'That is a mistake in it; the other side was told.',
    sendTrace,
  ),
  theirDocumentUnreadable: say(
    'A document came that cannot be read',
    'It is damaged, or not of the kind it says. It was refused and changed nothing.',
    tellAdministrator,
  ),
  ourDocumentUnreadable: say(
    'The server could not read what this program sent',
    'It says that the XML is damaged.',
    sendTrace,
  ),
  contentTypeUnexpected: say(
    'The server did not expect this kind of document',
    'It does not take the format here.',
    sendTrace,
  ),
  serverDocumentUnreadable: ({ Document }) => ({
    title: `${Document} cannot be read`,
    why: 'It came, but it is damaged (not well-formed), so nothing in it could be used; what was known before still stands.',
    todo: [
      'Sign out and in again, or leave the conference and enter it again, so that it is sent anew.',
      'If it stays so, send the exported trace to your administrator: the server writes it wrong, or something cuts it on the way.',
    ],
  }),
  answerUnreadable: say(
    'The answer cannot be read',
    'It said yes, but the document in it is damaged.',
    tryAgain,
    tellAdministrator,
  ),
  messageTooLarge: say(refusalTitle(413), 'Servers limit the size of a message, often to 1 MB.', 'Send less at once.'),
  methodNotTaken: ({ code }) => ({
    title: 'The other side does not know this kind of request',
    why: `It answered ${code}.`,
    todo: ['Do without it.', sendTrace],
  }),
  requestMisspoken: ({ code, said }) => ({
    title: 'The other side did not understand the request',
    why: `It answered ${code}.${said}`,
    todo: [sendTrace],
  }),
  tooManyRequests: ({ retryAfterSeconds }) => ({
    title: 'Too much was asked in too short a time',
    why: 'The server limits how many requests come from one connection.',
    todo: [`Wait ${retryAfterSeconds ?? 'a few'} seconds, then try again.`],
  }),
  serverFailed: ({ Host, said }) => ({
    title: 'The server had an error of its own',
    why: `${Host} said so.${said}`,
    todo: [tryAgain, 'If it stays so, your administrator finds the reason in the server’s log at this time.'],
  }),
  serverUnavailable: ({ Host, retryAfterSeconds, said }) => ({
    title: 'The server cannot do it now',
    why: `${Host} is overloaded or in maintenance.${said}`,
    todo: [
      retryAfterSeconds === null ? 'Try again in a few minutes.' : `Try again in ${retryAfterSeconds} seconds.`,
      tellAdministrator,
    ],
  }),
  serverGotNoAnswer: ({ Host, waitedSeconds }) => ({
    title: 'The server waited in vain for another one',
    why: `${Host} passed it on and got no answer${waitedSeconds > 0 ? ` in ${waitedSeconds} seconds` : ''}.`,
    todo: ['Try again in a few minutes.', tellAdministrator],
  }),
  forbidden: ({ said }) => ({
    title: refusalTitle(403),
    why: said === '' ? 'It gave no reason.' : said.trim(),
    todo: ['Ask your administrator.'],
  }),
  notFound: say('What was asked for is not there any more', 'The server does not know it.', 'Nothing.'),
  dialogGone: say(
    'The other side did not know this conversation any more',
    'It had ended there, or a program was started anew.',
    tryAgain,
  ),
  changedMeanwhile: say(refusalTitle(409), 'Somebody was quicker.', tryAgain),
  redirected: say(
    'The server named another place',
    'What was asked for is somewhere else; the headers say where.',
    'Nothing.',
  ),
  otherRefusal: ({ Host, code, said }) => ({
    title: 'It was refused',
    why: `${Host} answered ${code}.${said}`,
    todo: [tryAgain, tellAdministrator],
  }),

  ackLost: ({ Who }) => ({
    title: 'The last step of the connection never came',
    why: `This device accepted and said so several times, but the confirmation (ACK) of ${Who === 'The other person' ? 'the other side' : Who} was lost, so the connection was ended.`,
    todo: [tryAgain, tellAdministrator],
  }),
  ourAckLost: say(
    'A confirmation was lost on the way',
    'The other side answered again, since it did not hear that its answer had arrived.',
    'Nothing, if the conversation works. Else try again.',
    'If it happens often, ask your administrator whether a proxy or an edge loses what follows an answer (its Record-Route or Contact).',
  ),
  answerNotReturned: ({ What, waitedSeconds }) => ({
    title: 'No answer came back, though the connection works',
    why: `${What} was sent ${waitedSeconds} seconds before, and other messages passed since. It may well have arrived; its answer is lost behind the server, or was never given.`,
    todo: [
      'Ask before you send it again: it could come twice.',
      'Send this explanation to your administrator: the server’s log has the Call-ID.',
    ],
  }),
  answerLostWithConnection: ({ What }) => ({
    title: 'The connection was lost before the answer came',
    why: `${What} was sent. Whether it arrived is not known.`,
    todo: ['Messages of Confab are sent again by themselves and shown once. Ask, where it matters.'],
  }),
  rangUnanswered: ({ Who, waitedSeconds }) => ({
    title: `${Who} did not answer`,
    why: `It rang at a device for ${waitedSeconds} seconds.`,
    todo: ['Try again later.'],
  }),
  answerLost: ({ What, waitedSeconds }) => ({
    title: 'No answer came, though it was said again',
    why: `${What} was repeated and waited ${waitedSeconds} seconds. It, or its answer, is lost on the way.`,
    todo: [tryAgain, tellAdministrator],
  }),
  noAnswer: ({ What, server, waitedSeconds }) => ({
    title: 'No answer came',
    why: `${What} went to ${server} and nothing came back in ${waitedSeconds} seconds. It may have arrived.`,
    todo: [tryAgain, tellAdministrator],
  }),
  weDidNotAnswer: ({ who, waitedSeconds }) => ({
    title: 'This program did not answer',
    why: `A request of ${who} waited ${waitedSeconds} seconds.`,
    todo: ['Reload the page.', sendTrace],
  }),
  lateAfterRepeats: say(
    'The answer came late',
    'The request had to be said again before it was answered: the network loses some of what passes.',
    'Nothing, unless it happens often.',
  ),
} satisfies Partial<Record<Cause, Sentence>>;
