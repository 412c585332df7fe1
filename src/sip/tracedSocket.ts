import { maskSecrets } from '../protocol/sip/mask';
import { parseMessage } from '../protocol/sip/message';
import type { NewEntry, TraceEntry } from '../trace/entry';
import type { World } from '../world';
import type { MessageAuthentication } from './messageAuthentication';
import { Respelling, straightened } from './respelling';

/** The part of the browser's WebSocket that we use; tests put an in-memory pair in its place. */
export interface WebSocketLike {
  binaryType?: string;
  onopen: (() => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  send(text: string): void;
  close(): void;
}

export type OpenSocket = (url: string) => WebSocketLike;

/** RFC 7118 §4.1: subprotocol `sip`. */
export const openWebSocket: OpenSocket = (url) => new WebSocket(url, 'sip') as unknown as WebSocketLike;

/** Numbers in the log; 0 when not logged. */
export interface Frames {
  in: number;
  out: number;
}

export interface TracedSocketOptions {
  world: World;
  url: string;
  openSocket: OpenSocket;
  authentication: MessageAuthentication;
  /** Sees every frame as it is on the wire, credentials masked; answers its number in the log, 0 when it is not logged. */
  trace(entry: NewEntry): number;
  /** Hears of a frame that could not be taken; the flow lives on. */
  onFault(text: string): void;
}

// Double CRLF (RFC 5626 §3.5.1): often enough for a NAT, and for noticing a flow that is dead though still "open".
const pingEveryMs = 25_000;
const pongWithinMs = 8_000;
const connectWithinMs = 8_000;

/** Close codes of our own, from the range that RFC 6455 §7.4.2 leaves to applications. */
const closedByUs = { noConnection: 4000, movedOn: 4301, noPong: 4408 };

/**
 * JsSIP's Socket over one WebSocket: the only place where every byte passes in both directions. It adds what JsSIP lacks: a
 * trace, signatures, a wider grammar, a connect time-out, keep-alive, and an end to dead flows.
 */
export class TracedSocket {
  readonly sip_uri: string;
  readonly via_transport: string;
  // Assigned by JsSIP at every connect.
  onconnect: () => void = () => undefined;
  ondisconnect: (error: boolean, code?: number, reason?: string) => void = () => undefined;
  ondata: (text: string) => void = () => undefined;

  readonly #options: TracedSocketOptions;
  readonly #authentication: MessageAuthentication;
  readonly #respelling: Respelling;
  #url: string;
  #socket: WebSocketLike | null = null;
  #isOpen = false;
  #isPongAwaited = false;
  #frames: Frames = { in: 0, out: 0 };
  #stopTimer: () => void = () => undefined;

  constructor(options: TracedSocketOptions) {
    this.#options = options;
    this.#authentication = options.authentication;
    this.#respelling = new Respelling(options.world.id());
    const { protocol, host } = new URL(options.url);
    this.#url = options.url;
    this.sip_uri = `sip:${host};transport=ws`;
    this.via_transport = protocol === 'wss:' ? 'WSS' : 'WS';
  }

  /** Where it is connected, or will be next. */
  get url(): string {
    return this.#url;
  }

