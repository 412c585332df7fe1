import { type Failure, failed, type Outcome } from '../domain/failure';
import { MalformedBody } from '../protocol/malformed';
import { hasToken, parseNameAddr, parseSeconds, parseSubscriptionState, splitCommas } from '../protocol/sip/headers';
import { type Part, parseBody } from '../protocol/sip/multipart';
import type { Content, SipReply, SipRequest, SipResponse } from './sipMessages';
import type { SipUa } from './sipUa';

export interface SubscriptionOptions {
  /** Request-URI and To. */
  target: string;
  /** The event package, as written in the header. */
  event: string;
  accept: readonly string[];
  headers?: readonly string[];
  contact: () => string;
  /** The body of the first SUBSCRIBE of every dialog. */
  body?: () => Content | undefined;
  /** A document arrived: in the 200 (piggy-backed) or a notification. Throws `MalformedBody` on nonsense. */
  onDocument(parts: readonly Part[], source: SipRequest | SipResponse): void;
  /** It ended for good: refused, or terminated with a reason that forbids another try. */
  onEnded?(failure: Failure | null): void;
  /** A document could not be read; the subscription lives on. */
  onMalformed?(error: Error): void;
}

/** [MS-SIP] 3.6, `lync-wire` 2.1: what this class can do, and what every subscription of a Lync client announces. */
const autoextend = 'com.microsoft.autoextend';
const abilities = [
  `Supported: ${autoextend}`,
  'Supported: ms-benotify',
  'Proxy-Require: ms-benotify',
  'Supported: ms-piggyback-first-notify',
];

const retryMs = [1_000, 5_000, 15_000, 60_000];
/** A dialog that lived this long was not part of a row of failures. */
const soundAfterMs = 60_000;
/** Answers that another try would get again. */
const final = new Set([403, 404, 405, 415, 420, 488, 489]);
const assumedSeconds = 3_600;

interface SubscriptionDialog {
  callId: string;
  localTag: string;
  remoteTag: string;
  remoteTarget: string;
  routeSet: readonly string[];
  cseq: number;
  /** Epoch ms. */
  began: number;
  /** What the server granted last, in seconds; each notification grants it anew when the server autoextends. */
  expires: number;
  autoextends: boolean;
}

type State =
  | { is: 'idle' }
  | { is: 'pending'; dialog: SubscriptionDialog; answered: Promise<Outcome<SipResponse>> }
  | { is: 'active'; dialog: SubscriptionDialog }
  /** No dialog: the next one begins after a wait, or when we are registered again. */
  | { is: 'waiting' }
  | { is: 'ended' };

const moves: Record<State['is'], readonly State['is'][]> = {
  idle: ['pending', 'ended'],
  pending: ['active', 'waiting', 'pending', 'ended'],
  active: ['waiting', 'pending', 'ended'],
  waiting: ['pending', 'ended'],
  ended: ['pending'],
};

/**
 * One subscription (RFC 6665) in the Lync manner: the first document in the 200, BENOTIFY without answers, autoextend.
 *
 *     idle ─start─► pending ─2xx─► active ─481, terminated─► waiting ─► pending (a new dialog)
 *                     │  └─5xx, silence─► waiting               any ─registered again─► pending
 *                     └─403, 404, 489; noresource, rejected; stop─► ended
 */
export class Subscription {
  readonly #ua: SipUa;
  readonly #options: SubscriptionOptions;
  readonly #living = { resume: () => this.#resume(), end: () => void this.stop() };
  #state: State = { is: 'idle' };
  #stopTimer: () => void = () => undefined;
  #failures = 0;

  constructor(ua: SipUa, options: SubscriptionOptions) {
    this.#ua = ua;
    this.#options = options;
  }

  #become(next: State): void {
    const { is: from } = this.#state;
    if (!moves[from].includes(next.is)) throw new Error(`subscription: ${from} cannot become ${next.is}`);
    this.#stopTimer();
    const before = this.#dialog;
    this.#state = next;
    if (next.is === 'ended') this.#ua.dialogs.delete(this.#living);
    else this.#ua.dialogs.add(this.#living);
    if (before !== null && before !== this.#dialog) this.#ua.onNotification(before.callId, null);
  }

