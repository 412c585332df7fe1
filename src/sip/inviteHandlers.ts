import type { Failure } from '../domain/failure';
import type { SipReply, SipRequest, SipResponse } from './sipMessages';

/** Why an INVITE dialog (or the attempt at one) is over. */
export type InviteEnd =
  /** We ended it, or refused it. */
  | { is: 'local' }
  /** The peer's BYE. */
  | { is: 'bye'; request: SipRequest }
  /** The peer's CANCEL; `elsewhere`: another endpoint of ours took it (MPO-2). */
  | { is: 'cancelled'; elsewhere: boolean }
  /** A final answer of 300 or above to ours. */
  | { is: 'refused'; failure: Failure }
  /** Our 200 was never acknowledged, or the connection broke while it rang. */
  | { is: 'lost' };

export interface InviteHandlers {
  /**
   * A request inside the dialog but ACK and BYE. Answer it once, at any time; it may be `async`. BENOTIFY comes here too
   * (an MCU's delivery report): its `reply` does nothing.
   */
  onRequest(request: SipRequest, reply: SipReply): void;
  /**
   * A re-INVITE with an offer (RFC 3261 §14.2). Answer it once, at any time; Contact is added. Without this: 488.
   */
  onOffer?(request: SipRequest, reply: SipReply): void;
  onEnded(end: InviteEnd): void;
  /** The ACK to our 200 came. */
  onAcknowledged?(): void;
  /** Ours rings at the peer: a provisional answer above 100. */
  onRinging?(response: SipResponse): void;
}
