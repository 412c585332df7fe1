import { type Failure, failed, type Outcome } from '../domain/failure';
import { parseNameAddr, parseReason } from '../protocol/sip/headers';
import { InitialOutgoingInviteRequest, JssipDialog, JssipRequestSender, jssipUri } from './jssip';
import {
  type Content,
  outcomeOf,
  requestOf,
  responseOf,
  type SipReply,
  type SipRequest,
  type SipResponse,
} from './sipMessages';
import type { SipUa } from './sipUa';

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
  /** Our 200 was never acknowledged, or the transaction broke. */
  | { is: 'lost' };

export interface InviteHandlers {
  /** A request inside the dialog but ACK and BYE. Answer it once, at any time. */
  onRequest(request: SipRequest, reply: SipReply): void;
  onEnded(end: InviteEnd): void;
}

export interface OutgoingInviteOptions {
  target: string;
  contact: string;
  headers?: readonly string[];
  content: Content;
  /** How long it may ring (IM-4: at least 60 s). */
  timeoutMs: number;
}

type State =
  | { is: 'calling' } // no answer yet
  | { is: 'ringing' } // a provisional answer came, or we are asked
  | { is: 'accepted' } // our 200 waits for its ACK
  | { is: 'established' }
  | { is: 'ended' };

const moves: Record<State['is'], readonly State['is'][]> = {
  calling: ['ringing', 'established', 'ended'],
  ringing: ['accepted', 'established', 'ended'],
  accepted: ['established', 'ended'],
  established: ['ended'],
  ended: [],
};

const t1Ms = 500; // RFC 3261 §17.1.1.1
const t2Ms = 4_000;
const cancelAnsweredWithinMs = 32_000;

/**
 * One INVITE dialog with any text body, ours or theirs: IM, conference invitation, focus, MCU (never JsSIP's RTCSession).
 *
 *     calling ─1xx─► ringing ─2xx─► established ─BYE─► ended        (ours)
 *     ringing ─accept─► accepted ─ACK─► established ─BYE─► ended    (theirs)
 *     any ─refused, cancelled, lost─► ended
 */
export class Invite implements Jssip.DialogOwner {
  // Read by JsSIP's Dialog.
  readonly _ua: SipUa;
  readonly #handlers: InviteHandlers;
  #state: State;
  #dialog: Jssip.Dialog | null = null;
  #outgoing: Jssip.OutgoingRequest | null = null;
  #incoming: Jssip.IncomingRequest | null = null;
  /** The person wants out but no 1xx has come: RFC 3261 §9.1 forbids CANCEL until then. */
  #cancelWanted = false;
  #peerEpid = '';
  #stopTimer: () => void = () => undefined;

  private constructor(ua: SipUa, handlers: InviteHandlers, state: State) {
    this._ua = ua;
    this.#handlers = handlers;
    this.#state = state;
  }

  get isEstablished(): boolean {
    return this.#state.is === 'established' || this.#state.is === 'accepted';
  }

  isEnded(): boolean {
    return this.#state.is === 'ended';
  }

  #become(next: State['is']): void {
    if (!moves[this.#state.is].includes(next)) throw new Error(`INVITE: ${this.#state.is} cannot become ${next}`);
    this.#state = { is: next };
  }

  #end(end: InviteEnd): void {
    if (this.#state.is === 'ended') return;
    this.#become('ended');
    this.#stopTimer();
    if (this.#incoming !== null) this._ua.removePending(this.#incoming.via_branch);
    this.#dialog?.terminate();
    this.#dialog = null;
    this.#handlers.onEnded(end);
  }

  // ---- Ours -------------------------------------------------------------------------------------------------------------

  /** Sends an INVITE. The outcome is the first final answer; after `ok` the dialog lives until `onEnded`. */
  static send(
    ua: SipUa,
    options: OutgoingInviteOptions,
    handlers: InviteHandlers,
  ): { invite: Invite; answered: Promise<Outcome<SipResponse>> } {
    const invite = new Invite(ua, handlers, { is: 'calling' });
    return { invite, answered: invite.#call(options) };
  }

  #call(options: OutgoingInviteOptions): Promise<Outcome<SipResponse>> {
    const headers = [
      `Contact: <${options.contact}>`,
      ...(options.headers ?? []),
      `Content-Type: ${options.content.contentType}`,
    ];
    const body = options.content.body.toWellFormed();
    const from = { from_tag: this._ua.newTag() };
    const request = new InitialOutgoingInviteRequest(jssipUri(options.target), this._ua, from, headers, body);
    this.#outgoing = this._ua.withEpid(request);
    return new Promise((resolve) => {
      const settle = (outcome: Outcome<SipResponse>) => {
        if (!outcome.ok) this.#end(this.#cancelWanted ? { is: 'local' } : { is: 'refused', failure: outcome.failure });
        resolve(outcome);
      };
      if (!this._ua.transport.isConnected()) return queueMicrotask(() => settle(failed({ is: 'offline' })));
      this.#stopTimer = this._ua.world.after(options.timeoutMs, () => {
        this.cancel();
        settle(failed({ is: 'timedOut', afterSeconds: options.timeoutMs / 1000 }));
      });
      new JssipRequestSender(this._ua, request, {
        onReceiveResponse: (response) => this.#takeResponse(response, settle),
        onRequestTimeout: () => settle(failed({ is: 'timedOut', afterSeconds: 32 })),
        onTransportError: () => settle(failed({ is: 'connectionLost' })),
      }).send();
    });
  }

