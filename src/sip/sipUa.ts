import { failed, type Outcome } from '../domain/failure';
import { toldBy } from '../domain/provenance';
import { MalformedBody } from '../protocol/malformed';
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
import { reconnectDelayMs } from './recovery';
import { formatReply, oneLine } from './reply';
import {
  type Content,
  outcomeOf,
  requestOf,
  responseOf,
  type SipReply,
  type SipRequest,
  type SipResponse,
} from './sipMessages';
import type { Frames } from './tracedSocket';

/** Takes requests outside a dialog of one method. It may be `async`: what it throws is answered 400 or 500. */
export type RequestHandler = (request: SipRequest, reply: SipReply) => void;

/** Takes the notifications of one subscription, found by Call-ID. `answer` is `null` for BENOTIFY, which nobody answers. */
export type NotificationHandler = (request: SipRequest, answer: SipReply | null) => void;

/** An INVITE that rings: what CANCEL ends. */
export interface PendingInvite {
  readonly callId: string;
  readonly fromTag: string;
  /** The person has said yes, and the 200 is about to leave. */
  isTaken(): boolean;
  takeCancel(request: SipRequest): void;
}

/** A dialog of ours: what begins afresh with a registration, and ends when we stop. */
export interface LivingDialog {
  resume?(): void;
  end(): void;
}

export interface RequestOptions {
  /** Whole lines: `Event: presence`. */
  headers?: readonly string[];
  content?: Content | undefined;
  /** Without a final answer after this long the outcome is `timedOut`. */
  timeoutMs?: number;
  callId?: string;
  cseq?: number;
  fromTag?: string;
  to?: string;
  toTag?: string;
  routeSet?: readonly string[];
  /** The request went out again with credentials, under this CSeq number. */
  onAuthenticated?: (cseq: number) => void;
  /** Sees the whole answer of a refusal: some carry a document (`application/msrtc-fault+xml`). */
  onRefusal?: (response: SipResponse) => void;
}

export interface SipUaOptions {
  world: World;
  epid: string;
  /** Hears of what a peer sent that could not be taken, and of what our handlers threw. */
  onFault(text: string): void;
  /** A request was not answered in time: is the other end still there? */
  onUnanswered(): void;
  /** The last frames in the log: while a message is taken, that of the message. */
  frames(): Frames;
}

const defaultTimeoutMs = 32_000;
const allow = 'Allow: INVITE, ACK, BYE, CANCEL, MESSAGE, INFO, NOTIFY, BENOTIFY, OPTIONS';

/**
 * JsSIP's UA, routing what arrives before JsSIP's own defaults answer it (405 to SERVICE and BENOTIFY, 200 to a MESSAGE
 * nobody has kept, an RTCSession for every INVITE).
 */
export class SipUa extends JssipUa {
  readonly world: World;
  readonly epid: string;
  /** True while registered: nothing but REGISTER is sent otherwise. */
  isLive = false;
  readonly dialogs = new Set<LivingDialog>();
  readonly #options: SipUaOptions;
  readonly #handlers = new Map<string, RequestHandler>();
  readonly #notifications = new Map<string, NotificationHandler>();
  readonly #pending = new Map<string, PendingInvite>();
  #attempts = 0;
  #stopReconnecting: () => void = () => undefined;
  #wasTaken = false;
  #takeInvite: (request: Jssip.IncomingRequest) => void = (request) =>
    this.replyTo(request)(488, 'Not Acceptable Here');
  #takeRegistrationNotice: (request: SipRequest) => void = () => undefined;

  constructor(configuration: object, options: SipUaOptions) {
    super(configuration);
    this.#options = options;
    this.world = options.world;
    this.epid = options.epid;
    // JsSIP waits whole seconds by its own clock, and first always the shortest time: all clients would come back at once.
    this.transport._reconnect = () => this.#reconnectLater();
    this.on('connected', () => {
      this.#attempts = 0;
    });
    this.#watchDrops();
  }