  /** The next connection goes there; one that there is ends. */
  moveTo(url: string): void {
    if (url === this.#url) return;
    const was = this.#socket;
    this.#url = url;
    if (was !== null) this.#lost(`sent on to ${url}`, closedByUs.movedOn);
  }

  /** The last frame of each direction in the log: while one is delivered, it is that one. */
  get frames(): Frames {
    return this.#frames;
  }

  connect(): void {
    if (this.#socket !== null) return;
    let socket: WebSocketLike;
    try {
      socket = this.#options.openSocket(this.url);
    } catch {
      // A page may not open this URL at all (mixed content). JsSIP expects the news later, as from a network.
      return this.#waitThen(0, () => this.#lost('the browser refused to open it', closedByUs.noConnection));
    }
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#isOpen = true;
      this.#authentication.reset();
      this.#note('in', 'state', 'open');
      this.#pingLater();
      this.onconnect();
    };
    socket.onclose = ({ code, reason }) =>
      this.#lost(`closed (${code}${reason === '' ? '' : ` ${reason}`})`, code, reason);
    // A close always follows and says more.
    socket.onerror = () => undefined;
    socket.onmessage = ({ data }) => this.#take(data);
    this.#waitThen(connectWithinMs, () => this.#lost('no answer in time', closedByUs.noConnection));
  }

  #take(data: unknown): void {
    const text = textOf(data);
    this.#isPongAwaited = false;
    this.#pingLater();
    if (text.trim() === '') {
      this.#note('in', 'ping', text);
      return this.#deliver(text);
    }
    const straight = straightened(text);
    const message = parseMessage(straight);
    const fault =
      message === null ? 'This is not a SIP message; it was dropped.' : this.#authentication.incoming(message);
    this.#note('in', 'sip', text, fault ?? undefined);
    this.#release();
    if (fault !== null) return this.#options.onFault(fault);
    this.#deliver(this.#respelling.forJssip(straight));
  }

  #deliver(text: string): void {
    try {
      this.ondata(text);
    } catch (error) {
      // Thrown on, it would end the socket's inbound flow (seen with `ws`); this way it costs one message.
      this.#options.onFault(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    }
  }

  send(message: string): boolean {
    if (this.#socket === null || !this.#isOpen) return false;
    if (message.trim() === '') {
      this.#write('ping', message);
      return true;
    }
    const text = this.#authentication.outgoing(this.#respelling.forServer(message));
    if (text !== null) this.#write('sip', text);
    this.#release();
    return true;
  }

  /** What had to wait for a signature. */
  #release(): void {
    for (const text of this.#authentication.released()) this.#write('sip', text);
  }

  #write(kind: TraceEntry['kind'], text: string): void {
    this.#note('out', kind, text);
    this.#socket?.send(text);
  }

  disconnect(): void {
    this.#stopTimer();
    const socket = this.#socket;
    this.#forget();
    socket?.close();
  }

  /** Asks now whether the other end is still there: after sleep, when the network changed, when an answer did not come. */
  probe(): void {
    if (this.#isOpen && !this.#isPongAwaited) this.#ping();
  }

  #ping(): void {
    this.#isPongAwaited = true;
    this.send('\r\n\r\n');
    this.#waitThen(pongWithinMs, () => this.#lost('no answer to a keep-alive', closedByUs.noPong));
  }

  #pingLater(): void {
    this.#waitThen(pingEveryMs, () => this.#ping());
  }

  #lost(why: string, code: number, reason = ''): void {
    this.disconnect();
    this.#note('in', 'state', why);
    this.ondisconnect(true, code, reason);
  }

  #forget(): void {
    if (this.#socket !== null) {
      this.#socket.onopen = null;
      this.#socket.onclose = null;
      this.#socket.onmessage = null;
    }
    this.#socket = null;
    this.#isOpen = false;
    this.#isPongAwaited = false;
  }

  #waitThen(ms: number, run: () => void): void {
    this.#stopTimer();
    this.#stopTimer = this.#options.world.after(ms, run);
  }

  #note(direction: TraceEntry['direction'], kind: TraceEntry['kind'], text: string, fault?: string): void {
    const number = this.#options.trace({
      at: this.#options.world.now(),
      direction,
      kind,
      url: this.url,
      text: kind === 'sip' ? maskSecrets(text) : text,
      ...(fault === undefined ? {} : { fault }),
    });
    if (kind === 'sip') this.#frames = { ...this.#frames, [direction]: number };
  }
}

/** RFC 7118 §4.2: text or binary frames, UTF-8 both. */
function textOf(data: unknown): string {
  if (typeof data === 'string') return data;
  return data instanceof ArrayBuffer ? new TextDecoder().decode(data) : String(data);
}
