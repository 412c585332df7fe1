import type { TraceEntry } from '../trace/entry';
import { maskSecrets } from '../trace/mask';
import type { World } from '../world';

/** The part of the browser's WebSocket that we use; tests put a pair of pipes in its place. */
export interface WebSocketLike {
  onopen: (() => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  send(text: string): void;
  close(): void;
}

export type OpenSocket = (url: string) => WebSocketLike;

export interface TracedSocketOptions {
  world: World;
  url: string;
  openSocket: OpenSocket;
  /** Sees every frame as it is on the wire, credentials masked. */
  trace(entry: Omit<TraceEntry, 'seq'>): void;
  /** Hears of a frame that JsSIP could not take; the flow lives on. */
  onFault(text: string): void;
}

// RFC 6223-style keep-alive by double CRLF (RFC 5626 §3.5.1): often enough for a NAT, and for noticing a dead flow.
const pingEveryMs = 25_000;
const pongWithinMs = 8_000;
const connectWithinMs = 8_000;
/** Spread over which clients come back after a server's restart. JsSIP's own waits are whole seconds. */
const reconnectSpreadMs = 900;

/**
 * JsSIP's Socket over one WebSocket: the only place where every byte passes in both directions. It adds what JsSIP lacks: a
 * trace, a connect time-out, keep-alive, and an end to flows that are dead though still "open".
 */
export class TracedSocket {
  readonly url: string;
  readonly sip_uri: string;
  readonly via_transport: string;
  // Assigned by JsSIP at every connect.
  onconnect: () => void = () => undefined;
  ondisconnect: (error: boolean, code?: number, reason?: string) => void = () => undefined;
  ondata: (text: string) => void = () => undefined;

  readonly #options: TracedSocketOptions;
  #socket: WebSocketLike | null = null;
  #isOpen = false;
  #connections = 0;
  #stopTimer: () => void = () => undefined;

  constructor(options: TracedSocketOptions) {
    this.#options = options;
    const { protocol, host } = new URL(options.url);
    this.url = options.url;
    this.sip_uri = `sip:${host};transport=ws`;
    this.via_transport = protocol === 'wss:' ? 'WSS' : 'WS';
  }

  connect(): void {
    if (this.#socket !== null) return;
    const { world } = this.#options;
    this.#connections += 1;
    if (this.#connections === 1) return this.#open();
    this.#waitThen(world.random() * reconnectSpreadMs, () => this.#open());
  }

  #open(): void {
    let socket: WebSocketLike;
    try {
      socket = this.#options.openSocket(this.url);
    } catch {
      // A page may not open this URL at all (mixed content). JsSIP expects the news later, as from a network.
      return this.#waitThen(0, () => this.#lost('the browser refused to open it'));
    }
    this.#socket = socket;
    socket.onopen = () => {
      this.#isOpen = true;
      this.#note('in', 'state', 'open');
      this.#pingLater();
      this.onconnect();
    };
    socket.onclose = ({ code, reason }) => this.#lost(`closed (${code}${reason === '' ? '' : ` ${reason}`})`, code);
    socket.onerror = () => undefined;
    socket.onmessage = ({ data }) => this.#take(data);
    this.#waitThen(connectWithinMs, () => this.#lost('no answer in time'));
  }

  #take(data: unknown): void {
    const text = typeof data === 'string' ? data : data instanceof ArrayBuffer ? new TextDecoder().decode(data) : '';
    this.#pingLater();
    if (text === '\r\n' || text === '\r\n\r\n') this.#note('in', 'ping', '');
    else this.#note('in', 'sip', text);
    try {
      this.ondata(text);
    } catch (error) {
      // An exception here would end the socket's inbound flow (seen with `ws`) or be lost; either way one message only.
      this.#options.onFault(error instanceof Error ? error.message : String(error));
    }
  }

  send(message: string): boolean {
    if (this.#socket === null || !this.#isOpen) return false;
    this.#note('out', message.trim() === '' ? 'ping' : 'sip', message);
    this.#socket.send(message);
    return true;
  }

  disconnect(): void {
    this.#stopTimer();
    const socket = this.#socket;
    this.#forget();
    socket?.close();
  }

  isConnected(): boolean {
    return this.#isOpen;
  }

  isConnecting(): boolean {
    return this.#socket !== null && !this.#isOpen;
  }

  /** Asks now whether the other end is still there: after sleep, or when the network changed. */
  probe(): void {
    if (this.#isOpen) this.#ping();
  }

  #ping(): void {
    this.send('\r\n\r\n');
    this.#waitThen(pongWithinMs, () => this.#lost('no answer to a keep-alive', 4408));
  }

  #pingLater(): void {
    this.#waitThen(pingEveryMs, () => this.#ping());
  }

  #lost(why: string, code = 4000): void {
    this.#stopTimer();
    const socket = this.#socket;
    this.#forget();
    socket?.close();
    this.#note('in', 'state', why);
    this.ondisconnect(true, code, why);
  }

  #forget(): void {
    if (this.#socket !== null) {
      this.#socket.onopen = null;
      this.#socket.onclose = null;
      this.#socket.onmessage = null;
    }
    this.#socket = null;
    this.#isOpen = false;
  }

  #waitThen(ms: number, run: () => void): void {
    this.#stopTimer();
    this.#stopTimer = this.#options.world.after(ms, run);
  }

  #note(direction: TraceEntry['direction'], kind: TraceEntry['kind'], text: string): void {
    const masked = kind === 'sip' ? maskSecrets(text) : text;
    this.#options.trace({ at: this.#options.world.now(), direction, kind, url: this.url, text: masked });
  }
}
