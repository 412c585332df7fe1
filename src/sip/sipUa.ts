import { failed, type Outcome } from '../domain/failure';
import type { World } from '../world';
import {
  checkTransaction,
  InviteServerTransaction,
  JssipRequestSender,
  JssipUa,
  jssipUri,
  NonInviteServerTransaction,
  OutgoingRequest,
} from './jssip';
import {
  type Content,
  outcomeOf,
  requestOf,
  responseOf,
  type SipReply,
  type SipRequest,
  type SipResponse,
} from './sipMessages';

/** Takes requests outside a dialog of one method. */
export type RequestHandler = (request: SipRequest, reply: SipReply) => void;

/** Takes the notifications of one subscription, found by Call-ID. `answer` is absent for BENOTIFY, which nobody answers. */
export type NotificationHandler = (request: SipRequest, answer: SipReply | null) => void;

/** An INVITE that rings: what CANCEL ends. */
export interface PendingInvite {
  takeCancel(request: SipRequest): void;
}

export interface RequestOptions {
  headers?: readonly string[];
  content?: Content | undefined;
  timeoutMs?: number;
  callId?: string;
  cseq?: number;
  fromTag?: string;
  to?: string;
  toTag?: string;
  /** Parameters after the To tag, e.g. the peer's epid (FRM-6). */
  toTrail?: string;
}

const defaultTimeoutMs = 32_000;

/**
 * JsSIP's UA, routing what arrives before JsSIP's own defaults answer it (405 to SERVICE and BENOTIFY, 200 to a MESSAGE
 * nobody has kept, an RTCSession for every INVITE).
 */
export class SipUa extends JssipUa {
  readonly world: World;
  readonly epid: string;
  readonly #handlers = new Map<string, RequestHandler>();
  readonly #notifications = new Map<string, NotificationHandler>();
  readonly #pending = new Map<string, PendingInvite>();
  #takeInvite: (request: Jssip.IncomingRequest) => void = (request) =>
    this.replyTo(request)(488, 'Not Acceptable Here');
  #takeRegistrationNotice: (request: SipRequest) => void = () => undefined;

  constructor(configuration: object, options: { world: World; epid: string }) {
    super(configuration);
    this.world = options.world;
    this.epid = options.epid;
  }

  onRequest(method: string, handler: RequestHandler): void {
    this.#handlers.set(method, handler);
  }

  onInvite(take: (request: Jssip.IncomingRequest) => void): void {
    this.#takeInvite = take;
  }

  /** [MS-SIPREGE]: the registrar ends our registration (`Event: registration-notify`). */
  onRegistrationNotice(take: (request: SipRequest) => void): void {
    this.#takeRegistrationNotice = take;
  }

  onNotification(callId: string, handler: NotificationHandler | null): void {
    if (handler === null) this.#notifications.delete(callId);
    else this.#notifications.set(callId, handler);
  }

  addPending(branch: string, invite: PendingInvite): void {
    this.#pending.set(branch, invite);
  }

  removePending(branch: string): void {
    this.#pending.delete(branch);
  }

  override receiveRequest(request: Jssip.IncomingRequest): void {
    const { method } = request;
    if (method === 'BENOTIFY') return this.#notify(request, null);
    if (method === 'ACK') {
      if (!checkTransaction(this, request)) this.#dialogOf(request)?.receiveRequest(request);
      return;
    }
    if (method === 'CANCEL') {
      const pending = this.#pending.get(request.via_branch);
      if (!checkTransaction(this, request)) pending?.takeCancel(requestOf(request));
      return;
    }
    if (!this.#begin(request)) return;
    if (method === 'NOTIFY') return this.#notify(request, this.replyTo(request));
    if (request.to_tag) return this.#inDialog(request);
    if (method === 'INVITE') return this.#takeInvite(request);
    if (method === 'OPTIONS') return this.replyTo(request)(200, 'OK');
    const handler = this.#handlers.get(method);
    const reply = this.replyTo(request);
    if (handler === undefined)
      return reply(405, 'Method Not Allowed', [
        'Allow: INVITE, ACK, BYE, CANCEL, MESSAGE, INFO, NOTIFY, BENOTIFY, OPTIONS',
      ]);
    handler(requestOf(request), reply);
  }

  /** What JsSIP does first with a request: is it for us, is it new; then the server transaction. */
  #begin(request: Jssip.IncomingRequest): boolean {
    const users = [this.configuration.uri.user.toLowerCase(), this.contact.uri.user.toLowerCase()];
    if (!users.includes((request.ruri.user ?? '').toLowerCase())) {
      request.reply_sl(404);
      return false;
    }
    if (checkTransaction(this, request)) return false;
    if (request.method === 'INVITE') new InviteServerTransaction(this, this.transport, request);
    else new NonInviteServerTransaction(this, this.transport, request);
    return true;
  }

