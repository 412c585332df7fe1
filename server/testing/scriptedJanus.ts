import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { engineSdp } from './scriptedForwarder';

interface Asked {
  readonly janus: string;
  readonly transaction: string;
  readonly apisecret?: string;
  readonly session_id?: number;
  readonly handle_id?: number;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly jsep?: { readonly type: string; readonly sdp: string };
}

/** A Janus with a video room and no media, in a test's hands: it answers soundly and keeps what it is asked. */
export class ScriptedJanus {
  readonly asked: Asked[] = [];
  /** Answers a request of the video room with this code instead. */
  refuse: { request: string; code: number } | null = null;
  /** Says nothing any more. */
  isSilent = false;
  readonly #server: WebSocketServer;
  #socket: WebSocket | null = null;
  #count = 0;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#socket = socket;
      socket.on('message', (data) => this.#take(JSON.parse(String(data)) as Asked));
    });
  }

  static async start(): Promise<ScriptedJanus> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'janus-protocol' });
    await new Promise((resolve) => server.once('listening', resolve));
    return new ScriptedJanus(server);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What the video room was asked, as `request` words in order. */
  get requests(): string[] {
    return this.asked.flatMap(({ body }) => (typeof body?.request === 'string' ? [body.request] : []));
  }

  /** The last one of a request. */
  last(request: string): Asked | undefined {
    return this.asked.findLast(({ body }) => body?.request === request);
  }

  tell(event: object): void {
    this.#socket?.send(JSON.stringify(event));
  }

  drop(): void {
    this.#socket?.terminate();
  }

  async close(): Promise<void> {
    this.#socket?.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(asked: Asked): void {
    this.asked.push(asked);
    if (this.isSilent) return;
    const { janus, transaction, handle_id: sender } = asked;
    if (asked.apisecret !== 'the secret') {
      return this.tell({ janus: 'error', transaction, error: { code: 403, reason: 'Unauthorized request' } });
    }
    this.#count += 1;
    if (janus === 'create' || janus === 'attach') {
      return this.tell({ janus: 'success', transaction, data: { id: 1000 + this.#count } });
    }
    if (janus !== 'message') return this.tell({ janus: janus === 'keepalive' ? 'ack' : 'success', transaction });
    const data = this.#dataFor(asked.body ?? {});
    // Requests about the room itself are answered at once; those about a connection by an event after an ack.
    const isSynchronous = ['create', 'destroy'].includes(String(asked.body?.request));
    if (isSynchronous) return this.tell({ janus: 'success', transaction, sender, plugindata: { data } });
    this.tell({ janus: 'ack', transaction });
    this.tell({ janus: 'event', transaction, sender, plugindata: { data }, ...this.#jsepFor(asked) });
  }

  #dataFor({ request }: Readonly<Record<string, unknown>>): object {
    if (this.refuse === null || this.refuse.request !== request) return { videoroom: 'event' };
    return { videoroom: 'event', error: 'scripted', error_code: this.refuse.code };
  }

  #jsepFor({ body, jsep }: Asked): object {
    if (this.refuse?.request === body?.request) return {};
    if (jsep?.type === 'offer') {
      return { jsep: { type: 'answer', sdp: engineSdp('recvonly', `ans${this.#count}`, 'active') } };
    }
    const offers = body?.request === 'join' || body?.restart === true;
    return offers ? { jsep: { type: 'offer', sdp: engineSdp('sendonly', `off${this.#count}`, 'actpass') } } : {};
  }
}