  /** A message that is being taken now, in our own words. */
  requestOf(message: Jssip.IncomingRequest): SipRequest {
    return requestOf(message, this.#options.frames().in);
  }

  responseOf(message: Jssip.IncomingResponse): SipResponse {
    return responseOf(message, this.#options.frames().in);
  }

  /** The number in the log of what was sent just now. */
  get sentFrame(): number {
    return this.#options.frames().out;
  }

  #reconnectLater(): void {
    this.#stopReconnecting();
    const wait = reconnectDelayMs(this.#attempts, this.world.random());
    this.#attempts += 1;
    this.#stopReconnecting = this.world.after(wait, () => this.transport.connect());
  }

  /** Connects now instead of waiting. */
  reconnectNow(): void {
    this.#stopReconnecting();
    this.transport.connect();
  }

  /** Stops, and closes the connection without JsSIP's two seconds of waiting: what had to be answered was. */
  shutDown(): void {
    this.isLive = false;
    this.#stopReconnecting();
    this.stop();
    this.transport.disconnect();
  }

  /** JsSIP drops a request that its grammar does not take without a word: it is told here. */
  #watchDrops(): void {
    const take = this.transport.ondata;
    this.transport.ondata = (data) => {
      this.#wasTaken = String(data.message).startsWith('SIP/2.0 ');
      take(data);
      if (!this.#wasTaken) this.#options.onFault(`refused: ${String(data.message).split('\r\n', 1)[0]}`);
    };
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
    this.#wasTaken = true;
    const { method } = request;
    if (method === 'BENOTIFY') return this.guard(request, () => this.#notify(request));
    if (method === 'ACK') {
      if (!checkTransaction(this, request)) this.#dialogOf(request)?.receiveRequest(request);
      return;
    }
    if (method === 'CANCEL') {
      const pending = this.#pending.get(request.via_branch);
      if (!checkTransaction(this, request)) pending?.takeCancel(this.requestOf(request));
      return;
    }
    if (this.#begin(request)) this.guard(request, () => this.#route(request));
  }

  /** What JsSIP does first with a request: is it for us, is it new; then the server transaction. */
  #begin(request: Jssip.IncomingRequest): boolean {
    // Without a user it names this connection, as a Lync registrar does (`lync-wire` 1.6).
    const users = [this.configuration.uri.user.toLowerCase(), this.contact.uri.user.toLowerCase(), ''];
    if (!users.includes((request.ruri.user ?? '').toLowerCase())) {
      request.reply_sl(404);
      return false;
    }
    if (checkTransaction(this, request)) return false;
    if (request.method === 'INVITE') new InviteServerTransaction(this, this.transport, request);
    else new NonInviteServerTransaction(this, this.transport, request);
    return true;
  }

  #route(request: Jssip.IncomingRequest): void {
    const { method } = request;
    if (method === 'NOTIFY') return this.#notify(request);
    const reply = this.replyTo(request);
    const handler = this.#handlers.get(method);
    const dialog = this.#dialogOf(request);
    if (dialog !== null) return dialog.receiveRequest(request);
    // A MESSAGE in no dialog of ours is one outside any to who takes those: SIPE mixes up two dialogs that crossed.
    const isStray = Boolean(request.to_tag) && (method !== 'MESSAGE' || handler === undefined);
    if (isStray) return reply(481, 'Call/Transaction Does Not Exist');
    if (method === 'BYE') return this.#takeBye(request, reply);
    if (method === 'INVITE') return this.#takeInvite(request);
    if (method === 'OPTIONS') return reply(200, 'OK', [allow]);
    if (handler === undefined) return reply(405, 'Method Not Allowed', [allow]);
    return handler(this.requestOf(request), reply);
  }

  /**
   * SIPE withdraws an INVITE that is not answered yet by a BYE without a To tag, and sends no CANCEL. It also gives one up so that
   * crossed ours (10.3), but takes the 200 to it all the same.
   */
  #takeBye(request: Jssip.IncomingRequest, reply: SipReply): void {
    const { call_id, from_tag } = request;
    const pending = [...this.#pending.values()].find((one) => one.callId === call_id && one.fromTag === from_tag);
    if (pending === undefined || pending.isTaken()) return reply(481, 'Call/Transaction Does Not Exist');
    reply(200, 'OK');
    pending.takeCancel(this.requestOf(request));
  }

  #dialogOf(request: Jssip.IncomingRequest): Jssip.Dialog | null {
    return request.to_tag ? this._findDialog(request.call_id, request.from_tag, request.to_tag) : null;
  }

  /** NOTIFY and BENOTIFY: of a subscription, of an INVITE dialog (an MCU's delivery report), or of our registration. */
  #notify(request: Jssip.IncomingRequest): void {
    const reply = this.replyTo(request);
    const handler = this.#notifications.get(request.call_id);
    if (handler !== undefined) return handler(this.requestOf(request), request.method === 'BENOTIFY' ? null : reply);
    const dialog = this.#dialogOf(request);
    // JsSIP's Dialog would answer a BENOTIFY that comes late.
    if (dialog !== null && request.method === 'BENOTIFY') return dialog.owner.receiveRequest(request);
    if (dialog !== null) return dialog.receiveRequest(request);
    // The raw header: JsSIP's grammar spoils event names with dots.
    if (/^registration-notify\b/i.test(request.getHeader('Event') ?? '')) {
      reply(200, 'OK');
      return this.#takeRegistrationNotice(this.requestOf(request));
    }
    return reply(481, 'Subscription Does Not Exist');
  }

