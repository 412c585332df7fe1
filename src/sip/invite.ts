import { failed, type Outcome } from '../domain/failure';
import { toldBy } from '../domain/provenance';
import { parseReason } from '../protocol/sip/headers';
import { AwaitedAck } from './awaitedAck';
import type { InviteEnd, InviteHandlers } from './inviteHandlers';
import { InitialOutgoingInviteRequest, JssipDialog, JssipRequestSender, jssipUri } from './jssip';
import { OwnAck } from './ownAck';
import { Reinvites } from './reinvites';
import { oneLine } from './reply';
import { type Content, epidOf, outcomeOf, type SipResponse } from './sipMessages';
import type { SipUa } from './sipUa';

export interface OutgoingInviteOptions {
  target: string;
  contact: string;
  /** Whole lines. */
  headers?: readonly string[];
  /** `null` asks the callee to offer in its 2xx; `acknowledge` then answers in the ACK (RFC 3261 §13.2.1). */
  content: Content | null;
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

const cancelAnsweredWithinMs = 32_000;
const byeAnsweredWithinMs = 5_000;

/**
 * One INVITE dialog with any text body, ours or theirs: IM, conference invitation, focus, MCU (never JsSIP's RTCSession).
 *
 *     calling ─1xx─► ringing ─2xx─► established ─BYE─► ended        (ours; without an offer its ACK waits for our answer)
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
  #isTaken = false;
  #settle: (outcome: Outcome<SipResponse>) => void = () => undefined;
  #peerEpid = '';
  #contact = '';
  #ownAck: OwnAck | null = null;
  #awaitedAck: AwaitedAck | null = null;
  readonly #reinvites: Reinvites;
  #stopTimer: () => void = () => undefined;

  private constructor(ua: SipUa, handlers: InviteHandlers, state: State) {
    this._ua = ua;
    this.#handlers = handlers;
    this.#state = state;
    this.#reinvites = new Reinvites({
      ua,
      contact: () => this.#contact,
      create: (content, headers) =>
        this.#dialog && this.#state === 'established' ? this.#inDialog(this.#dialog, 'INVITE', headers, content) : null,
      acknowledge: (response, answer) => this.#acknowledge(response, answer),
      onOffer: handlers.onOffer ?? null,
      onLost: () => this.#lose(),
    });
    ua.dialogs.add(this);
  }

  /** Decides between two INVITEs that cross. */
  get callId(): string {
    return this.#outgoing?.call_id ?? this.#incoming?.call_id ?? '';
  }

  /** The peer's Contact (its GRUU) while the dialog stands. */
  get remoteTarget(): string | null {
    return this.#dialog === null || !this.isEstablished ? null : String(this.#dialog._remote_target);
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
    this.#awaitedAck?.stop();
    this.#reinvites.stop();
    this.#dialog?.terminate();
    this.#dialog = null;
    this.#handlers.onEnded(end);
  }

