import { type Failure, failed, type Outcome } from '../domain/failure';
import { parseNameAddr, splitCommas } from '../protocol/sip/headers';
import { type Aor, bareAddress, domainOf, type Gruu } from '../protocol/sip/uri';
import type { TraceEntry } from '../trace/entry';
import type { World } from '../world';
import { Invite, type InviteHandlers, type OutgoingInviteOptions } from './invite';
import { type Content, requestOf, type SipRequest, type SipResponse } from './sipMessages';
import { type RequestHandler, type RequestOptions, SipUa } from './sipUa';
import { Subscription, type SubscriptionOptions } from './subscription';
import { type OpenSocket, TracedSocket } from './tracedSocket';

export interface UserAgentOptions {
  world: World;
  /** `ws:` or `wss:` URL of the server's SIP WebSocket. */
  server: string;
  aor: Aor;
  password: string;
  /** UUID of this browser profile (`+sip.instance`). */
  instanceId: string;
  /** At most 16 characters (AUT: the server keys the endpoint by it). */
  epid: string;
  userAgent?: string;
  openSocket?: OpenSocket;
  trace(entry: Omit<TraceEntry, 'seq'>): void;
  onFault?(text: string): void;
  onState(state: UserAgentState): void;
  /** An INVITE arrived: decide by its headers and body; `null` handlers refuse it with 488. */
  onInvite(request: SipRequest, ring: (handlers: InviteHandlers) => Invite): void;
}

/**
 * connecting ─► connected ─► registered ─► lost ─► connected ─► registered ...
 *      └─► unreachable        └─► refused      └─► refused
 *
 * `unreachable` and `refused` are final: nothing is tried any more.
 */
export type UserAgentState =
  | { is: 'connecting' }
  | { is: 'connected' }
  /** After every registration on a new connection, not after refreshes: subscribe afresh. */
  | { is: 'registered'; response: SipResponse }
  | { is: 'lost' }
  | { is: 'unreachable' }
  /** `failure` is the registrar's answer. `timedOut`: connected, but nothing that speaks SIP answered. */
  | { is: 'refused'; failure: Failure }
  /** [MS-SIPREGE]: the server ended the registration; `event` is `unregistered`, `rejected` or `deactivated`. */
  | { is: 'deregistered'; event: string; diagnostics: string };

const registerSeconds = 3_600;
const registerAnsweredWithinMs = 10_000;
/** JsSIP's waits are whole seconds; with the socket's own spread nobody waits longer than 4 s. */
const recoverySeconds = { first: 1, most: 3 };
const retryRegisterMs = [1_000, 2_000, 4_000];

/** One person's SIP endpoint: the only class of this room that the floor above makes. */
export class UserAgent {
  readonly #options: UserAgentOptions;
  readonly #socket: TracedSocket;
  readonly #ua: SipUa;
  readonly #callId: string;
  readonly #invites = new Set<Invite>();
  #cseq = 0;
  #gruu: Gruu | null = null;
  #phase: 'first' | 'working' | 'stopped' = 'first';
  #retries = 0;
  #stopTimer: () => void = () => undefined;