  #takeResponse(response: Jssip.IncomingResponse, settle: (outcome: Outcome<SipResponse>) => void): void {
    if (response.status_code < 200) {
      if (this.#state.is === 'calling') this.#become('ringing');
      if (this.#cancelWanted) this.#sendCancel();
      return;
    }
    if (response.status_code >= 300) {
      const outcome = outcomeOf(responseOf(response));
      return settle(this.#cancelWanted ? failed({ is: 'cancelled' }) : outcome);
    }
    // A repeated 2xx: our ACK was lost.
    if (this.#state.is === 'established') return this.#acknowledge();
    const dialog = new JssipDialog(this, response, 'UAC');
    if (dialog.error !== undefined) return settle(failed({ is: 'malformed', what: 'Contact' }));
    this.#dialog = dialog;
    this.#peerEpid = parseNameAddr(response.getHeader('To') ?? '')?.params.get('epid') ?? '';
    if (this.#state.is === 'ended' || this.#cancelWanted) {
      // The 200 crossed our CANCEL: take it and hang up (RFC 3261 §9.1).
      this.#acknowledge();
      this.#transactInDialog('BYE', [], undefined, 5_000);
      dialog.terminate();
      this.#dialog = null;
      return settle(failed({ is: 'cancelled' }));
    }
    this.#stopTimer();
    this.#become('established');
    this.#acknowledge();
    settle({ ok: true, value: responseOf(response) });
  }

  #acknowledge(): void {
    if (this.#dialog === null) return;
    new JssipRequestSender(this._ua, this.#inDialog('ACK', [], undefined), {}).send();
  }

  /** Withdraws an INVITE that is not answered yet. */
  cancel(): void {
    if (this.#outgoing === null || this.#cancelWanted) return;
    this.#cancelWanted = true;
    if (this.#state.is === 'ringing') this.#sendCancel();
  }

  #sendCancel(): void {
    this.#outgoing?.cancel();
    this.#stopTimer();
    this.#stopTimer = this._ua.world.after(cancelAnsweredWithinMs, () => this.#end({ is: 'lost' }));
  }

  // ---- Theirs -----------------------------------------------------------------------------------------------------------

  /** An INVITE of somebody else: 180 is sent; `accept` or `reject` it. */
  static receive(ua: SipUa, request: Jssip.IncomingRequest, handlers: InviteHandlers): Invite {
    const invite = new Invite(ua, handlers, { is: 'ringing' });
    invite.#incoming = request;
    // Set before the first answer, so that all answers carry the same tag.
    request.to_tag = ua.newTag();
    invite.#peerEpid = parseNameAddr(request.getHeader('From') ?? '')?.params.get('epid') ?? '';
    ua.addPending(request.via_branch, {
      takeCancel: (cancel) => {
        ua.replyTo(request)(487, 'Request Terminated');
        const reason = parseReason(cancel.header('Reason') ?? '');
        invite.#end({ is: 'cancelled', elsewhere: reason.cause === 200 });
      },
    });
    request.server_transaction.on('stateChanged', () => {
      // The connection broke while it rang.
      if (!ua.transport.isConnected() && invite.#state.is === 'ringing') invite.#end({ is: 'lost' });
    });
    ua.replyTo(request)(180, 'Ringing');
    return invite;
  }

  /** False when it cannot be accepted any more. */
  accept(contact: string, headers: readonly string[] = [], content?: Content): boolean {
    const request = this.#incoming;
    if (request === null || this.#state.is !== 'ringing') return false;
    const dialog = new JssipDialog(this, request, 'UAS');
    if (dialog.error !== undefined) {
      this.reject(400, 'Missing Contact');
      return false;
    }
    this._ua.removePending(request.via_branch);
    this.#dialog = dialog;
    this.#become('accepted');
    const answer = () => this._ua.replyTo(request)(200, 'OK', [`Contact: <${contact}>`, ...headers], content);
    answer();
    this.#repeatUntilAcknowledged(answer, t1Ms, t1Ms);
    return true;
  }

  /** RFC 3261 §13.3.1.4: the 2xx is repeated here, not by the transaction; after 64·T1 without ACK the dialog ends. */
  #repeatUntilAcknowledged(answer: () => void, waitMs: number, elapsedMs: number): void {
    this.#stopTimer = this._ua.world.after(waitMs, () => {
      if (this.#state.is !== 'accepted') return;
      if (elapsedMs >= 64 * t1Ms) {
        this.#transactInDialog('BYE', [], undefined, 5_000);
        return this.#end({ is: 'lost' });
      }
      answer();
      const next = Math.min(waitMs * 2, t2Ms);
      this.#repeatUntilAcknowledged(answer, next, elapsedMs + next);
    });
  }

  reject(status: number, reason: string, headers: readonly string[] = []): void {
    if (this.#incoming === null || this.#state.is !== 'ringing') return;
    this._ua.replyTo(this.#incoming)(status, reason, headers);
    this.#end({ is: 'local' });
  }

  // ---- In the dialog ----------------------------------------------------------------------------------------------------

  /** Sends a request in the dialog; settles with the peer's final answer. 408, 480 and 481 mean that the dialog is dead. */
  async request(
    method: string,
    content?: Content,
    headers: readonly string[] = [],
    timeoutMs = 10_000,
  ): Promise<Outcome<SipResponse>> {
    if (this.#dialog === null) return failed({ is: 'rejected', status: 481, reason: 'Dialog ended' });
    return this.#transactInDialog(method, headers, content, timeoutMs);
  }

  #transactInDialog(method: string, headers: readonly string[], content: Content | undefined, timeoutMs: number) {
    return this._ua.transact(this.#inDialog(method, headers, content), timeoutMs);
  }

  #inDialog(method: string, headers: readonly string[], content: Content | undefined): Jssip.OutgoingRequest {
    if (this.#dialog === null) throw new Error('no dialog');
    const lines = content === undefined ? [...headers] : [...headers, `Content-Type: ${content.contentType}`];
    const request = this.#dialog._createRequest(method, lines, content?.body.toWellFormed() ?? null);
    return this._ua.withEpid(request, this.#peerEpid === '' ? '' : `;epid=${this.#peerEpid}`);
  }

  /** BYE, CANCEL or 603, whichever the state asks for. */
  end(headers: readonly string[] = []): void {
    switch (this.#state.is) {
      case 'calling':
        return this.cancel();
      case 'ringing':
        return this.#incoming === null ? this.cancel() : this.reject(603, 'Decline', headers);
      case 'accepted':
      case 'established':
        void this.#transactInDialog('BYE', headers, undefined, 5_000);
        return this.#end({ is: 'local' });
      case 'ended':
        return;
    }
  }

  /** Called by JsSIP's Dialog, which has checked the CSeq. */
  receiveRequest(request: Jssip.IncomingRequest): void {
    if (request.method === 'ACK') {
      if (this.#state.is !== 'accepted') return;
      this.#stopTimer();
      return this.#become('established');
    }
    const reply = this._ua.replyTo(request);
    if (request.method === 'BYE') {
      reply(200, 'OK');
      return this.#end({ is: 'bye', request: requestOf(request) });
    }
    // We send no re-INVITE and take none: IM has nothing to renegotiate.
    if (request.method === 'INVITE') return reply(488, 'Not Acceptable Here');
    if (request.method === 'UPDATE' || request.method === 'OPTIONS') return reply(200, 'OK');
    this.#handlers.onRequest(requestOf(request), reply);
  }
}