  /** Our 2xx was not acknowledged in 32 s. */
  #lose(): void {
    this.#sayBye();
    this.#end({ is: 'lost' });
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
    const { contact, content } = options;
    this.#contact = contact;
    const headers = [
      `Contact: <${contact}>`,
      ...(options.headers ?? []).map(oneLine),
      ...(content === null ? [] : [`Content-Type: ${oneLine(content.contentType)}`]),
    ];
    const body = content?.body.toWellFormed() ?? null;
    this.#ownAck = new OwnAck(content === null, (response, answer) => this.#acknowledge(response, answer));
    // JsSIP takes an INVITE whose Call-ID begins as its own do for a loop, but SIPE calls back under the one it was called by.
    const ids = { from_tag: this._ua.newTag(), call_id: this._ua.world.id() };
    const request = new InitialOutgoingInviteRequest(jssipUri(options.target), this._ua, ids, headers, body);
    this.#outgoing = this._ua.withEpid(request);
    return new Promise((resolve) => {
      this.#settle = (outcome) => {
        resolve(outcome);
        if (outcome.ok) return;
        const { failure } = outcome;
        this.#end(failure.is === 'cancelled' ? { is: 'local' } : { is: 'refused', failure });
      };
      if (!this._ua.isLive) return queueMicrotask(() => this.#settle(failed({ is: 'offline' })));
      let sent = 0;
      this.#stopTimer = this._ua.world.after(options.timeoutMs, () => this.#giveUp(options.timeoutMs, sent));
      new JssipRequestSender(this._ua, request, {
        onReceiveResponse: (response) => this.#takeResponse(response),
        onRequestTimeout: () => this.#settle(failed({ is: 'timedOut', afterSeconds: 32, ...toldBy(sent) })),
        onTransportError: () => this.#settle(failed({ is: 'connectionLost', ...toldBy(sent) })),
        // JsSIP has cloned it: the old one cannot be cancelled any more.
        onAuthenticated: (again) => {
          this.#outgoing = again;
        },
      }).send();
      sent = this._ua.sentFrame;
    });
  }

  #giveUp(timeoutMs: number, sent: number): void {
    this.cancel();
    this.#settle(failed({ is: 'timedOut', afterSeconds: timeoutMs / 1000, ...toldBy(sent) }));
  }

  #takeResponse(response: Jssip.IncomingResponse): void {
    if (response.status_code < 200) return this.#takeProvisional(response);
    if (response.status_code >= 300) {
      return this.#settle(this.#cancelWanted ? failed({ is: 'cancelled' }) : outcomeOf(this._ua.responseOf(response)));
    }
    if (this.#dialog !== null) {
      // The same 2xx again means that our ACK was lost. Another To tag is another endpoint that took the call (MPO-4).
      return response.to_tag === this.#dialog.id.remote_tag ? this.#ownAck?.take(response) : this.#hangUp(response);
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
    this.#ownAck?.take(response);
    this.#settle({ ok: true, value: this._ua.responseOf(response) });
  }

  #takeProvisional(response: Jssip.IncomingResponse): void {
    if (this.#state === 'calling') this.#become('ringing');
    if (this.#cancelWanted) return this.#sendCancel();
    if (response.status_code > 100) this.#handlers.onRinging?.(this._ua.responseOf(response));
  }

  /** Answers, in the ACK, the offer that came in the 2xx to an INVITE or re-INVITE without one. */
  acknowledge(answer?: Content): void {
    this.#ownAck?.release(answer);
    this.#reinvites.acknowledge(answer);
  }

  #acknowledge(response: Jssip.IncomingResponse, content?: Content, dialog = this.#dialog): void {
    if (dialog === null) return;
    // A 2xx may come again after a later INVITE; its ACK has its own number.
    dialog._outgoing_ack_seqnum = response.cseq;
    new JssipRequestSender(this._ua, this.#inDialog(dialog, 'ACK', [], content), {}).send();
  }

  /** A 2xx that we do not want: ACK, then BYE. */
  #hangUp(response: Jssip.IncomingResponse): void {
    const dialog = new JssipDialog(this, response, 'UAC');
    if (dialog.error !== undefined) return;
    this.#acknowledge(response, undefined, dialog);
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
      callId: request.call_id,
      fromTag: request.from_tag,
      isTaken: () => invite.#isTaken,
      takeCancel: (cancel) => {
        ua.replyTo(request)(487, 'Request Terminated');
        invite.#end({ is: 'cancelled', elsewhere: parseReason(cancel.header('Reason') ?? '').cause === 200 });
      },
    });
    request.server_transaction.on('stateChanged', () => {
      // The connection broke while it rang.
      if (!ua.transport.isConnected() && invite.#state === 'ringing') invite.#end({ is: 'lost' });
    });
    ua.replyTo(request)(180, 'Ringing');
    return invite;
  }

  /** The person says yes; `accept` follows when what came with it is kept. */
  take(): void {
    this.#isTaken = true;
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
    this.#contact = contact;
    this.#become('accepted');
    const lines = [`Contact: <${contact}>`, ...headers];
    const answer = (): void => this._ua.replyTo(request)(200, 'OK', lines, content);
    this.#awaitedAck = new AwaitedAck(this._ua.world, answer, () => this.#lose());
    return true;
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

  /** Offers a change, or with `null` asks for an offer; settles with the final answer. After 491 wait, and offer anew. */
  reinvite(content: Content | null, headers: readonly string[] = []): Promise<Outcome<SipResponse>> {
    return this.#reinvites.send(content, headers);
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
    content?: Content | null,
  ): Jssip.OutgoingRequest {
    const lines = [...headers, ...(content ? [`Content-Type: ${content.contentType}`] : [])].map(oneLine);
    const request = dialog._createRequest(method, lines, content?.body.toWellFormed() ?? null);
    return this._ua.withEpid(request, this.#peerEpid);
  }

  #sayBye(headers: readonly string[] = []): void {
    if (this.#dialog === null) return;
    this.acknowledge();
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
      this.#reinvites.acknowledged(request.cseq);
      if (this.#state !== 'accepted') return;
      this.#awaitedAck?.stop();
      this.#become('established');
      return this.#handlers.onAcknowledged?.();
    }
    const reply = this._ua.replyTo(request);
    if (request.method === 'BYE') {
      reply(200, 'OK');
      return this.#end({ is: 'bye', request: this._ua.requestOf(request) });
    }
    if (request.method === 'INVITE') return this.#reinvites.receive(request);
    if (request.method === 'UPDATE' || request.method === 'OPTIONS') return reply(200, 'OK');
    this._ua.guard(request, () => this.#handlers.onRequest(this._ua.requestOf(request), reply));
  }
}
