import { hasToken } from '../src/protocol/sip/headers';
import type { Content, Endpoint, HeaderLines, Reply, RoleContext, RoleDialog, RoleRequest } from './role';

/** A document of an event package, with headers of its own where the package wants them. */
export interface EventDocument {
  contentType: string;
  body: string;
  headers?: HeaderLines;
}

export interface EventPackage {
  /** As in the `Event` header. */
  event: string;
  /** Longest life of a subscription, and the one given when none is asked for. */
  maxSeconds: number;
}

export interface SubscriptionParts {
  /** The state to begin with; also given to a refresh that asks for nothing else. */
  document(request: RoleRequest): EventDocument | null;
  /** A SUBSCRIBE in the dialog: what it is told. */
  refresh?(request: RoleRequest): EventDocument | null;
  ended?(): void;
}

/** How long a subscription outlives its last refresh, for answers on the way. */
const graceMs = 32_000;

/** The headers of a 200 that carries the first document (`lync-wire` 2.1, PRV-1); each `Supported` on a line of its own. */
const piggybackHeaders: HeaderLines = [
  ['ms-piggyback-cseq', '1'],
  ['Supported', 'com.microsoft.autoextend'],
  ['Supported', 'ms-piggyback-first-notify'],
  ['Supported', 'ms-benotify'],
];

/**
 * The server end of one subscription. Rule WSS-1: a client that lists `ms-piggyback-first-notify` gets the first document in
 * the 200, one that lists `ms-benotify` gets BENOTIFY; others get the NOTIFY of RFC 6665.
 */
export class EventSubscription {
  readonly watcher: Endpoint;
  readonly #context: RoleContext;
  readonly #package: EventPackage;
  readonly #parts: SubscriptionParts;
  readonly #dialog: RoleDialog;
  readonly #benotify: boolean;
  #seconds: number;
  #isOver = false;
  #stopTimer: () => void = () => undefined;

  private constructor(
    context: RoleContext,
    eventPackage: EventPackage,
    request: RoleRequest,
    parts: SubscriptionParts,
    seconds: number,
  ) {
    this.watcher = request.from;
    this.#context = context;
    this.#package = eventPackage;
    this.#parts = parts;
    this.#seconds = seconds;
    this.#benotify = hasToken(request.values('Supported'), 'ms-benotify');
    const contact = `sip:${context.serverUri};transport=tls`;
    this.#dialog = context.createDialog(request, { uri: request.to, contact }, (later, reply) =>
      this.#take(later, reply),
    );
    this.#dialog.onGone(() => this.#over());
    this.#live();
  }

  /** Answers a SUBSCRIBE. `null` when it was a poll (PRS-13), which leaves nothing behind. */
  static accept(
    context: RoleContext,
    eventPackage: EventPackage,
    request: RoleRequest,
    reply: Reply,
    parts: SubscriptionParts,
  ): EventSubscription | null {
    const asked = Number.parseInt(request.header('Expires') ?? '', 10);
    const seconds = Number.isFinite(asked)
      ? Math.min(Math.max(asked, 0), eventPackage.maxSeconds)
      : eventPackage.maxSeconds;
    const document = parts.document(request);
    if (seconds === 0) {
      answer(reply, eventPackage, 0, document);
      return null;
    }
    const subscription = new EventSubscription(context, eventPackage, request, parts, Math.max(seconds, 60));
    if (hasToken(request.values('Supported'), 'ms-piggyback-first-notify')) {
      answer(reply, eventPackage, subscription.#seconds, document);
    } else {
      answer(reply, eventPackage, subscription.#seconds, null);
      subscription.#send(`active;expires=${subscription.#seconds}`, document);
    }
    return subscription;
  }

  /** Tells a change; it also renews the subscription (autoextend, [MS-SIP] 3.6). */
  tell(document: EventDocument): void {
    if (this.#isOver) return;
    this.#live();
    this.#send(`active;expires=${this.#seconds}`, document);
  }

  /** Ends it from here. */
  end(reason: string, document: EventDocument | null = null): void {
    if (this.#isOver) return;
    this.#send(`terminated;reason=${reason};expires=0`, document);
    this.#over();
  }

  #send(state: string, document: EventDocument | null): void {
    const headers: HeaderLines = [
      ['Event', this.#package.event],
      ['subscription-state', state],
      ...(document?.headers ?? []),
    ];
    const content: Content =
      document === null ? { headers } : { headers, contentType: document.contentType, body: document.body };
    if (this.#benotify) {
      this.#dialog.tell('BENOTIFY', content);
      return;
    }
    void this.#dialog.request('NOTIFY', content).then(({ status }) => {
      if (status === 481 || status === 489) this.#over();
    });
  }

  #take(request: RoleRequest, reply: Reply): void {
    if (request.method !== 'SUBSCRIBE') return reply(501, 'Not Implemented');
    const asked = Number.parseInt(request.header('Expires') ?? '', 10);
    if (asked === 0) {
      answer(reply, this.#package, 0, null);
      if (!this.#benotify) this.#send('terminated;reason=timeout;expires=0', null);
      return this.#over();
    }
    if (Number.isFinite(asked)) this.#seconds = Math.max(60, Math.min(asked, this.#package.maxSeconds));
    this.#live();
    const document = (this.#parts.refresh ?? this.#parts.document)(request);
    answer(reply, this.#package, this.#seconds, document);
  }

  #live(): void {
    this.#stopTimer();
    this.#stopTimer = this.#context.after(this.#seconds * 1000 + graceMs, () => this.end('timeout'));
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopTimer();
    this.#dialog.end();
    this.#parts.ended?.();
  }
}

function answer(reply: Reply, { event }: EventPackage, seconds: number, document: EventDocument | null): void {
  const headers: HeaderLines = [
    ['Expires', String(seconds)],
    ['Event', event],
    ['subscription-state', seconds === 0 ? 'terminated;expires=0' : `active;expires=${seconds}`],
    ...(document?.headers ?? []),
    ...piggybackHeaders,
  ];
  reply(
    200,
    'OK',
    document === null ? { headers } : { headers, contentType: document.contentType, body: document.body },
  );
}
