import type { Failure, Outcome } from '../domain/failure';
import { parseDeregistered } from '../protocol/lync/registrationEvent';
import { type Aor, bareAddress, type Gruu } from '../protocol/sip/uri';
import type { NewEntry } from '../trace/entry';
import type { World } from '../world';
import { Invite, type OutgoingInviteOptions } from './invite';
import type { InviteHandlers } from './inviteHandlers';
import { MessageAuthentication } from './messageAuthentication';
import { redirectUrl } from './redirect';
import { Registration } from './registration';
import type { Content, SipReply, SipRequest, SipResponse } from './sipMessages';
import { type RequestHandler, type RequestOptions, SipUa } from './sipUa';
import { Subscription, type SubscriptionOptions } from './subscription';
import { type OpenSocket, openWebSocket, TracedSocket } from './tracedSocket';

export interface UserAgentOptions {
  world: World;
  /** `ws:` or `wss:` URL of the server's SIP WebSocket. */
  server: string;
  aor: Aor;
  /** Who signs in, when it is not the address: `CONTOSO\alice`, or a user principal name. */
  userName?: string | null;
  password: string;
  /** UUID of this browser profile (`+sip.instance`). */
  instanceId: string;
  /** At most 16 characters: the server keys the endpoint by it. */
  epid: string;
  userAgent?: string;
  openSocket?: OpenSocket;
  trace(entry: NewEntry): number;
  onFault?(text: string): void;
  onState(state: UserAgentState): void;
  /**
   * An INVITE arrived. Decide at once by its headers and body: `ring` (180 is sent; accept or reject it later), or `refuse`
   * with a status. Doing neither refuses it with 488.
   */
  onInvite(request: SipRequest, ring: (handlers: InviteHandlers) => Invite, refuse: SipReply): void;
}

/**
 *     connecting ─► connected ─► registered ─► lost ─► connected ─► registered ...
 *         │  ▲──301─────┤ └─► refused  └─► refused, deregistered
 *         └─► unreachable
 *
 * `unreachable`, `refused` and `deregistered` are final: nothing is tried any more.
 */
export type UserAgentState =
  | { is: 'connecting' }
  | { is: 'connected' }
  /** On every new connection, not after refreshes. Subscriptions begin afresh by themselves just before. */
  | { is: 'registered'; response: SipResponse }
  /** The connection is gone; it is tried again until it is back. */
  | { is: 'lost' }
  /** There was no connection in the first place; `closed` is how it was ended when it was, RFC 6455 §7.4. */
  | { is: 'unreachable'; closed?: { code: number; reason: string } }
  /** `failure` is the registrar's answer. `timedOut`: connected, but nothing that speaks SIP answered. */
  | { is: 'refused'; failure: Failure }
  /** [MS-SIPREGE]: the server ended the registration; `event` is `unregistered`, `rejected` or `deactivated`. */
  | { is: 'deregistered'; event: string; diagnostics: string };

type State = UserAgentState | { is: 'idle' } | { is: 'stopped' };

const moves: Record<State['is'], readonly State['is'][]> = {
  idle: ['connecting', 'stopped'],
  connecting: ['connected', 'unreachable', 'stopped'],
  connected: ['registered', 'connecting', 'lost', 'unreachable', 'refused', 'deregistered', 'stopped'],
  registered: ['lost', 'refused', 'deregistered', 'stopped'],
  lost: ['connected', 'stopped'],
  unreachable: [],
  refused: [],
  deregistered: [],
  stopped: [],
};

/** Pools send each other's people on at most once or twice; more is a circle. */
const mostRedirections = 5;

/** One person's SIP endpoint: the only class of this room that the floor above makes. */
export class UserAgent {
  readonly #options: UserAgentOptions;
  readonly #authentication: MessageAuthentication;
  readonly #socket: TracedSocket;
  readonly #ua: SipUa;
  readonly #registration: Registration;
  #state: State = { is: 'idle' };
  /** Addresses of servers that we were sent on to, still to be tried. */
  #alternatives: string[] = [];
  #redirections = 0;
  #isMoving = false;