  get #dialog(): SubscriptionDialog | null {
    return this.#state.is === 'pending' || this.#state.is === 'active' ? this.#state.dialog : null;
  }

  /** A dialog stands: `refresh` goes into it. */
  get isActive(): boolean {
    return this.#state.is === 'active';
  }

  /**
   * Subscribes in a new dialog; settles with the first final answer. Later troubles are retried inside. When it is on its
   * way already, that answer is the outcome.
   */
  start(): Promise<Outcome<SipResponse>> {
    return this.#state.is === 'pending' ? this.#state.answered : this.#begin();
  }

  /** Registered on a new connection: everything that is wanted begins afresh. */
  #resume(): void {
    this.#failures = 0;
    void this.#begin();
  }

  #begin(): Promise<Outcome<SipResponse>> {
    const dialog: SubscriptionDialog = {
      callId: this.#ua.world.id(),
      localTag: this.#ua.newTag(),
      remoteTag: '',
      remoteTarget: this.#options.target,
      routeSet: [],
      cseq: 0,
      began: this.#ua.world.now(),
      expires: assumedSeconds,
      autoextends: false,
    };
    // Before the request leaves: a notification may overtake the 200.
    this.#ua.onNotification(dialog.callId, (request, answer) => this.#takeNotification(dialog, request, answer));
    const answered = this.#subscribe(dialog, this.#options.body?.());
    this.#become({ is: 'pending', dialog, answered });
    return answered;
  }

  /** SUBSCRIBE in the dialog, with a body that changes what is watched; starts afresh when there is no dialog. */
  async refresh(content?: Content): Promise<Outcome<SipResponse>> {
    return this.#state.is === 'active' ? this.#subscribe(this.#state.dialog, content) : this.start();
  }

  /** Unsubscribes and forgets. Settles when the server has answered or cannot. */
  async stop(): Promise<void> {
    if (this.#state.is === 'ended') return;
    const state = this.#state;
    this.#become({ is: 'ended' });
    if (state.is === 'active') await this.#send(state.dialog, undefined, ['Expires: 0'], 2_000);
  }

  #send(dialog: SubscriptionDialog, content: Content | undefined, headers: readonly string[] = [], timeoutMs = 20_000) {
    dialog.cseq += 1;
    return this.#ua.request('SUBSCRIBE', dialog.remoteTarget, {
      to: this.#options.target,
      callId: dialog.callId,
      cseq: dialog.cseq,
      fromTag: dialog.localTag,
      ...(dialog.remoteTag === '' ? {} : { toTag: dialog.remoteTag, routeSet: dialog.routeSet }),
      headers: [
        `Contact: <${this.#options.contact()}>`,
        `Event: ${this.#options.event}`,
        `Accept: ${this.#options.accept.join(', ')}`,
        ...abilities,
        ...(this.#options.headers ?? []),
        ...headers,
      ],
      content,
      timeoutMs,
      onAuthenticated: (cseq) => {
        dialog.cseq = cseq;
      },
    });
  }

  async #subscribe(dialog: SubscriptionDialog, content: Content | undefined): Promise<Outcome<SipResponse>> {
    const outcome = await this.#send(dialog, content);
    // Stopped, or begun anew, while it was on its way.
    if (this.#dialog !== dialog) return outcome;
    if (!outcome.ok) {
      this.#refused(outcome.failure);
      return outcome;
    }
    const response = outcome.value;
    if (dialog.remoteTag === '') {
      dialog.remoteTag = response.toTag;
      dialog.routeSet = response.headers('Record-Route').flatMap(splitCommas).reverse();
    }
    dialog.remoteTarget = parseNameAddr(response.header('Contact') ?? '')?.uri ?? dialog.remoteTarget;
    dialog.expires = parseSeconds(response.header('Expires')) || assumedSeconds;
    dialog.autoextends = hasToken(response.headers('Supported'), autoextend);
    if (this.#state.is === 'pending') this.#become({ is: 'active', dialog });
    this.#refreshIn(dialog.expires);
    return response.body === '' || this.#document(response)
      ? outcome
      : failed({ is: 'malformed', what: this.#options.event });
  }

  #refused(failure: Failure): void {
    if (failure.is === 'rejected' && final.has(failure.status)) return this.#end(failure);
    const lived = this.#ua.world.now() - (this.#dialog?.began ?? 0);
    if (lived >= soundAfterMs) this.#failures = 0;
    this.#become({ is: 'waiting' });
    // What was lost with the connection begins afresh when we are registered again.
    if (failure.is === 'connectionLost' || failure.is === 'offline') return;
    const isStale = failure.is === 'rejected' && failure.status === 481;
    const wait = isStale && this.#failures === 0 ? 0 : (retryMs[this.#failures] ?? 60_000);
    const retryAfterMs = failure.is === 'rejected' ? (failure.retryAfterSeconds ?? 0) * 1000 : 0;
    this.#failures += 1;
    this.#stopTimer = this.#ua.world.after(Math.max(wait, retryAfterMs), () => void this.#begin());
  }

  #end(failure: Failure | null): void {
    this.#become({ is: 'ended' });
    this.#options.onEnded?.(failure);
  }

  /** PRS-10: 120 s before the end, or at half of a short life. */
  #refreshIn(expiresSeconds: number): void {
    this.#stopTimer();
    const seconds = Math.max(10, expiresSeconds > 240 ? expiresSeconds - 120 : expiresSeconds / 2);
    this.#stopTimer = this.#ua.world.after(seconds * 1000, () => void this.refresh());
  }

  #takeNotification(dialog: SubscriptionDialog, request: SipRequest, answer: SipReply | null): void {
    if (this.#dialog !== dialog || request.toTag !== dialog.localTag) {
      return answer?.(481, 'Subscription Does Not Exist');
    }
    const isReadable = request.body === '' || this.#document(request);
    answer?.(isReadable ? 200 : 400, isReadable ? 'OK' : 'Bad Request');
    // Reading it may have ended or restarted us.
    if (this.#dialog !== dialog) return;
    const { state, expiresSeconds, reason, retryAfterSeconds } = parseSubscriptionState(
      request.header('Subscription-State') ?? 'active',
    );
    if (state === 'terminated') {
      return reason === 'noresource' || reason === 'rejected'
        ? this.#end(null)
        : this.#refused({
            is: 'rejected',
            status: 481,
            reason: 'Terminated',
            ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
          });
    }
    const extended = expiresSeconds ?? (dialog.autoextends ? dialog.expires : null);
    if (this.#state.is === 'active' && extended !== null) this.#refreshIn(extended);
  }

  #document(source: SipRequest | SipResponse): boolean {
    try {
      this.#options.onDocument(parseBody(source.contentType, source.body), source);
      return true;
    } catch (error) {
      if (!(error instanceof MalformedBody)) throw error;
      this.#options.onMalformed?.(error);
      return false;
    }
  }
}
