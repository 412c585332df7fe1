import type { OpenSocket, WebSocketLike } from '../sip/tracedSocket';

/** The server's end of an in-memory WebSocket. */
export interface FarSocket {
  /** What the client sends, one call a frame, in order. */
  onText: (text: string) => void;
  onClose: () => void;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/**
 * Pairs of in-memory WebSockets: what one side sends reaches the other in order and a microtask later, as on a real one.
 * The test decides what the network does.
 */
export class SocketPairs {
  /** `down`: nobody listens, and a connection is refused at once. `silent`: bytes vanish and nothing is told. */
  network: 'up' | 'down' | 'silent' = 'up';
  /** How often a client tried to connect. */
  attempts = 0;
  readonly #accept: (far: FarSocket, url: string) => void;
  readonly #pairs = new Set<Pair>();

  /** `accept` gets the server's end of every connection. */
  constructor(accept: (far: FarSocket, url: string) => void) {
    this.#accept = accept;
  }

  readonly openSocket: OpenSocket = (url) => {
    this.attempts += 1;
    const pair = new Pair(() => this.network === 'silent');
    queueMicrotask(() => {
      if (this.network === 'silent') return;
      if (this.network === 'down') return pair.close(1006, '');
      this.#pairs.add(pair);
      this.#accept(pair.far, url);
      pair.open();
    });
    return pair.near;
  };

  /** The server is gone, or the cable: every connection closes on both sides. */
  cut(): void {
    for (const pair of this.#pairs) pair.close(1006, '');
    this.#pairs.clear();
  }
}

class Pair {
  readonly near: WebSocketLike;
  readonly far: FarSocket;
  readonly #vanishes: () => boolean;
  #isClosed = false;

  constructor(vanishes: () => boolean) {
    this.#vanishes = vanishes;
    this.near = {
      onopen: null,
      onclose: null,
      onerror: null,
      onmessage: null,
      send: (text) => this.#carry(() => this.far.onText(text)),
      close: () => this.close(1005, ''),
    };
    this.far = {
      onText: () => undefined,
      onClose: () => undefined,
      send: (text) => this.#carry(() => this.near.onmessage?.({ data: text })),
      close: (code = 1000, reason = '') => this.close(code, reason),
    };
  }

  #carry(deliver: () => void): void {
    if (this.#vanishes()) return;
    queueMicrotask(() => {
      if (!this.#isClosed) deliver();
    });
  }

  open(): void {
    queueMicrotask(() => this.near.onopen?.());
  }

  close(code: number, reason: string): void {
    if (this.#isClosed) return;
    // What was sent before the close still arrives.
    queueMicrotask(() => {
      this.#isClosed = true;
      this.near.onclose?.({ code, reason });
      this.far.onClose();
    });
  }
}
