import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { limits } from '../codec';
import type { Transport } from '../flow';
import { cork, longestQueue } from './corked';

/** A connection that has answered none of two pings is dead. */
const pingEvery = 25_000;

/** Takes what one WebSocket brings. */
export interface WebSocketUser {
  /** One whole SIP message. */
  message(bytes: Buffer): void;
  /** A keep-alive came (RFC 5626 §3.5.1); it has been answered. */
  pinged?(): void;
  ended(): void;
}

/** Who takes an open WebSocket; `null` when nobody does and it was closed with the reason. */
export type WebSocketAcceptor = (transport: Transport) => WebSocketUser | null;

/** SIP over WebSocket (RFC 7118). Give it the upgrades of the HTTP server, which has checked them. */
export class WebSocketListener {
  readonly #server: WebSocketServer;
  readonly #open = new Set<WebSocket>();

  constructor() {
    this.#server = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      // The codec checks UTF-8 itself, for text and binary frames alike.
      skipUTF8Validation: true,
      // Up to twice the limit is read and answered 513; beyond that `ws` closes with 1009.
      maxPayload: 2 * limits.message,
      handleProtocols: (offered) => (offered.has('sip') ? 'sip' : false),
    });
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, secure: boolean, accept: WebSocketAcceptor): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      request.socket.setNoDelay(true);
      webSocket.on('error', () => webSocket.terminate());
      const user = accept(transportOf(webSocket, request.socket, secure));
      if (user !== null) this.#opened(webSocket, user);
    });
  }

  close(): void {
    for (const webSocket of this.#open) webSocket.close(1001, 'the server is stopping');
    this.#server.close();
  }

  /** Ends what a polite close did not. */
  terminate(): void {
    for (const webSocket of this.#open) webSocket.terminate();
  }

  #opened(webSocket: WebSocket, user: WebSocketUser): void {
    this.#open.add(webSocket);
    const stopPings = this.#ping(webSocket);
    webSocket.on('message', (data: Buffer) => {
      if (data.length > 4 || !isLineEnds(data)) return user.message(data);
      if (data.length < 4) return;
      webSocket.send('\r\n');
      user.pinged?.();
    });
    webSocket.on('close', () => {
      stopPings();
      this.#open.delete(webSocket);
      user.ended();
    });
  }

  #ping(webSocket: WebSocket): () => void {
    let unanswered = 0;
    const heard = (): void => {
      unanswered = 0;
    };
    webSocket.on('pong', heard);
    webSocket.on('message', heard);
    const timer = setInterval(() => {
      if (unanswered >= 2) return webSocket.terminate();
      unanswered += 1;
      webSocket.ping();
    }, pingEvery);
    timer.unref();
    return () => clearInterval(timer);
  }
}

function isLineEnds(data: Buffer): boolean {
  return data.every((byte) => byte === 13 || byte === 10);
}

function transportOf(webSocket: WebSocket, socket: Socket, secure: boolean): Transport {
  return {
    protocol: secure ? 'WSS' : 'WS',
    address: socket.remoteAddress ?? '',
    port: socket.remotePort ?? 0,
    send: (wire) => {
      if (webSocket.readyState !== webSocket.OPEN) return;
      if (webSocket.bufferedAmount > longestQueue) return webSocket.terminate();
      cork(socket);
      webSocket.send(Buffer.from(wire, 'latin1'), { binary: false });
    },
    close: (why, code = 1008) => webSocket.close(code, why.slice(0, 120)),
  };
}

export function refuseUpgrade(socket: Duplex, status: number, why: string): void {
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(why)}\r\n\r\n${why}`,
  );
}
