import type { Cause } from '../../../trace/explain/explain';
import { refusalTitle, type Sentence, say, sendTrace, tellAdministrator, tryAgain } from './said';

/** Between people, and on the way to them. */
export const peopleWords = {
  publicImForbidden: ({ who }) => ({
    title: `You may not talk to public services, so ${who} was not reached`,
    why: 'Your organization allows it for some accounts only.',
    todo: ['Ask your administrator for access to public providers.'],
  }),
  federationForbidden: ({ who, domain }) => ({
    title: `You may not talk to other organizations, so ${who} was not reached`,
    why: `Your organization did not give your account access to partners such as ${domain}.`,
    todo: ['Ask your administrator for federation access.'],
  }),
  outsideForbidden: ({ who }) => ({
    title: `You may not talk outside your organization, so ${who} was not reached`,
    why: 'Your account is for talks inside only.',
    todo: ['Ask your administrator for external access.'],
  }),
  domainNotFound: ({ who, domain, Host }) => ({
    title: `${domain} could not be found, so ${who} was never reached`,
    why: `${Host} asked DNS where ${domain} accepts messages (SRV record _sipfederationtls._tcp) and got no answer it could use.`,
    todo: [
      `Check the address of ${who}.`,
      `Ask an administrator of ${domain} whether the record exists.`,
      'If it was published lately, try again when the old answer has expired.',
    ],
  }),
  domainRecordsConflict: ({ domain, Host }) => ({
    title: `The records of ${domain} contradict each other`,
    why: `${Host} found a server for ${domain} whose name belongs to another domain, and does not trust that.`,
    todo: [`Ask an administrator of ${domain} to publish a server under their own domain.`],
  }),
  hostNotFound: ({ domain, Host }) => ({
    title: `The server of ${domain} could not be found`,
    why: `${Host} knows its name but found no address (A or AAAA record) for it.`,
    todo: [`Ask an administrator of ${domain}.`],
  }),
  certificateNotTrusted: ({ domain, Host, nextHost }) => ({
    title: `The way to ${domain} was not trusted`,
    why: `${Host} and ${nextHost} do not accept each other’s certificate: it has expired, is for another name, or its issuer is unknown.`,
    todo: ['Ask your administrator to check certificates and their issuers on both sides.'],
  }),
  domainPairUnroutable: ({ domain }) => ({
    title: `Your domain and ${domain} have no way to each other`,
    why: 'The server does not route between these two domains.',
    todo: ['Ask your administrator.'],
  }),
  typeNotFederated: ({ domain }) => ({
    title: `This is not possible with ${domain}`,
    why: 'The border between the organizations lets only some kinds of messages pass.',
    todo: ['Write instead, or ask your administrator.'],
  }),
  otherSideSaidNothing: ({ domain, code }) => ({
    title: `${domain} refused and did not say why`,
    why: `The other organization answered ${code} and kept its reasons to itself.`,
    todo: [`Ask ${domain}’s administrator; the time and Call-ID below find it in their log.`],
  }),
  gatewayRefused: ({ said }) => ({
    title: 'The gateway to the telephone network refused',
    why: `The call came as far as the gateway.${said}`,
    todo: [tryAgain, tellAdministrator],
  }),
  bandwidthRefused: say(
    'The network has no room for this now',
    'Your organization limits how much of the line calls and shared windows may take, and it is taken.',
    'Try again later, or from another place.',
  ),
  contentForbidden: ({ said }) => ({
    title: 'Your organization does not let this text through',
    why: `A filter on the server looks for links, files or words, and found one.${said}`,
    todo: ['Write it without the link or the file.', 'Ask your administrator what the filter forbids.'],
  }),
  domainUnroutable: ({ who, domain }) => ({
    title: `${domain} is not connected with your organization`,
    why: `The server knows no way there, so ${who} was not reached.`,
    todo: [`Check the address of ${who}.`, 'Ask your administrator to allow that domain.'],
  }),
  routeGone: say(
    'The way of this conversation does not exist any more',
    'A server on the way was started anew, or the other side is connected elsewhere now.',
    'Try again: it finds a new way.',
  ),
  peerConnectionLost: ({ Who }) => ({
    title: `${Who} lost the connection just then`,
    why: 'The server could not deliver on the connection that was open a moment before.',
    todo: ['Try again in a minute.'],
  }),
  temporarilyUnroutable: ({ domain, Host }) => ({
    title: `${domain} cannot be reached for the moment`,
    why: `${Host} had no connection to the next server.`,
    todo: ['Try again in a few minutes.', tellAdministrator],
  }),
  loopFound: say(
    'The message went in a circle',
    'A server got it a second time and stopped it. Two servers point to each other, or you wrote to your own device.',
    'Ask your administrator to check the routes.',
  ),
  tooManyHops: say(
    'The message passed too many servers',
    'Each server counts down, and the count reached zero before it arrived: a circle, or a very long way.',
    'Ask your administrator to check the routes.',
  ),
  extensionRequired: say(
    'The other side needs something this program did not offer',
    'It refuses requests without a certain extension of SIP.',
    sendTrace,
  ),
  extensionUnknown: ({ unsupported }) => ({
    title: 'The other side does not know something this program insists on',
    why: `It refused because of an extension of SIP that it does not have${unsupported === '' ? '' : `: ${unsupported}`}.`,
    todo: [
      'Check the server address: a server that is not of Lync’s kind does not serve this program.',
      'Ask your administrator whether a proxy on the way does not know what the server does.',
    ],
  }),
  noSuchPerson: ({ who }) => ({
    title: 'There is no such person',
    why: `The server knows no account ${who}, or it is not enabled.`,
    todo: ['Check the address.', 'Find the person in the directory.'],
  }),
  personOffline: ({ who }) => ({
    title: refusalTitle(480, who),
    why: 'No device of that person was signed in, so nothing could be delivered.',
    todo: ['Try again when the person is back.'],
  }),
  conversationCrossed: ({ who }) => ({
    title: `You and ${who} began to write at the same time`,
    why: 'One of the two conversations gives way, and both go on in the other.',
    todo: ['Nothing, unless a message is marked as not delivered: send that again.'],
  }),
  encryptionMismatch: ({ who }) => ({
    title: `You and ${who} have different rules for encryption`,
    why: 'One side demands that sound and pictures are encrypted, the other forbids it.',
    todo: ['Ask your administrator: the media encryption policy must allow what both can do.'],
  }),
  theirOfferBroken: ({ Who, who }) => ({
    title: `${Who} offered something that is broken`,
    why: 'The description of the session (SDP) is damaged: a line without a port, or without a value. This device refused it for that.',
    todo: [`Ask ${who} to update or restart their program, and to try again.`, sendTrace],
  }),
  sdpNotSupported: ({ Who }) => ({
    title: `${Who}’s program does not know this kind of connection`,
    why: 'It could not use the description of sound or pictures that was offered.',
    todo: ['Ask what program the other person uses; an update may help.'],
  }),
  answerCrossedCancel: ({ Who }) => ({
    title: 'The answer came just as the invitation was taken back',
    why: `${Who} accepted in the same moment, so both sides hung up again.`,
    todo: [tryAgain],
  }),
  cancelledOnTheWay: say(
    'It was cancelled on the way',
    'A server ended it because the one who asked had given up.',
    'Nothing. Try again if it still matters.',
  ),
  peerTimedOut: ({ Who }) => ({
    title: `${Who} did not answer in time`,
    why: 'The server waited and then gave up. The device may have gone to sleep.',
    todo: ['Try again later.'],
  }),
  answeredElsewhere: say(
    'You answered on another device',
    'The invitation rang on all your devices, and one of them took it.',
    'Nothing.',
  ),
  callerGaveUp: ({ Who }) => ({
    title: `${Who} gave up before you answered`,
    why: 'The invitation was taken back while it was shown to you.',
    todo: [`Write to ${lower(Who)}.`],
  }),
  weGaveUp: say(
    'You took the invitation back',
    'It had not been answered yet, and the other side confirmed the end.',
    'Nothing.',
  ),
  doNotDisturb: ({ who }) => ({
    title: refusalTitle(486, who),
    why: 'The status is Do not disturb or Presenting, or the device is busy, and your access level does not break through.',
    todo: ['Try again when the status has changed.', 'Or write an e-mail.'],
  }),
  declined: ({ who }) => ({
    title: refusalTitle(603, who),
    why: 'The person, or a rule on that device, said no.',
    todo: ['Ask when a better time is.'],
  }),
  declinedByUs: ({ who }) => ({
    title: 'You declined',
    why: `You (or a rule on this device) said no to ${who}.`,
    todo: ['Nothing.'],
  }),
  weMissedIt: ({ who }) => ({
    title: `You did not answer ${who} in time`,
    why: 'The invitation was shown and lapsed by itself.',
    todo: [`Write to ${who}.`],
  }),
  weCannotShowIt: ({ Who }) => ({
    title: 'This program cannot take that kind of invitation',
    why: `${Who} offered something that Confab does not have, such as a call.`,
    todo: [`Tell ${lower(Who)} to write, or to share a window.`],
  }),
  peerDidNotAnswer: ({ who }) => ({
    title: refusalTitle(408, who),
    why: 'The invitation reached a device and nobody took it.',
    todo: ['Try again later.'],
  }),
  movedAway: ({ Who }) => ({
    title: `${Who} has another address now`,
    why: 'The server named a new one instead of delivering.',
    todo: ['Write to the new address; it stands under Contact in the headers.'],
  }),
  conversationEnded: ({ Who }) => ({
    title: refusalTitle(481),
    why: `${Who}’s device did not know it any more: it was closed, or the program started anew.`,
    todo: ['Send it again: a new conversation begins by itself.'],
  }),
  peerCannotShowIt: ({ who }) => ({
    title: refusalTitle(415, who),
    why: 'It refused the format.',
    todo: ['Send plain text.'],
  }),
  formatRefusedByServer: say(
    'The server does not let this kind of message through',
    'It refused the format before anybody saw it.',
    'Send plain text.',
    tellAdministrator,
  ),
  blockedByPeer: ({ Who }) => ({
    title: `${Who} does not take messages from you`,
    why: 'A rule on that device, or the access level you were given, forbids it.',
    todo: ['Ask the person in another way.'],
  }),
  peerStorageFailed: ({ Who }) => ({
    title: `${Who}’s device could not take the message`,
    why: 'It arrived, but the program there failed, for example because the disk is full.',
    todo: ['Try again later.', `Tell ${lower(Who)} in another way.`],
  }),
  peerBroke: ({ Who }) => ({
    title: `${Who}’s program could not take it now`,
    why: 'It arrived and was refused with a temporary error.',
    todo: ['Try again in a minute.'],
  }),
  addressIncomplete: say(
    'The address is not complete, or fits several people',
    'The server cannot tell whom you mean.',
    'Check the address.',
  ),
  anonymousRefused: say(
    'Nobody may be reached without a name here',
    'The request hid who you are, and the other side refuses that.',
    'Sign in with your own address.',
  ),
} satisfies Partial<Record<Cause, Sentence>>;

/** `The other person` within a sentence; a name stays as it is. */
function lower(name: string): string {
  return name.startsWith('The ') ? `the ${name.slice(4)}` : name;
}
