import WebSocket from 'ws';
import type { Clock } from '../../clock';

export interface JanusOptions {
  /** `ws://127.0.0.1:8188`: Janus's own WebSocket, for nobody but us. */
  readonly url: string;
  /** Janus's `api_secret`, which is the video room's `admin_key` too. */
  readonly secret: string;
}

/** What Janus says: an answer by `transaction`, or an event of a handle (`sender`). */
export interface JanusMessage {
  readonly janus: string;
  readonly transaction?: string;
  readonly sender?: number;
  readonly data?: { readonly id: number };
  readonly plugindata?: { readonly data: Readonly<Record<string, unknown>> };
  readonly jsep?: { readonly type: string; readonly sdp: string };
  readonly error?: { readonly code: number; readonly reason: string };
  /** Of `media` events. */
  readonly type?: string;
  readonly receiving?: boolean;
}

const answeredWithinMs = 10_000;
const keptAliveEveryMs = 25_000;

/** Janus refused, did not answer, or is gone. */
export class JanusFailure extends Error {
  /** Of the plugin or the core; 0 when there is none. */
  readonly code: number;

  constructor(message: string, code = 0) {
    super(message);
    this.code = code;
  }
}

/** One session with a Janus over its WebSocket (`media-notes` 2.2): requests with their answers, events of handles. */
export class JanusSession {
  readonly #options: JanusOptions;
  readonly #clock: Clock;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, { take(message: JanusMessage): void; fail(why: string): void }>();
  readonly #handles = new Map<number, (message: JanusMessage) => void>();
  readonly #onLost: () => void;
  #session: number | null = null;
  #count = 0;
  #isOver = false;
  #cancelKeepAlive: (() => void) | null = null;

  private constructor(options: JanusOptions, clock: Clock, socket: WebSocket, onLost: () => void) {
    this.#options = options;
    this.#clock = clock;
    this.#socket = socket;
    this.#onLost = onLost;
    socket.on('message', (data) => this.#take(String(data)));
    socket.on('close', () => this.#lost());
    socket.on('error', () => this.#lost());
  }

  /** Connects and makes the session. Throws `JanusFailure`. `onLost` runs once when it is over and we did not end it. */
  static async open(options: JanusOptions, clock: Clock, onLost: () => void): Promise<JanusSession> {
    const socket = new WebSocket(options.url, 'janus-protocol', { handshakeTimeout: answeredWithinMs });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', (error) => reject(new JanusFailure(`cannot connect to Janus: ${error.message}`)));
    });
    const session = new JanusSession(options, clock, socket, onLost);
    const answer = await session.request({ janus: 'create' });
    session.#session = answer.data?.id ?? null;
    session.#keepAlive();
    return session;
  }

  /** A handle of the video room, for one peer connection; its events go to `take`. */
  async attach(take: (message: JanusMessage) => void): Promise<number> {
    const answer = await this.request({ janus: 'attach', plugin: 'janus.plugin.videoroom' });
    const handle = answer.data?.id ?? 0;
    this.#handles.set(handle, take);
    return handle;
  }

  /** Says something to the video room; an `error` in its answer is thrown. */
  async message(handle: number, body: object, jsep?: { type: string; sdp: string }): Promise<JanusMessage> {
    const answer = await this.request({ janus: 'message', handle_id: handle, body, ...(jsep && { jsep }) });
    const { error, error_code: code } = answer.plugindata?.data ?? {};
    if (typeof error === 'string') throw new JanusFailure(error, typeof code === 'number' ? code : 0);
    return answer;
  }

  async detach(handle: number): Promise<void> {
    this.#handles.delete(handle);
    await this.request({ janus: 'detach', handle_id: handle }).catch(() => undefined);
  }

  request(message: { janus: string } & Record<string, unknown>): Promise<JanusMessage> {
    if (this.#isOver) return Promise.reject(new JanusFailure('the connection to Janus is lost'));
    this.#count += 1;
    const transaction = `confab-${this.#count}`;
    const session = this.#session === null ? {} : { session_id: this.#session };
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(answeredWithinMs, () => settle(() => reject(new JanusFailure('no answer'))));
      const settle = (run: () => void): void => {
        cancel();
        this.#waiting.delete(transaction);
        run();
      };
      this.#waiting.set(transaction, {
        take: (answer) => {
          if (answer.janus !== 'error') return settle(() => resolve(answer));
          const { reason = 'refused', code = 0 } = answer.error ?? {};
          settle(() => reject(new JanusFailure(reason, code)));
        },
        fail: (why) => settle(() => reject(new JanusFailure(why))),
      });
      this.#socket.send(JSON.stringify({ ...message, ...session, transaction, apisecret: this.#options.secret }));
    });
  }

  close(): void {
    this.#end('closed');
    this.#socket.close();
  }

  #take(text: string): void {
    const message = readMessage(text);
    if (message === null) return this.#lost();
    // The answer to a `message` comes after its `ack`, as an event with the same transaction.
    if (message.janus === 'ack') return;
    if (message.janus === 'timeout') return this.#lost();
    const waiting = message.transaction === undefined ? undefined : this.#waiting.get(message.transaction);
    if (waiting !== undefined) waiting.take(message);
    else if (message.sender !== undefined) this.#handles.get(message.sender)?.(message);
  }

  #keepAlive(): void {
    this.#cancelKeepAlive = this.#clock.after(keptAliveEveryMs, () => {
      this.request({ janus: 'keepalive' }).catch(() => undefined);
      if (!this.#isOver) this.#keepAlive();
    });
  }

  #lost(): void {
    if (this.#isOver) return;
    this.#end('the connection to Janus is lost');
    this.#socket.terminate();
    this.#onLost();
  }

  #end(why: string): void {
    this.#isOver = true;
    this.#cancelKeepAlive?.();
    for (const { fail } of [...this.#waiting.values()]) fail(why);
    this.#handles.clear();
  }
}

/** `null` for what is no message: then it is no Janus at the other end, or one that has gone mad. */
function readMessage(text: string): JanusMessage | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as JanusMessage) : null;
  } catch {
    return null;
  }
}
