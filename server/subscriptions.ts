import { parseNatural } from '../src/protocol/natural';
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

/** A shorter life would be all refreshes: 423 with `Min-Expires` (RFC 6665 §4.2.1.1). */
const shortestSeconds = 60;
/** How long a subscription outlives its last refresh, for answers on the way. */
const graceMs = 32_000;
const autoextend = 'com.microsoft.autoextend';
/** Answers to a NOTIFY after which nobody listens (RFC 6665 §4.2.2). */
const deaf = new Set([404, 408, 481, 489]);

/** What the client of a SUBSCRIBE can do, by its own words (WSS-1). */
interface Abilities {
  piggyback: boolean;
  benotify: boolean;
  autoextend: boolean;
}

function abilitiesOf(request: RoleRequest): Abilities {
  const lines = request.values('Supported');
  return {
    piggyback: hasToken(lines, 'ms-piggyback-first-notify'),
    benotify: hasToken(lines, 'ms-benotify'),
    autoextend: hasToken(lines, autoextend),
  };
}

/**
 * The server end of one subscription (RFC 6665, [MS-SIP] 3.4 to 3.6). Rule WSS-1: a client that lists
 * `ms-piggyback-first-notify` gets the documents of its SUBSCRIBEs in their 200, one that lists `ms-benotify` gets BENOTIFY,
 * one that lists `com.microsoft.autoextend` is renewed by each; others get the NOTIFY of RFC 6665.
 *
 *     live ─SUBSCRIBE, notification─► live ─Expires: 0, end(), time, endpoint gone─► over
 */
export class EventSubscription {
  readonly watcher: Endpoint;
  readonly #context: RoleContext;
  readonly #package: EventPackage;
  readonly #parts: SubscriptionParts;
  readonly #dialog: RoleDialog;
  readonly #abilities: Abilities;
  #seconds: number;
  /** Epoch ms. */
  #expiresAt = 0;
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
    this.#abilities = abilitiesOf(request);
    const contact = `sip:${context.serverUri};transport=tls`;
    this.#dialog = context.createDialog(request, { uri: request.to, contact }, (later, reply) =>
      this.#take(later, reply),
    );
    this.#dialog.onGone(() => this.#over());
  }

  /**
   * Answers a SUBSCRIBE: 200 with the first document, or without and a notification after it. `null` when nothing is left
   * behind: it was a poll (`Expires: 0`, PRS-13), or asked for too short a life (423).
   */
  static accept(
    context: RoleContext,
    eventPackage: EventPackage,
    request: RoleRequest,
    reply: Reply,
    parts: SubscriptionParts,
  ): EventSubscription | null {
    const seconds = lifeOf(request, eventPackage);
    if (seconds !== 0 && seconds < shortestSeconds) return refuseShort(reply);
    // First: it throws for a body that cannot be read, and then no dialog is left behind.
    const document = parts.document(request);
    const subscription = new EventSubscription(context, eventPackage, request, parts, seconds);
    if (seconds === 0) {
      subscription.#answer(reply, document);
      subscription.#over();
      return null;
    }
    subscription.#live();
    subscription.#answer(reply, document);
    return subscription;
  }

  /** Tells a change; it also renews the subscription of who autoextends ([MS-SIP] 3.6, PRS-10). */
  tell(document: EventDocument): void {
    if (this.#isOver) return;
    if (this.#abilities.autoextend) this.#live();
    this.#notify(document);
  }

  /** Ends it from here, with a last notification. */
  end(reason: string, document: EventDocument | null = null, headers: HeaderLines = []): void {
    if (this.#isOver) return;
    this.#send(`terminated;reason=${reason};expires=0`, document, headers);
    this.#over();
  }

  /** 200 to a SUBSCRIBE: each `Supported` on a line of its own (`lync-wire` 2.1); a document only to who reads it there. */
  #answer(reply: Reply, document: EventDocument | null): void {
    const { piggyback } = this.#abilities;
    const riding = piggyback ? document : null;
    const headers: HeaderLines = [
      ['Expires', String(this.#seconds)],
      ['Event', this.#package.event],
      ['subscription-state', this.#state()],
      ...(riding === null ? [] : [['ms-piggyback-cseq', String(this.#dialog.takeCseq())] as const]),
      ...(riding?.headers ?? []),
      ...(this.#abilities.autoextend ? [['Supported', autoextend] as const] : []),
      ['Supported', 'ms-piggyback-first-notify'],
      ['Supported', 'ms-benotify'],
    ];
    reply(200, 'OK', riding === null ? { headers } : { headers, contentType: riding.contentType, body: riding.body });
    if (!piggyback) this.#notify(document);
  }

  #state(): string {
    if (this.#seconds === 0) return 'terminated;expires=0';
    const left = Math.ceil((this.#expiresAt - this.#context.now()) / 1000);
    return `active;expires=${Math.max(left, 0)}`;
  }

  #notify(document: EventDocument | null): void {
    this.#send(this.#seconds === 0 ? 'terminated;reason=timeout;expires=0' : this.#state(), document);
  }

  #send(state: string, document: EventDocument | null, more: HeaderLines = []): void {
    const headers: HeaderLines = [
      ['Event', this.#package.event],
      ['subscription-state', state],
      ...(document?.headers ?? []),
      ...more,
    ];
    const content: Content =
      document === null ? { headers } : { headers, contentType: document.contentType, body: document.body };
    if (this.#abilities.benotify) {
      this.#dialog.tell('BENOTIFY', content);
      return;
    }
    void this.#dialog.request('NOTIFY', content).then(({ status }) => {
      if (deaf.has(status)) this.#over();
    });
  }

  #take(request: RoleRequest, reply: Reply): void {
    if (request.method !== 'SUBSCRIBE') return reply(501, 'Not Implemented');
    const seconds = request.header('Expires') === undefined ? this.#seconds : lifeOf(request, this.#package);
    if (seconds === 0) {
      this.#seconds = 0;
      this.#answer(reply, null);
      return this.#over();
    }
    if (seconds < shortestSeconds) return void refuseShort(reply);
    // May throw for a body that cannot be read: then nothing has changed.
    const document = (this.#parts.refresh ?? this.#parts.document)(request);
    this.#seconds = seconds;
    this.#live();
    this.#answer(reply, document);
  }

  #live(): void {
    const ms = this.#seconds * 1000;
    this.#expiresAt = this.#context.now() + ms;
    this.#stopTimer();
    this.#stopTimer = this.#context.after(ms + graceMs, () => this.end('timeout'));
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopTimer();
    this.#dialog.end();
    this.#parts.ended?.();
  }
}

/** Seconds that a SUBSCRIBE is given: what it asks for, or the longest. */
function lifeOf(request: RoleRequest, { maxSeconds }: EventPackage): number {
  return Math.min(parseNatural(request.header('Expires')) ?? maxSeconds, maxSeconds);
}

function refuseShort(reply: Reply): null {
  reply(423, 'Interval Too Brief', { headers: [['Min-Expires', String(shortestSeconds)]] });
  return null;
}
