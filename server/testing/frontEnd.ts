import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { StreamFramer } from '../framing';
import { portOf } from '../listening';

/** A Front End's port in a test's hands: it keeps what it is sent, whole messages as latin1, and says what it is told. */
export class FrontEnd {
  readonly port: number;
  /** Messages, and `ping` for a keep-alive. */
  readonly received: string[] = [];
  readonly sockets: Socket[] = [];
  readonly #server: ReturnType<typeof createServer>;
  readonly #waiting: (() => void)[] = [];

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.port = portOf(server);
  }

  /** TLS when there are options for it, else TCP. */
  static async listen(tls?: TlsOptions): Promise<FrontEnd> {
    const accepted = (socket: Socket): void => frontEnd.#accepted(socket);
    const server = tls === undefined ? createServer(accepted) : createTlsServer(tls, accepted);
    // A client that does not trust us ends the handshake; that is for it to tell.
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const frontEnd = new FrontEnd(server);
    return frontEnd;
  }

  #accepted(socket: Socket): void {
    const framer = new StreamFramer();
    this.sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#changed());
    socket.on('data', (chunk: Buffer) => {
      for (const framed of framer.push(chunk)) {
        this.received.push(framed.is === 'message' ? framed.bytes.toString('latin1') : framed.is);
      }
      this.#changed();
    });
    this.#changed();
  }

  #changed(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Waits until `get` finds something; it is asked again whenever something came or a connection ended. */
  async until<T>(get: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = get();
      if (found !== undefined && found !== false) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  message(index: number): Promise<string> {
    return this.until(() => this.received[index]);
  }

  /** Says it on the newest connection. */
  send(text: string): void {
    this.sockets.at(-1)?.write(text, 'latin1');
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