  constructor(options: UserAgentOptions) {
    this.#options = options;
    const onFault = (text: string): void => options.onFault?.(text);
    const { world, epid, aor, instanceId, password } = options;
    this.#authentication = new MessageAuthentication({
      world,
      login: options.userName || bareAddress(aor),
      password,
      onChallenged: () => this.#registration.renew(),
    });
    this.#socket = new TracedSocket({
      world,
      url: options.server,
      authentication: this.#authentication,
      openSocket: options.openSocket ?? openWebSocket,
      trace: (entry) => options.trace(entry),
      onFault,
    });
    const onUnanswered = (): void => this.#socket.probe();
    this.#ua = new SipUa(jssipConfiguration(options, this.#socket), {
      world,
      epid,
      onFault,
      onUnanswered,
      frames: () => this.#socket.frames,
    });
    this.#registration = new Registration(this.#ua, {
      aor,
      instanceId,
      authentication: this.#authentication,
      onRegistered: (response) => this.#registered(response),
      onRedirected: (targets, failure) => this.#redirected(targets, failure),
      onRefused: (failure) => this.#become({ is: 'refused', failure }),
    });
    this.#ua.on('connected', () => this.#connected());
    this.#ua.on('disconnected', ({ code, reason }) => this.#disconnected(code, reason));
    this.#ua.onInvite((request) => this.#takeInvite(request));
    this.#ua.onRegistrationNotice((request) => this.#takeRegistrationNotice(request));
  }

  #become(next: State): void {
    const { is: from } = this.#state;
    // News of the socket or the registrar may come after the end.
    if (moves[from].length === 0) return;
    if (!moves[from].includes(next.is)) throw new Error(`user agent: ${from} cannot become ${next.is}`);
    this.#state = next;
    this.#ua.isLive = next.is === 'registered';
    if (next.is === 'registered') for (const dialog of [...this.#ua.dialogs]) dialog.resume?.();
    if (moves[next.is].length === 0 && next.is !== 'stopped') this.#shutDown();
    if (next.is !== 'idle' && next.is !== 'stopped') this.#options.onState(next);
  }

  /** What goes into Contact: our GRUU once registered (REG-2), before that the address of this connection. */
  get contact(): string {
    return this.#registration.gruu ?? this.#ua.contact.uri.toString();
  }

  get gruu(): Gruu | null {
    return this.#registration.gruu;
  }

  start(): void {
    this.#become({ is: 'connecting' });
    this.#ua.start();
  }

  /** Ends every dialog and subscription, unregisters, closes. Settles when the server has answered or after two seconds. */
  async stop(): Promise<void> {
    if (moves[this.#state.is].length === 0) return;
    const wasRegistered = this.#state.is === 'registered';
    this.#endDialogs();
    this.#become({ is: 'stopped' });
    if (wasRegistered) await this.#registration.end();
    this.#shutDown();
  }

  #shutDown(): void {
    this.#registration.pause();
    this.#endDialogs();
    this.#ua.shutDown();
  }

  #endDialogs(): void {
    for (const dialog of [...this.#ua.dialogs]) dialog.end();
  }

  /** For the next registration: JsSIP makes its hash afresh. */
  setPassword(password: string): void {
    this.#authentication.setPassword(password);
    this.#ua.set('password', password);
  }

  /** The network changed or the computer woke: connect now, or ask the connection for a sign of life. */
  reconnectNow(): void {
    if (this.#state.is === 'lost') this.#ua.reconnectNow();
    else this.#socket.probe();
  }

  #connected(): void {
    if (this.#state.is !== 'connecting' && this.#state.is !== 'lost') return;
    this.#become({ is: 'connected' });
    this.#registration.start();
  }

  #disconnected(code = 0, reason = ''): void {
    this.#registration.pause();
    if (this.#isMoving || this.#moveOn()) return;
    // The server of the first address knows best where we are at home by then.
    this.#socket.moveTo(this.#options.server);
    if (this.#state.is === 'lost') return;
    const closed = reason === '' ? {} : { closed: { code, reason } };
    this.#become(this.#registration.hasSucceeded ? { is: 'lost' } : { is: 'unreachable', ...closed });
  }

  #registered(response: SipResponse): void {
    this.#alternatives = [];
    this.#redirections = 0;
    this.#become({ is: 'registered', response });
  }

  #redirected(targets: readonly string[], failure: Failure): void {
    this.#redirections += 1;
    const urls = targets.map((target) => redirectUrl(this.#options.server, target));
    const others = urls.filter((url) => url !== null).filter((url) => url !== this.#socket.url);
    this.#alternatives = this.#redirections > mostRedirections ? [] : others;
    if (!this.#moveOn()) this.#become({ is: 'refused', failure });
  }

  /** To the next server that we were sent on to; false when there is none. */
  #moveOn(): boolean {
    const next = this.#alternatives.shift();
    if (next === undefined || moves[this.#state.is].length === 0) return false;
    if (this.#state.is === 'connected') {
      this.#become({ is: this.#registration.hasSucceeded ? 'lost' : 'connecting' });
    }
    this.#isMoving = true;
    this.#socket.moveTo(next);
    this.#isMoving = false;
    this.#ua.reconnectNow();
    return true;
  }

  #takeRegistrationNotice(request: SipRequest): void {
    const event = parseDeregistered(request.body) ?? 'unregistered';
    const diagnostics = request.header('ms-diagnostics-public') ?? request.header('ms-diagnostics') ?? '';
    this.#become({ is: 'deregistered', event, diagnostics });
  }

  #takeInvite(request: Jssip.IncomingRequest): void {
    let isAnswered = false;
    const reply = this.#ua.replyTo(request);
    const ring = (handlers: InviteHandlers): Invite => {
      isAnswered = true;
      return Invite.receive(this.#ua, request, handlers);
    };
    const refuse: SipReply = (...answer) => {
      isAnswered = true;
      reply(...answer);
    };
    this.#options.onInvite(this.#ua.requestOf(request), ring, refuse);
    if (!isAnswered) reply(488, 'Not Acceptable Here');
  }

  /** Takes every request of a method outside dialogs (page-mode MESSAGE, SERVICE). */
  handle(method: string, handler: RequestHandler): void {
    this.#ua.onRequest(method, handler);
  }

  /** Sends a request outside any dialog; settles with the final answer. */
  request(method: string, target: string, options: RequestOptions = {}): Promise<Outcome<SipResponse>> {
    const headers = [`Contact: <${this.contact}>`, ...(options.headers ?? [])];
    return this.#ua.request(method, target, { ...options, headers });
  }

  /** SERVICE with a body: Lync's remote procedure call. */
  service(target: string, content: Content, timeoutMs = 15_000): Promise<Outcome<SipResponse>> {
    return this.request('SERVICE', target, { content, timeoutMs });
  }

  /** Sends an INVITE; `answered` is its first final answer, never before this returns. */
  invite(
    options: Omit<OutgoingInviteOptions, 'contact'>,
    handlers: InviteHandlers,
  ): { invite: Invite; answered: Promise<Outcome<SipResponse>> } {
    return Invite.send(this.#ua, { ...options, contact: this.contact }, handlers);
  }

  /** A subscription that begins afresh by itself on every new connection, until it is stopped or refused for good. */
  subscription(options: Omit<SubscriptionOptions, 'contact'>): Subscription {
    return new Subscription(this.#ua, { ...options, contact: () => this.contact });
  }
}

function jssipConfiguration(options: UserAgentOptions, socket: TracedSocket): object {
  const address = bareAddress(options.aor);
  const user = encodeURIComponent(address.slice(0, address.indexOf('@')));
  return {
    sockets: [socket],
    uri: options.aor,
    password: options.password,
    authorization_user: options.userName || address,
    // JsSIP takes its Via host from here: unique per endpoint, so that branches never collide.
    contact_uri: `sip:${user}@${options.instanceId.slice(-12)}.invalid;transport=ws`,
    instance_id: options.instanceId,
    register: false,
    session_timers: false,
    user_agent: options.userAgent ?? 'Confab',
  };
}
