import type { Surface } from '../protocol/lync/sharingSdp';
import type { Aor } from '../protocol/sip/uri';
import type { Failure } from './failure';
import type { FileItem } from './file';
import type { ConversationId, ItemId } from './ids';
import type { Provenance } from './provenance';

/** What is said. `html` is as received and NOT yet sanitised: only `ui/` may render it, through DOMPurify. */
export interface Body {
  text: string;
  /** Of the whole text; in this order. */
  effects?: readonly TextEffect[];
  html?: string;
}

export const textEffects = ['bold', 'italic', 'underline', 'strikethrough'] as const;
export type TextEffect = (typeof textEffects)[number];

/**
 * The life of a message of ours:
 *
 *     queued ──► sending ──► sent
 *       ▲           ├──────► failed ───────┐
 *       │           └──────► unconfirmed ──┤   (connection lost or no answer: it may have arrived)
 *       └───────────────────── retry ──────┘   (or thrown away by its author)
 *
 * A message of somebody else is always `received`.
 */
export type Delivery =
  | { is: 'received' }
  | { is: 'queued' }
  | { is: 'sending' }
  | { is: 'sent'; at: number }
  | { is: 'failed'; failure: Failure; at: number; recipient?: Aor }
  | { is: 'unconfirmed'; failure: Failure; at: number };

/** Of somebody else's message the provenance is its request; our own are found in the log by their id. */
export interface Message extends Provenance {
  kind: 'message';
  id: ItemId;
  conversation: ConversationId;
  /** Place in the transcript: items are sorted by it. Fractional, so that an item can come between two others. */
  order: number;
  author: Aor;
  own: boolean;
  /** Epoch ms: composed (own) or received. */
  at: number;
  body: Body;
  delivery: Delivery;
  /** The focus's number of a conference message: the order for everybody. */
  number?: number;
}

/** `stopped` by the sharer; `takenOver`: somebody else shows now; `unwatched`: the only one who looked hung up. */
export type SharingStop = 'stopped' | 'takenOver' | 'unwatched' | 'lost';

/** Something that happened in a conversation; the sentence is made by `ui/`. */
export type LineEvent =
  | { is: 'escalated'; by: Aor; added: readonly Aor[] }
  | { is: 'invited'; by: Aor; added: readonly Aor[] }
  | { is: 'started' }
  | { is: 'joined'; who: Aor }
  | { is: 'left'; who: Aor }
  | { is: 'removed'; who: Aor }
  | { is: 'declined'; who: Aor; failure: Failure }
  | { is: 'locked' }
  | { is: 'unlocked' }
  | { is: 'youJoined'; history: 'all' | 'none' }
  | { is: 'youLeft' }
  | { is: 'youWereRemoved' }
  | { is: 'ended' }
  | { is: 'sharingStarted'; who: Aor; surface: Surface | null }
  | { is: 'sharingStopped'; who: Aor; why: SharingStop }
  /** Somebody wanted to show something, and nobody answered. */
  | { is: 'sharingMissed'; who: Aor }
  | { is: 'controlAsked'; who: Aor }
  | { is: 'controlGiven'; by: Aor; to: Aor }
  | { is: 'controlRefused'; by: Aor }
  | { is: 'controlEnded'; who: Aor }
  /** An invitation that was not answered, with its first words. */
  | ({ is: 'missed'; from: Aor; text: string } & Provenance);

export interface Line {
  kind: 'line';
  id: ItemId;
  conversation: ConversationId;
  order: number;
  at: number;
  event: LineEvent;
}

export type Item = Message | Line | FileItem;

/** True for the moves of the chart above. Asserted by the one place that settles messages. */
export function mayBecome(from: Delivery['is'], to: Delivery['is']): boolean {
  switch (from) {
    case 'received':
      return false;
    case 'queued':
      return to === 'sending' || to === 'failed';
    case 'sending':
      return to === 'sent' || to === 'failed' || to === 'unconfirmed' || to === 'queued';
    case 'sent':
      // An MCU may report later that one recipient did not get it ([MS-CONFIM], application/ms-imdn+xml).
      return to === 'failed';
    case 'failed':
    case 'unconfirmed':
      return to === 'queued' || to === 'sent';
  }
}

/** It reached nobody, as far as we know: with a number it is part of a conference, though somebody missed it. */
export function isDiscardable({ own, number, delivery }: Message): boolean {
  return own && number === undefined && (delivery.is === 'failed' || delivery.is === 'unconfirmed');
}