  #dialogOf(request: Jssip.IncomingRequest): Jssip.Dialog | undefined {
    return request.to_tag ? this._findDialog(request.call_id, request.from_tag, request.to_tag) : undefined;
  }

  #inDialog(request: Jssip.IncomingRequest): void {
    const dialog = this.#dialogOf(request);
    if (dialog === undefined) return this.replyTo(request)(481, 'Call/Transaction Does Not Exist');
    dialog.receiveRequest(request);
  }

  #notify(request: Jssip.IncomingRequest, reply: SipReply | null): void {
    const handler = this.#notifications.get(request.call_id);
    if (handler !== undefined) return handler(requestOf(request), reply);
    // The raw header: JsSIP's grammar spoils event names with dots.
    if (/^registration-notify\b/i.test(request.getHeader('Event') ?? '')) {
      reply?.(200, 'OK');
      return this.#takeRegistrationNotice(requestOf(request));
    }
    reply?.(481, 'Subscription Does Not Exist');
  }

  /**
   * The way to answer a request with any body: JsSIP's own `reply` calls every body `application/sdp`. A tag of ours and
   * our epid go into To (FRM-6); set `request.to_tag` before for a dialog.
   */
  replyTo(request: Jssip.IncomingRequest, onLost?: () => void): SipReply {
    return (status, reason, headers = [], content) => {
      const to = request.getHeader('To') ?? '';
      const tagged =
        status === 100 || /;tag=/i.test(to) ? to : `${to};tag=${request.to_tag || this.newTag()};epid=${this.epid}`;
      const body = content?.body.toWellFormed() ?? '';
      const lines = [
        `SIP/2.0 ${status} ${reason}`,
        ...request.getHeaders('Via').map((via) => `Via: ${via}`),
        ...(request.method === 'INVITE'
          ? request.getHeaders('Record-Route').map((route) => `Record-Route: ${route}`)
          : []),
        `From: ${request.getHeader('From')}`,
        `To: ${tagged}`,
        `Call-ID: ${request.call_id}`,
        `CSeq: ${request.cseq} ${request.method}`,
        ...headers,
        ...(content === undefined ? [] : [`Content-Type: ${content.contentType}`]),
        `Content-Length: ${new TextEncoder().encode(body).length}`,
      ];
      request.server_transaction.receiveResponse(status, `${lines.join('\r\n')}\r\n\r\n${body}`, undefined, onLost);
    };
  }

  newTag(): string {
    return this.world.id().replaceAll('-', '').slice(-12);
  }

  /** Builds a request outside JsSIP's dialogs, with our epid on From. */
  outgoing(method: string, target: string, options: RequestOptions): Jssip.OutgoingRequest {
    const headers = [...(options.headers ?? [])];
    if (options.content !== undefined) headers.push(`Content-Type: ${options.content.contentType}`);
    const params = {
      ...(options.callId === undefined ? {} : { call_id: options.callId }),
      ...(options.cseq === undefined ? {} : { cseq: options.cseq }),
      ...(options.to === undefined ? {} : { to_uri: jssipUri(options.to) }),
      ...(options.toTag === undefined ? {} : { to_tag: options.toTag }),
      from_tag: options.fromTag ?? this.newTag(),
    };
    const body = options.content?.body.toWellFormed() ?? null;
    const request = new OutgoingRequest(method, jssipUri(target), this, params, headers, body);
    return this.withEpid(request, options.toTrail);
  }

  withEpid(request: Jssip.OutgoingRequest, toTrail = ''): Jssip.OutgoingRequest {
    request.setHeader('from', `${request.getHeader('from')};epid=${this.epid}`);
    if (toTrail !== '') request.setHeader('to', `${request.getHeader('to')}${toTrail}`);
    return request;
  }

  /** Sends a request and settles with its final answer: an answer below 300 is `ok`. */
  request(method: string, target: string, options: RequestOptions = {}): Promise<Outcome<SipResponse>> {
    return this.transact(this.outgoing(method, target, options), options.timeoutMs);
  }

  /** The transaction of a non-INVITE request. */
  transact(request: Jssip.OutgoingRequest, timeoutMs = defaultTimeoutMs): Promise<Outcome<SipResponse>> {
    return new Promise((resolve) => {
      if (!this.transport.isConnected()) return resolve(failed({ is: 'offline' }));
      const timedOut = () => resolve(failed({ is: 'timedOut', afterSeconds: timeoutMs / 1000 }));
      const stop = this.world.after(timeoutMs, timedOut);
      const settle = (outcome: Outcome<SipResponse>) => {
        stop();
        resolve(outcome);
      };
      new JssipRequestSender(this, request, {
        onReceiveResponse: (response) => {
          if (response.status_code >= 200) settle(outcomeOf(responseOf(response)));
        },
        onRequestTimeout: () => settle(failed({ is: 'timedOut', afterSeconds: timeoutMs / 1000 })),
        onTransportError: () => settle(failed({ is: 'connectionLost' })),
      }).send();
    });
  }
}
