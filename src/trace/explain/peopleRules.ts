import { headerOf } from '../../protocol/sip/message';
import { mediaType } from '../../protocol/sip/multipart';
import type { Flow } from './flow';
import { byPeer, byServer, method, rule, status, type Test, theyAsked, told, weAsked, withPerson } from './rule';

/** What happens between two people: who did not answer, who could not, who did not want to (`lync-wire` 5.6, 5.7). */

const cancelled: Test = ({ row, request }) =>
  (request ?? row).transaction?.rows.some(({ frame }) => frame.method === 'CANCEL') === true;
const reasonCause =
  (cause: number): Test =>
  ({ reason }) =>
    reason?.cause === cause;

/** The reason of the CANCEL, wherever the row in the transaction is. */
function cancelSays({ row }: Flow, words: RegExp): boolean {
  const cancel = row.transaction?.rows.find(({ frame }) => frame.method === 'CANCEL');
  return cancel !== undefined && words.test(cancel.entry.text);
}

const takenElsewhere: Test = (flow) => cancelSays(flow, /^Reason:.*cause\s*=\s*200/im);

/** RFC 8866 §5.14: a media line has a port; RFC 8122 §5: a fingerprint has a value. */
const offerIsBroken: Test = ({ requestMessage }) =>
  requestMessage !== null &&
  mediaType(headerOf(requestMessage, 'Content-Type') ?? '') === 'application/sdp' &&
  (!/^v=0\s*$/m.test(requestMessage.body) ||
    /^m=(?!\S+ \d+)/m.test(requestMessage.body) ||
    /^a=fingerprint:\S+\s*$/m.test(requestMessage.body));

export const peopleRules = [
  rule('conversationCrossed', 'nobody', told(52035)),
  rule('encryptionMismatch', 'yourAdministrator', told(52017)),
  rule('theirOfferBroken', 'peer', theyAsked, status(400, 488, 606), offerIsBroken),
  rule('sdpNotSupported', 'program', told(52063, 7008)),
  rule('answerCrossedCancel', 'nobody', told(5009, 5010, 5011)),
  rule('answeredElsewhere', 'nobody', theyAsked, takenElsewhere),
  rule('answeredElsewhere', 'nobody', theyAsked, reasonCause(200)),
  rule('callerGaveUp', 'nobody', theyAsked, cancelled),
  rule('weGaveUp', 'nobody', weAsked, status(487), cancelled),
  rule('cancelledOnTheWay', 'nobody', told(5002)),
  rule('peerTimedOut', 'peer', told(5001)),
  rule('doNotDisturb', 'peer', weAsked, status(486, 600)),
  rule('declined', 'peer', weAsked, status(603)),
  rule('declinedByUs', 'you', theyAsked, status(603, 486)),
  rule('weMissedIt', 'you', theyAsked, withPerson, status(480, 408, 487)),
  rule('weCannotShowIt', 'program', theyAsked, withPerson, status(415, 488, 606)),
  rule('peerDidNotAnswer', 'peer', weAsked, withPerson, method('INVITE'), status(408)),
  rule('peerDidNotAnswer', 'peer', weAsked, withPerson, method('INVITE'), status(480), byPeer),
  rule('personOffline', 'peer', weAsked, withPerson, status(480)),
  rule('noSuchPerson', 'you', weAsked, withPerson, status(404, 604)),
  rule('movedAway', 'peer', weAsked, withPerson, status(301, 302, 410)),
  rule('conversationEnded', 'nobody', weAsked, withPerson, status(481)),
  rule('peerCannotShowIt', 'peer', weAsked, withPerson, status(415, 488, 606), byPeer),
  rule('formatRefusedByServer', 'yourAdministrator', weAsked, withPerson, status(415, 488, 606), byServer),
  rule('blockedByPeer', 'peer', weAsked, withPerson, status(403), byPeer),
  rule('peerStorageFailed', 'peer', weAsked, withPerson, status(500), byPeer),
  rule('peerBroke', 'peer', weAsked, withPerson, status(503, 504), byPeer),
  rule('addressIncomplete', 'you', status(484, 485)),
  rule('anonymousRefused', 'you', status(433)),
] as const;