  /** The one place where a peer's nonsense ends (400), and our handlers' own errors (500): the flow lives on. */
  guard(request: Jssip.IncomingRequest, run: () => unknown): void {
    const refuse = (error: unknown): void => {
      const isTheirs = error instanceof MalformedBody;
      this.replyTo(request)(isTheirs ? 400 : 500, isTheirs ? 'Bad Request' : 'Server Internal Error');
      const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.#options.onFault(`${request.method} answered ${isTheirs ? 400 : 500}: ${what}`);
    };
    try {
      const running = run();
      if (running instanceof Promise) running.catch(refuse);
    } catch (error) {
      refuse(error);
    }
  }

  /** How to answer a request. All answers carry the same To tag; BENOTIFY is never answered, whoever asks. */
  replyTo(request: Jssip.IncomingRequest): SipReply {
    return (status, reason, headers = [], content) => {
      if (request.method === 'BENOTIFY') return;
      request.to_tag ||= this.newTag();
      const text = formatReply(request, this.epid, { status, reason, headers, content });
      request.server_transaction.receiveResponse(status, text);
    };
  }

  newTag(): string {
    return this.world.id().replaceAll('-', '').slice(-12);
  }

  /** Builds a request outside JsSIP's dialogs, with our epid on From. */
  outgoing(method: string, target: string, options: RequestOptions): Jssip.OutgoingRequest {
    const headers = (options.headers ?? []).map(oneLine);
    if (options.content !== undefined) headers.push(`Content-Type: ${oneLine(options.content.contentType)}`);
    const params = {
      ...(options.callId === undefined ? {} : { call_id: options.callId }),
      ...(options.cseq === undefined ? {} : { cseq: options.cseq }),
      ...(options.to === undefined ? {} : { to_uri: jssipUri(options.to) }),
      ...(options.toTag === undefined ? {} : { to_tag: options.toTag }),
      ...(options.routeSet === undefined ? {} : { route_set: options.routeSet }),
      from_tag: options.fromTag ?? this.newTag(),
    };
    const body = options.content?.body.toWellFormed() ?? null;
    return this.withEpid(new OutgoingRequest(method, jssipUri(target), this, params, headers, body));
  }

  /** FRM-6: our epid after our tag and, in a dialog, the peer's after theirs. */
  withEpid(request: Jssip.OutgoingRequest, peerEpid = ''): Jssip.OutgoingRequest {
    request.setHeader('from', `${request.getHeader('from')};epid=${this.epid}`);
    if (peerEpid !== '') request.setHeader('to', `${request.getHeader('to')};epid=${peerEpid}`);
    return request;
  }

  /** Sends a request outside INVITE dialogs; settles with its final answer: an answer below 300 is `ok`. */
  async request(method: string, target: string, options: RequestOptions = {}): Promise<Outcome<SipResponse>> {
    if (!this.isLive) return failed({ is: 'offline' });
    return this.transact(this.outgoing(method, target, options), options);
  }

  /** The transaction of any request but INVITE and ACK. A connection lost on the way settles it at once. */
  transact(
    request: Jssip.OutgoingRequest,
    options: Pick<RequestOptions, 'timeoutMs' | 'onAuthenticated' | 'onRefusal'> = {},
  ): Promise<Outcome<SipResponse>> {
    const { timeoutMs = defaultTimeoutMs, onAuthenticated, onRefusal } = options;
    return new Promise((resolve) => {
      if (!this.transport.isConnected()) return resolve(failed({ is: 'offline' }));
      const began = this.world.now();
      const settle = (outcome: Outcome<SipResponse>): void => {
        stop();
        resolve(outcome);
      };
      const timedOut = (): void => {
        const afterSeconds = Math.round((this.world.now() - began) / 1000);
        settle(failed({ is: 'timedOut', afterSeconds, ...toldBy(sent) }));
        this.#options.onUnanswered();
      };
      const stop = this.world.after(timeoutMs, timedOut);
      let sent = 0;
      new JssipRequestSender(this, request, {
        onReceiveResponse: (response) => {
          if (response.status_code < 200) return;
          const answer = this.responseOf(response);
          if (answer.status >= 300) onRefusal?.(answer);
          settle(outcomeOf(answer));
        },
        // Also what JsSIP makes of a 408.
        onRequestTimeout: timedOut,
        onTransportError: () => settle(failed({ is: 'connectionLost', ...toldBy(sent) })),
        onAuthenticated: (again) => onAuthenticated?.(again.cseq),
      }).send();
      sent = this.sentFrame;
    });
  }
}
