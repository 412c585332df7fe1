import { type Failure, failed, type Outcome } from '../domain/failure';
import { parseNameAddr, parseReason } from '../protocol/sip/headers';
import { InitialOutgoingInviteRequest, JssipDialog, JssipRequestSender, jssipUri } from './jssip';
import { oneLine } from './reply';
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
  /** Our 200 was never acknowledged, or the connection broke while it rang. */
  | { is: 'lost' };

export interface InviteHandlers {
  /**
   * A request inside the dialog but ACK and BYE. Answer it once, at any time; it may be `async`. BENOTIFY comes here too
   * (an MCU's delivery report): its `reply` does nothing.
   */
  onRequest(request: SipRequest, reply: SipReply): void;
  onEnded(end: InviteEnd): void;
  /** Ours rings at the peer: a provisional answer above 100. */
  onRinging?(response: SipResponse): void;
}

export interface OutgoingInviteOptions {
  target: string;
  contact: string;
  /** Whole lines. */
  headers?: readonly string[];
  content: Content;
  /** How long it may ring (IM-4: at least 60 s). */
  timeoutMs: number;
}

type State =
  | 'calling' // no answer yet
  | 'ringing' // a provisional answer came, or we are asked
  | 'accepted' // our 200 waits for its ACK
  | 'established'
  | 'ended';

const moves: Record<State, readonly State[]> = {
  calling: ['ringing', 'established', 'ended'],
  ringing: ['accepted', 'established', 'ended'],
  accepted: ['established', 'ended'],
  established: ['ended'],
  ended: [],
};

const t1Ms = 500; // RFC 3261 §17.1.1.1
const t2Ms = 4_000;
const cancelAnsweredWithinMs = 32_000;
const byeAnsweredWithinMs = 5_000;

