import type { Failure, Outcome } from '../domain/failure';
import { parseNameAddr, parseSubscriptionState } from '../protocol/sip/headers';
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

/** [MS-SIP] 3.6, `lync-wire` 2.1: what every subscription of a Lync client announces. */
const lyncHeaders = [
  'Supported: com.microsoft.autoextend',
  'Supported: ms-benotify',
  'Proxy-Require: ms-benotify',
  'Supported: ms-piggyback-first-notify',
];

const retryMs = [1_000, 5_000, 15_000, 60_000];
const final = new Set([403, 404, 405, 415, 420, 488, 489]);

type State =
  | { is: 'idle' }
  | { is: 'pending'; dialog: SubscriptionDialog }
  | { is: 'active'; dialog: SubscriptionDialog }
  | { is: 'ended' };

interface SubscriptionDialog {
  callId: string;
  localTag: string;
  remoteTag: string;
  /** Parameters after the remote tag, e.g. `;epid=`. */
  remoteTarget: string;
  cseq: number;
}

/**
 * One subscription (RFC 6665) in the Lync manner: the first document in the 200, BENOTIFY without answers, autoextend.
 *
 *     idle ─start─► pending ─2xx─► active ─481, terminated─► pending (a new dialog)
 *                     └─403/404/489, stop─► ended ◄─stop─┘
 */
export class Subscription {
  readonly #ua: SipUa;
  readonly #options: SubscriptionOptions;
  #state: State = { is: 'idle' };
  #stopTimer: () => void = () => undefined;
  #failures = 0;

  constructor(ua: SipUa, options: SubscriptionOptions) {
    this.#ua = ua;
    this.#options = options;
  }

  /** Subscribes in a new dialog; settles with the first final answer. Later troubles are retried inside. */
  async start(): Promise<Outcome<SipResponse>> {
    this.#leaveDialog();
    const dialog = {
      callId: this.#ua.world.id(),
      localTag: this.#ua.newTag(),
      remoteTag: '',
      remoteTarget: this.#options.target,
      cseq: 0,
    };
    this.#state = { is: 'pending', dialog };
    // Before the request leaves: a notification may overtake the 200.
    this.#ua.onNotification(dialog.callId, (request, answer) => this.#takeNotification(dialog, request, answer));
    return this.#subscribe(dialog, this.#options.body?.());
  }

  /** SUBSCRIBE in the dialog, with a body that changes what is watched; starts afresh when there is no dialog. */
  async refresh(content?: Content): Promise<Outcome<SipResponse>> {
    if (this.#state.is !== 'active') return this.start();
    return this.#subscribe(this.#state.dialog, content);
  }

  /** Unsubscribes and forgets. Settles when the server has answered or cannot. */
  async stop(): Promise<void> {
    const state = this.#state;
    this.#leaveDialog();
    this.#state = { is: 'ended' };
    if (state.is === 'active') await this.#send(state.dialog, undefined, ['Expires: 0'], 2_000);
  }

  #leaveDialog(): void {
    this.#stopTimer();
    if (this.#state.is === 'pending' || this.#state.is === 'active')
      this.#ua.onNotification(this.#state.dialog.callId, null);
  }

  #send(dialog: SubscriptionDialog, content: Content | undefined, headers: readonly string[] = [], timeoutMs = 20_000) {
    dialog.cseq += 1;
    return this.#ua.request('SUBSCRIBE', dialog.remoteTarget, {
      to: this.#options.target,
      callId: dialog.callId,
      cseq: dialog.cseq,
      fromTag: dialog.localTag,
      ...(dialog.remoteTag === '' ? {} : { toTag: dialog.remoteTag }),
      headers: [
        `Contact: <${this.#options.contact()}>`,
        `Event: ${this.#options.event}`,
        `Accept: ${this.#options.accept.join(', ')}`,
        ...lyncHeaders,
        ...(this.#options.headers ?? []),
        ...headers,
      ],
      content,
      timeoutMs,
    });
  }

  async #subscribe(dialog: SubscriptionDialog, content: Content | undefined): Promise<Outcome<SipResponse>> {
    const outcome = await this.#send(dialog, content);
    if (!this.#isCurrent(dialog)) return outcome;
    if (!outcome.ok) {
      this.#refused(outcome.failure);
      return outcome;
    }
    const response = outcome.value;
    const to = parseNameAddr(response.header('To') ?? '');
    dialog.remoteTag = to?.params.get('tag') ?? dialog.remoteTag;
    dialog.remoteTarget = parseNameAddr(response.header('Contact') ?? '')?.uri ?? dialog.remoteTarget;
    this.#failures = 0;
    this.#state = { is: 'active', dialog };
    this.#refreshIn(Number.parseInt(response.header('Expires') ?? '', 10) || 3600);
    if (response.body !== '') this.#document(response);
    return outcome;
  }

  #isCurrent(dialog: SubscriptionDialog): boolean {
    return (this.#state.is === 'pending' || this.#state.is === 'active') && this.#state.dialog === dialog;
  }

  #refused(failure: Failure): void {
    if (failure.is === 'rejected' && final.has(failure.status)) {
      this.#leaveDialog();
      this.#state = { is: 'ended' };
      this.#options.onEnded?.(failure);
      return;
    }
    // A lost connection starts afresh when registered again; until then nothing can be sent.
    if (failure.is === 'connectionLost' || failure.is === 'offline') return;
    const isStale = failure.is === 'rejected' && failure.status === 481;
    const wait =
      isStale && this.#failures === 0 ? 0 : (retryMs[Math.min(this.#failures, retryMs.length - 1)] ?? 60_000);
    const retryAfterMs = failure.is === 'rejected' ? (failure.retryAfterSeconds ?? 0) * 1000 : 0;
    this.#failures += 1;
    this.#stopTimer();
    this.#stopTimer = this.#ua.world.after(Math.max(wait, retryAfterMs), () => void this.start());
  }

  #refreshIn(expiresSeconds: number): void {
    this.#stopTimer();
    const seconds = Math.max(10, expiresSeconds > 240 ? expiresSeconds - 120 : expiresSeconds / 2);
    this.#stopTimer = this.#ua.world.after(seconds * 1000, () => void this.refresh());
  }

  #takeNotification(dialog: SubscriptionDialog, request: SipRequest, answer: SipReply | null): void {
    if (!this.#isCurrent(dialog) || request.toTag !== dialog.localTag)
      return answer?.(481, 'Subscription Does Not Exist');
    const state = parseSubscriptionState(request.header('Subscription-State') ?? 'active');
    const isReadable = request.body === '' || this.#document(request);
    answer?.(isReadable ? 200 : 400, isReadable ? 'OK' : 'Bad Request');
    if (state.state === 'terminated') return this.#terminated(state.reason);
    // Autoextend: each notification renews the subscription ([MS-SIP] 3.6).
    if (this.#state.is === 'active') this.#refreshIn(state.expiresSeconds ?? 3600);
  }

  #terminated(reason: string | null): void {
    if (reason === 'noresource' || reason === 'rejected') {
      this.#leaveDialog();
      this.#state = { is: 'ended' };
      this.#options.onEnded?.(null);
      return;
    }
    this.#refused({ is: 'rejected', status: 481, reason: 'terminated' });
  }

  #document(source: SipRequest | SipResponse): boolean {
    try {
      this.#options.onDocument(parseBody(source.contentType, source.body), source);
      return true;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'MalformedBody') throw error;
      this.#options.onMalformed?.(error);
      return false;
    }
  }
}
