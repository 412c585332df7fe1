import { failed, type Outcome } from '../domain/failure';
import { AwaitedAck } from './awaitedAck';
import { JssipRequestSender } from './jssip';
import { OwnAck } from './ownAck';
import { type Content, outcomeOf, type SipReply, type SipRequest, type SipResponse } from './sipMessages';
import type { SipUa } from './sipUa';

/** What re-INVITEs need of the dialog that they are in. */
export interface ReinvitedDialog {
  readonly ua: SipUa;
  /** Our Contact: every INVITE and its 2xx carry one. */
  contact(): string;
  /** `null` when it is not established, or not any more. */
  create(content: Content | null, headers: readonly string[]): Jssip.OutgoingRequest | null;
  acknowledge(response: Jssip.IncomingResponse, answer?: Content): void;
  /** Hears an offer of the peer and answers it, once; `null` refuses every offer. */
  readonly onOffer: ((request: SipRequest, reply: SipReply) => void) | null;
  /** Our 2xx was never acknowledged: the dialog is over (RFC 3261 §14.2). */
  onLost(): void;
}

const answeredWithinMs = 32_000;
const pending = { is: 'rejected', status: 491, reason: 'Request Pending' } as const;

/**
 * Changing an established session (RFC 3261 §14): one re-INVITE at a time in both directions together. Nothing is tried
 * again here, since only the owner of the media can make the offer anew; after 491 it waits as §14.1 says.
 */
export class Reinvites {
  readonly #dialog: ReinvitedDialog;
  #isSending = false;
  #ownAck: OwnAck | null = null;
  /** Answers the peer's offer that waits. */
  #answer: SipReply | null = null;
  #awaited: { cseq: number; ack: AwaitedAck } | null = null;

  constructor(dialog: ReinvitedDialog) {
    this.#dialog = dialog;
  }

  /**
   * Offers a change, or with `null` asks the peer for an offer, to be answered by `acknowledge`. Settles with the final
   * answer; 408 and 481 mean that the dialog is dead.
   */
  async send(content: Content | null, headers: readonly string[]): Promise<Outcome<SipResponse>> {
    if (this.#isPending || this.#answer !== null) return failed(pending);
    if (!this.#dialog.ua.isLive) return failed({ is: 'offline' });
    const request = this.#dialog.create(content, [`Contact: <${this.#dialog.contact()}>`, ...headers]);
    if (request === null) return failed({ is: 'rejected', status: 481, reason: 'No dialog' });
    this.#isSending = true;
    const ownAck = new OwnAck(content === null, (response, answer) => this.#dialog.acknowledge(response, answer));
    this.#ownAck = ownAck;
    const outcome = await this.#transact(request, ownAck);
    this.#isSending = false;
    return outcome;
  }

  get #isPending(): boolean {
    return this.#isSending || (this.#ownAck?.isDue ?? false);
  }

  #transact(request: Jssip.OutgoingRequest, ownAck: OwnAck): Promise<Outcome<SipResponse>> {
    const { ua } = this.#dialog;
    return new Promise((resolve) => {
      const settle = (outcome: Outcome<SipResponse>): void => {
        stopTimer();
        resolve(outcome);
      };
      const timedOut = failed({ is: 'timedOut', afterSeconds: answeredWithinMs / 1000 });
      const stopTimer = ua.world.after(answeredWithinMs, () => settle(timedOut));
      new JssipRequestSender(ua, request, {
        onReceiveResponse: (response) => {
          if (response.status_code < 200) return;
          // Also of a 2xx that comes again, or after we gave up waiting.
          if (response.status_code < 300) ownAck.take(response);
          settle(outcomeOf(ua.responseOf(response)));
        },
        onRequestTimeout: () => settle(timedOut),
        onTransportError: () => settle(failed({ is: 'connectionLost' })),
      }).send();
    });
  }

  /** Our answer to the offer that a 2xx brought. */
  acknowledge(answer?: Content): void {
    this.#ownAck?.release(answer);
  }

  receive(request: Jssip.IncomingRequest): void {
    const { ua, onOffer } = this.#dialog;
    const reply = ua.replyTo(request);
    if (this.#isPending) return reply(pending.status, pending.reason);
    // Without an offer we would have to make one (RFC 3261 §14.2): nobody in the field asks for that.
    if (onOffer === null || !request.body) return reply(488, 'Not Acceptable Here');
    const answer: SipReply = (status, reason, headers = [], content) => {
      if (this.#answer !== answer) return;
      this.#answer = null;
      const final = () => reply(status, reason, [`Contact: <${this.#dialog.contact()}>`, ...headers], content);
      if (status >= 300) return final();
      this.#awaited?.ack.stop();
      this.#awaited = { cseq: request.cseq, ack: new AwaitedAck(ua.world, final, () => this.#dialog.onLost()) };
    };
    this.#answer = answer;
    ua.guard(request, () => {
      try {
        onOffer(ua.requestOf(request), answer);
      } catch (error) {
        this.#answer = null;
        throw error;
      }
    });
  }

  acknowledged(cseq: number): void {
    if (this.#awaited?.cseq !== cseq) return;
    this.#awaited.ack.stop();
    this.#awaited = null;
  }

  /** RFC 3261 §15.1.2: with the dialog everything that waits in it is over. */
  stop(): void {
    this.#answer?.(487, 'Request Terminated');
    this.#awaited?.ack.stop();
    this.#awaited = null;
  }
}
