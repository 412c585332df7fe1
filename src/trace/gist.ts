import { parseSeconds } from '../protocol/sip/headers';
import { headerOf, parseMessage, type SipMessage } from '../protocol/sip/message';
import { type BodyGist, bodyGist } from './bodyGist';
import type { Row } from './row';
import type { Topic } from './topic';

/** What a message is for, in values; `ui/words` makes the words. `peer` is a bare address. */
export type Gist =
  | { is: 'signIn'; seconds: number | null }
  | { is: 'signOut' }
  | { is: 'signedIn'; seconds: number | null }
  | { is: 'challenge' }
  | { is: 'subscribe'; topic: Topic; ends: boolean; body: BodyGist }
  | { is: 'subscribed'; topic: Topic; body: BodyGist }
  | { is: 'notice'; topic: Topic; ended: boolean; body: BodyGist }
  | { is: 'invite'; topic: Topic; peer: string; withText: boolean; body: BodyGist }
  | { is: 'message'; peer: string; characters: number; typing: boolean | null }
  | { is: 'command'; topic: Topic; peer: string; body: BodyGist }
  | { is: 'progress'; status: number; topic: Topic; peer: string }
  | { is: 'done'; method: string; topic: Topic; peer: string; body: BodyGist }
  | { is: 'bye'; topic: Topic; peer: string }
  | { is: 'cancel'; topic: Topic; peer: string }
  | { is: 'ack'; topic: Topic }
  /** A refusal of what `request` wanted. */
  | { is: 'refused'; status: number; topic: Topic; peer: string; request: Gist | null }
  | { is: 'other' };

/** What the message of a row is for. Reads the whole message: for rows on the screen, not for a whole trace. */
export function gistOf(row: Row): Gist {
  const message = parseMessage(row.entry.text);
  if (message === null || row.dialog === null) return { is: 'other' };
  return row.frame.is === 'request' ? requestGist(row, message) : responseGist(row, message);
}

function bodyOf(message: SipMessage): BodyGist {
  const contentType = headerOf(message, 'Content-Type');
  return contentType === undefined || message.body === '' ? { is: 'unknown' } : bodyGist(contentType, message.body);
}

function requestGist({ frame, dialog }: Row, message: SipMessage): Gist {
  const { topic = 'other', peer = '' } = dialog ?? {};
  const seconds = parseSeconds(headerOf(message, 'Expires'));
  switch (frame.method) {
    case 'REGISTER':
      return seconds === 0 ? { is: 'signOut' } : { is: 'signIn', seconds };
    case 'SUBSCRIBE':
      return { is: 'subscribe', topic, ends: seconds === 0, body: bodyOf(message) };
    case 'NOTIFY':
    case 'BENOTIFY':
      return { is: 'notice', topic, ended: isTerminated(message), body: bodyOf(message) };
    case 'INVITE':
      return { is: 'invite', topic, peer, withText: hasText(message), body: bodyOf(message) };
    case 'MESSAGE':
      return messageGist(topic, peer, bodyOf(message));
    case 'SERVICE':
    case 'INFO':
      return { is: 'command', topic, peer, body: bodyOf(message) };
    case 'BYE':
      return { is: 'bye', topic, peer };
    case 'CANCEL':
      return { is: 'cancel', topic, peer };
    case 'ACK':
      return { is: 'ack', topic };
    default:
      return { is: 'other' };
  }
}

const isTerminated = (message: SipMessage): boolean =>
  /^\s*terminated/i.test(headerOf(message, 'Subscription-State') ?? '');

const hasText = (message: SipMessage): boolean => /ms-body=/i.test(headerOf(message, 'ms-text-format') ?? '');

function messageGist(topic: Topic, peer: string, body: BodyGist): Gist {
  if (body.is === 'file') return { is: 'command', topic, peer, body };
  return {
    is: 'message',
    peer,
    characters: body.is === 'text' ? body.characters : 0,
    typing: body.is === 'typing' ? body.typing : null,
  };
}

function responseGist(row: Row, message: SipMessage): Gist {
  const { frame, dialog, transaction } = row;
  const { topic = 'other', peer = '' } = dialog ?? {};
  const { status, method } = frame;
  if (status < 200) return { is: 'progress', status, topic, peer };
  if (status === 401 || status === 407) return { is: 'challenge' };
  if (status >= 300) {
    const request = transaction?.rows.find((one) => one.frame.is === 'request');
    return { is: 'refused', status, topic, peer, request: request === undefined ? null : gistOf(request) };
  }
  if (method === 'REGISTER') {
    const seconds = parseSeconds(headerOf(message, 'Expires'));
    return seconds === 0 ? { is: 'signOut' } : { is: 'signedIn', seconds };
  }
  if (method === 'SUBSCRIBE') return { is: 'subscribed', topic, body: bodyOf(message) };
  return { is: 'done', method, topic, peer, body: bodyOf(message) };
}