  constructor(options: UserAgentOptions) {
    this.#options = options;
    this.#callId = options.world.id();
    const openSocket =
      options.openSocket ?? ((url: string) => new WebSocket(url, 'sip') as unknown as ReturnType<OpenSocket>);
    this.#socket = new TracedSocket({
      world: options.world,
      url: options.server,
      openSocket,
      trace: (entry) => options.trace(entry),
      onFault: (text) => options.onFault?.(text),
    });
    const host = `${options.instanceId.slice(-12)}.invalid`;
    this.#ua = new SipUa(
      {
        sockets: [this.#socket],
        uri: options.aor,
        password: options.password,
        authorization_user: bareAddress(options.aor),
        // JsSIP takes its Via host from here; unique per endpoint, so that branches never collide.
        contact_uri: `sip:${encodeURIComponent(bareAddress(options.aor).split('@')[0] ?? '')}@${host};transport=ws`,
        instance_id: options.instanceId,
        register: false,
        session_timers: false,
        connection_recovery_min_interval: recoverySeconds.first,
        connection_recovery_max_interval: recoverySeconds.most,
        user_agent: options.userAgent ?? 'Confab',
      },
      { world: options.world, epid: options.epid },
    );
    this.#ua.on('connected', () => this.#connected());
    this.#ua.on('disconnected', () => this.#disconnected());
    this.#ua.onInvite((request) => this.#takeInvite(request));
    this.#ua.onRegistrationNotice((request) => this.#takeRegistrationNotice(request));
  }

  /** What goes into Contact: our GRUU once registered (REG-2), before that the address of this connection. */
  get contact(): string {
    return this.#gruu ?? this.#ua.contact.uri.toString();
  }

  get gruu(): Gruu | null {
    return this.#gruu;
  }

  start(): void {
    this.#options.onState({ is: 'connecting' });
    this.#ua.start();
  }

  /** Ends every dialog, unregisters, closes. Settles when the server has answered or after two seconds. */
  async stop(): Promise<void> {
    if (this.#phase === 'stopped') return;
    const wasWorking = this.#phase === 'working';
    this.#phase = 'stopped';
    this.#stopTimer();
    for (const invite of this.#invites) invite.end();
    if (wasWorking) await this.#register(0, 2_000);
    this.#ua.stop();
  }

  /** The network changed or the computer woke: connect now, or ask the connection for a sign of life. */
  reconnectNow(): void {
    if (this.#phase === 'stopped') return;
    if (this.#ua.transport.isConnected()) this.#socket.probe();
    else if (!this.#ua.transport.isConnecting()) this.#ua.transport.connect();
  }

  #connected(): void {
    if (this.#phase === 'stopped') return;
    this.#options.onState({ is: 'connected' });
    void this.#signOn(true);
  }

  #disconnected(): void {
    this.#stopTimer();
    if (this.#phase === 'stopped') return;
    if (this.#phase === 'working') return this.#options.onState({ is: 'lost' });
    this.#give({ is: 'unreachable' });
  }

  /** A final state: nothing is tried any more. */
  #give(state: UserAgentState): void {
    this.#phase = 'stopped';
    this.#stopTimer();
    for (const invite of this.#invites) invite.end();
    this.#ua.stop();
    this.#options.onState(state);
  }

  async #signOn(isFresh: boolean): Promise<void> {
    const outcome = await this.#register(registerSeconds, registerAnsweredWithinMs);
    if (this.#phase === 'stopped') return;
    if (!outcome.ok) return this.#refused(outcome.failure, isFresh);
    const response = outcome.value;
    this.#retries = 0;
    this.#phase = 'working';
    this.#gruu = gruuOf(response, this.#options.instanceId) ?? this.#gruu;
    const seconds = Number.parseInt(response.header('Expires') ?? '', 10) || registerSeconds;
    // REG-12: refresh 30 s before the end, or at half of a short life.
    this.#again(Math.max(5, seconds > 90 ? seconds - 30 : seconds / 2) * 1000, false);
    if (isFresh) this.#options.onState({ is: 'registered', response });
  }

  #refused(failure: Failure, isFresh: boolean): void {
    // The socket's own news of the loss follows, with recovery.
    if (failure.is === 'connectionLost' || failure.is === 'offline') return;
    const isPassing = failure.is === 'timedOut' || (failure.is === 'rejected' && failure.status >= 500);
    if (this.#phase === 'first' || !isPassing) return this.#give({ is: 'refused', failure });
    const wait = retryRegisterMs[Math.min(this.#retries, retryRegisterMs.length - 1)] ?? 4_000;
    this.#retries += 1;
    const retryAfterMs = failure.is === 'rejected' ? (failure.retryAfterSeconds ?? 0) * 1000 : 0;
    this.#again(Math.max(wait, retryAfterMs), isFresh);
  }

  #again(ms: number, isFresh: boolean): void {
    this.#stopTimer();
    this.#stopTimer = this.#options.world.after(ms, () => void this.#signOn(isFresh));
  }

  #register(expiresSeconds: number, timeoutMs: number): Promise<Outcome<SipResponse>> {
    const { aor, instanceId } = this.#options;
    // Two apart: JsSIP's digest retry takes the number between.
    this.#cseq += 2;
    return this.#ua.request('REGISTER', `sip:${domainOf(aor)}`, {
      to: aor,
      callId: this.#callId,
      cseq: this.#cseq,
      headers: [
        `Contact: <${this.#ua.contact.uri.toString()}>;methods="INVITE, MESSAGE, INFO, OPTIONS, BYE, CANCEL, NOTIFY, ACK, BENOTIFY";proxy=replace;+sip.instance="<urn:uuid:${instanceId}>"`,
        'Supported: gruu-10, adhoclist, msrtc-event-categories',
        'Supported: ms-userservices-state-notification',
        'ms-keep-alive: UAC;hop-hop=yes',
        'Event: registration',
        'Allow-Events: presence',
        `Expires: ${expiresSeconds}`,
      ],
      timeoutMs,
    });
  }

  #takeRegistrationNotice(request: SipRequest): void {
    const event = /event=([a-z]+)/i.exec(request.body)?.[1]?.toLowerCase() ?? 'unregistered';
    const diagnostics = request.header('ms-diagnostics-public') ?? request.header('ms-diagnostics') ?? '';
    this.#give({ is: 'deregistered', event, diagnostics });
  }

  #takeInvite(request: Jssip.IncomingRequest): void {
    let isTaken = false;
    this.#options.onInvite(requestOf(request), (handlers) => {
      isTaken = true;
      const invite: Invite = Invite.receive(this.#ua, request, {
        onRequest: handlers.onRequest,
        onEnded: (end) => {
          this.#invites.delete(invite);
          handlers.onEnded(end);
        },
      });
      this.#invites.add(invite);
      return invite;
    });
    if (!isTaken) this.#ua.replyTo(request)(488, 'Not Acceptable Here');
  }

  /** Takes every request of a method outside dialogs (page-mode MESSAGE, SERVICE). */
  handle(method: string, handler: RequestHandler): void {
    this.#ua.onRequest(method, handler);
  }

  /** Sends a request outside any dialog; settles with the final answer. */
  async request(method: string, target: string, options: RequestOptions = {}): Promise<Outcome<SipResponse>> {
    if (this.#phase !== 'working') return failed({ is: 'offline' });
    const headers = [`Contact: <${this.contact}>`, ...(options.headers ?? [])];
    return this.#ua.request(method, target, { ...options, headers });
  }

  /** SERVICE with a body: Lync's remote procedure call. */
  service(target: string, content: Content, timeoutMs = 15_000): Promise<Outcome<SipResponse>> {
    return this.request('SERVICE', target, { content, timeoutMs });
  }

  invite(options: Omit<OutgoingInviteOptions, 'contact'>, handlers: InviteHandlers) {
    const sent = Invite.send(
      this.#ua,
      { ...options, contact: this.contact },
      {
        onRequest: handlers.onRequest,
        onEnded: (end) => {
          this.#invites.delete(sent.invite);
          handlers.onEnded(end);
        },
      },
    );
    if (!sent.invite.isEnded()) this.#invites.add(sent.invite);
    return sent;
  }

  subscription(options: Omit<SubscriptionOptions, 'contact'>): Subscription {
    return new Subscription(this.#ua, { ...options, contact: () => this.contact });
  }
}

/** REG-2: the GRUU in the answering Contact that carries our instance. */
function gruuOf(response: SipResponse, instanceId: string): Gruu | null {
  for (const line of response.headers('Contact').flatMap(splitCommas)) {
    const contact = parseNameAddr(line);
    if (!contact?.params.get('+sip.instance')?.toLowerCase().includes(instanceId.toLowerCase())) continue;
    const gruu = contact.params.get('gruu') ?? contact.params.get('pub-gruu');
    if (gruu !== undefined && gruu !== '') return gruu as Gruu;
  }
  return null;
}
