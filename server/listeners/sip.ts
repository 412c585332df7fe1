import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Certificate } from '../certificate';
import { Connection, type ConnectionLimits } from '../connection';
import { StreamFramer } from '../framing';
import type { Home } from '../home';
import { cork, longestQueue } from './corked';

/** REG-8 tells clients to send something every 300 s; two and a half times that is silence. */
const silentFor = 750_000;

/** SIP over TCP or TLS (RFC 3261 §18), for native clients. Does not listen yet. */
export class SipListener {
  readonly server: Server;
  readonly #open = new Set<Socket>();

  constructor(home: Home, limits: ConnectionLimits, certificate?: Certificate) {
    const opened = (socket: Socket): void => this.#opened(home, limits, socket, certificate !== undefined);
    this.server =
      certificate === undefined
        ? createServer({ noDelay: true }, opened)
        : createTlsServer({ ...certificate, minVersion: 'TLSv1.2', handshakeTimeout: 10_000 }, opened);
  }

  close(): void {
    this.server.close();
    for (const socket of this.#open) socket.end();
  }

  terminate(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #opened(home: Home, limits: ConnectionLimits, socket: Socket, secure: boolean): void {
    const send = (wire: string): void => {
      if (socket.destroyed) return;
      if (socket.writableLength > longestQueue) {
        socket.destroy();
        return;
      }
      cork(socket);
      socket.write(wire, 'latin1');
    };
    const transport = {
      protocol: secure ? ('TLS' as const) : ('TCP' as const),
      address: socket.remoteAddress ?? '',
      port: socket.remotePort ?? 0,
      send,
      close: () => void socket.end(),
    };
    socket.on('error', () => socket.destroy());
    const connection = Connection.accept(home, transport, limits);
    if (connection === null) {
      socket.destroy();
      return;
    }
    this.#open.add(socket);
    socket.setKeepAlive(true, 60_000);
    socket.setTimeout(silentFor, () => socket.destroy());
    const framer = new StreamFramer();
    socket.on('data', (chunk: Buffer) => {
      for (const framed of framer.push(chunk)) connection.framed(framed);
    });
    socket.on('close', () => {
      this.#open.delete(socket);
      connection.ended();
    });
  }
}