/**
 * One INVITE dialog with any text body, ours or theirs: IM, conference invitation, focus, MCU (never JsSIP's RTCSession).
 *
 *     calling ─1xx─► ringing ─2xx─► established ─BYE─► ended        (ours)
 *     ringing ─accept─► accepted ─ACK─► established ─BYE─► ended    (theirs)
 *     any ─refused, cancelled, lost─► ended
 *
 * An established dialog survives the loss of its connection: the GRUU leads to the new one.
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
  #settle: (outcome: Outcome<SipResponse>) => void = () => undefined;
  #peerEpid = '';
  #stopTimer: () => void = () => undefined;

  private constructor(ua: SipUa, handlers: InviteHandlers, state: State) {
    this._ua = ua;
    this.#handlers = handlers;
    this.#state = state;
    ua.dialogs.add(this);
  }

  /** Decides between two INVITEs that cross. */
  get callId(): string {
    return this.#outgoing?.call_id ?? this.#incoming?.call_id ?? '';
  }

  get isEstablished(): boolean {
    return this.#state === 'established' || this.#state === 'accepted';
  }

  isEnded(): boolean {
    return this.#state === 'ended';
  }

  #become(next: State): void {
    if (!moves[this.#state].includes(next)) throw new Error(`INVITE: ${this.#state} cannot become ${next}`);
    // The time to answer goes on while it rings.
    if (next !== 'ringing') this.#stopTimer();
    this.#state = next;
  }

  #end(end: InviteEnd): void {
    if (this.#state === 'ended') return;
    this.#become('ended');
    this._ua.dialogs.delete(this);
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
    const invite = new Invite(ua, handlers, 'calling');
    return { invite, answered: invite.#call(options) };
  }

  #call(options: OutgoingInviteOptions): Promise<Outcome<SipResponse>> {
    const headers = [
      `Contact: <${options.contact}>`,
      ...(options.headers ?? []).map(oneLine),
      `Content-Type: ${oneLine(options.content.contentType)}`,
    ];
    const body = options.content.body.toWellFormed();
    const from = { from_tag: this._ua.newTag() };
    const request = new InitialOutgoingInviteRequest(jssipUri(options.target), this._ua, from, headers, body);
    this.#outgoing = this._ua.withEpid(request);
    return new Promise((resolve) => {
      this.#settle = (outcome) => {
        resolve(outcome);
        if (outcome.ok) return;
        const { failure } = outcome;
        this.#end(failure.is === 'cancelled' ? { is: 'local' } : { is: 'refused', failure });
      };
      if (!this._ua.isLive) return queueMicrotask(() => this.#settle(failed({ is: 'offline' })));
      this.#stopTimer = this._ua.world.after(options.timeoutMs, () => this.#giveUp(options.timeoutMs));
      new JssipRequestSender(this._ua, request, {
        onReceiveResponse: (response) => this.#takeResponse(response),
        onRequestTimeout: () => this.#settle(failed({ is: 'timedOut', afterSeconds: 32 })),
        onTransportError: () => this.#settle(failed({ is: 'connectionLost' })),
        // JsSIP has cloned it: the old one cannot be cancelled any more.
        onAuthenticated: (again) => {
          this.#outgoing = again;
        },
      }).send();
    });
  }

  #giveUp(timeoutMs: number): void {
    this.cancel();
    this.#settle(failed({ is: 'timedOut', afterSeconds: timeoutMs / 1000 }));
  }

  #takeResponse(response: Jssip.IncomingResponse): void {
    if (response.status_code < 200) return this.#takeProvisional(response);
    if (response.status_code >= 300) {
      return this.#settle(this.#cancelWanted ? failed({ is: 'cancelled' }) : outcomeOf(responseOf(response)));
    }
    if (this.#dialog !== null) {
      // The same 2xx again means that our ACK was lost. Another To tag is another endpoint that took the call (MPO-4).
      return response.to_tag === this.#dialog.id.remote_tag ? this.#acknowledge(this.#dialog) : this.#hangUp(response);
    }
    // The 200 crossed our CANCEL: take it and hang up (RFC 3261 §9.1).
    if (this.#state === 'ended' || this.#cancelWanted) {
      this.#hangUp(response);
      return this.#settle(failed({ is: 'cancelled' }));
    }
    const dialog = new JssipDialog(this, response, 'UAC');
    if (dialog.error !== undefined) return this.#settle(failed({ is: 'malformed', what: 'Contact' }));
    this.#dialog = dialog;
    this.#peerEpid = epidOf(response.getHeader('To'));
    this.#become('established');
    this.#acknowledge(dialog);
    this.#settle({ ok: true, value: responseOf(response) });
  }

  #takeProvisional(response: Jssip.IncomingResponse): void {
    if (this.#state === 'calling') this.#become('ringing');
    if (this.#cancelWanted) return this.#sendCancel();
    if (response.status_code > 100) this.#handlers.onRinging?.(responseOf(response));
  }

  #acknowledge(dialog: Jssip.Dialog): void {
    new JssipRequestSender(this._ua, this.#inDialog(dialog, 'ACK'), {}).send();
  }

  /** A 2xx that we do not want: ACK, then BYE. */
  #hangUp(response: Jssip.IncomingResponse): void {
    const dialog = new JssipDialog(this, response, 'UAC');
    if (dialog.error !== undefined) return;
    this.#acknowledge(dialog);
    void this.#transact(dialog, this.#inDialog(dialog, 'BYE'), byeAnsweredWithinMs);
    dialog.terminate();
  }

  /** Withdraws an INVITE that is not answered yet. */
  cancel(): void {
    if (this.#outgoing === null || this.#cancelWanted || this.isEstablished) return;
    this.#cancelWanted = true;
    if (this.#state === 'ringing') this.#sendCancel();
  }

  #sendCancel(): void {
    this.#outgoing?.cancel();
    if (this.#state === 'ended') return;
    this.#stopTimer();
    // No answer to the INVITE after its CANCEL (MPO-7): RFC 3261 §9.1 lets us think it cancelled.
    const over = (): void => this.#settle(failed({ is: 'cancelled' }));
    this.#stopTimer = this._ua.world.after(cancelAnsweredWithinMs, over);
  }

  // ---- Theirs -----------------------------------------------------------------------------------------------------------

  /** An INVITE of somebody else: 180 is sent; `accept` or `reject` it. */
  static receive(ua: SipUa, request: Jssip.IncomingRequest, handlers: InviteHandlers): Invite {
    const invite = new Invite(ua, handlers, 'ringing');
    invite.#incoming = request;
    // Set before the first answer, so that all answers and the dialog carry the same tag.
    request.to_tag = ua.newTag();
    invite.#peerEpid = epidOf(request.getHeader('From'));
    ua.addPending(request.via_branch, {
      takeCancel: (cancel) => {
        ua.replyTo(request)(487, 'Request Terminated');
        const { cause } = parseReason(cancel.header('Reason') ?? '');
        invite.#end({ is: 'cancelled', elsewhere: cause === 200 });
      },
    });
    request.server_transaction.on('stateChanged', () => {
      // The connection broke while it rang.
      if (!ua.transport.isConnected() && invite.#state === 'ringing') invite.#end({ is: 'lost' });
    });
    ua.replyTo(request)(180, 'Ringing');
    return invite;
  }

  /** False when it cannot be accepted any more. `headers` are whole lines. */
  accept(contact: string, headers: readonly string[] = [], content?: Content): boolean {
    const request = this.#incoming;
    if (request === null || this.#state !== 'ringing') return false;
    const dialog = new JssipDialog(this, request, 'UAS');
    if (dialog.error !== undefined) {
      this.reject(400, 'Missing Contact');
      return false;
    }
    this._ua.removePending(request.via_branch);
    this.#dialog = dialog;
    this.#become('accepted');
    const reply = this._ua.replyTo(request);
    const answer = (): void => reply(200, 'OK', [`Contact: <${contact}>`, ...headers], content);
    answer();
    this.#repeatUntilAcknowledged(answer, t1Ms, t1Ms);
    return true;
  }

  /** RFC 3261 §13.3.1.4: the 2xx is repeated here, not by the transaction; after 64·T1 without ACK the dialog ends. */
  #repeatUntilAcknowledged(answer: () => void, waitMs: number, elapsedMs: number): void {
    this.#stopTimer = this._ua.world.after(waitMs, () => {
      if (elapsedMs >= 64 * t1Ms) {
        this.#sayBye();
        return this.#end({ is: 'lost' });
      }
      answer();
      const next = Math.min(waitMs * 2, t2Ms);
      this.#repeatUntilAcknowledged(answer, next, elapsedMs + next);
    });
  }

  reject(status: number, reason: string, headers: readonly string[] = [], content?: Content): void {
    if (this.#incoming === null || this.#state !== 'ringing') return;
    this._ua.replyTo(this.#incoming)(status, reason, headers, content);
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
    if (!this._ua.isLive) return failed({ is: 'offline' });
    return this.#transact(this.#dialog, this.#inDialog(this.#dialog, method, headers, content), timeoutMs);
  }

  #transact(dialog: Jssip.Dialog, request: Jssip.OutgoingRequest, timeoutMs: number): Promise<Outcome<SipResponse>> {
    const onAuthenticated = (cseq: number): void => {
      dialog.local_seqnum = Math.max(dialog.local_seqnum, cseq);
    };
    return this._ua.transact(request, { timeoutMs, onAuthenticated });
  }

  #inDialog(
    dialog: Jssip.Dialog,
    method: string,
    headers: readonly string[] = [],
    content?: Content,
  ): Jssip.OutgoingRequest {
    const lines = headers.map(oneLine);
    if (content !== undefined) lines.push(`Content-Type: ${oneLine(content.contentType)}`);
    const request = dialog._createRequest(method, lines, content?.body.toWellFormed() ?? null);
    return this._ua.withEpid(request, this.#peerEpid);
  }

  #sayBye(headers: readonly string[] = []): void {
    if (this.#dialog === null) return;
    void this.#transact(this.#dialog, this.#inDialog(this.#dialog, 'BYE', headers), byeAnsweredWithinMs);
  }

  /** BYE, CANCEL or 603, whichever the state asks for. */
  end(headers: readonly string[] = []): void {
    switch (this.#state) {
      case 'calling':
        return this.cancel();
      case 'ringing':
        return this.#incoming === null ? this.cancel() : this.reject(603, 'Decline', headers);
      case 'accepted':
      case 'established':
        this.#sayBye(headers);
        return this.#end({ is: 'local' });
      case 'ended':
        return;
    }
  }

  /** Called by JsSIP's Dialog, which has checked the CSeq. */
  receiveRequest(request: Jssip.IncomingRequest): void {
    if (request.method === 'ACK') {
      if (this.#state === 'accepted') this.#become('established');
      return;
    }
    const reply = this._ua.replyTo(request);
    if (request.method === 'BYE') {
      reply(200, 'OK');
      return this.#end({ is: 'bye', request: requestOf(request) });
    }
    // We send no re-INVITE and take none, so there is no glare: IM has nothing to renegotiate.
    if (request.method === 'INVITE') return reply(488, 'Not Acceptable Here');
    if (request.method === 'UPDATE' || request.method === 'OPTIONS') return reply(200, 'OK');
    this._ua.guard(request, () => this.#handlers.onRequest(requestOf(request), reply));
  }
}

function epidOf(address: string | undefined): string {
  return parseNameAddr(address ?? '')?.params.get('epid') ?? '';
}
