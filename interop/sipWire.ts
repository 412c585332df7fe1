import { connect, createServer, type Server, type Socket } from 'node:net';
import { StreamFramer } from '../server/framing';

/** Hears of each whole message in the order in which they pass (`out` is what SIPE sent), and says what goes on. */
type Tap = (direction: 'out' | 'in', message: Buffer) => Buffer;

/** The TCP connection between one SIPE and the home server: every message that passes can be noted and altered, byte by byte. */
export class SipWire {
  readonly #server: Server;
  readonly #tap: Tap;
  readonly #sockets = new Set<Socket>();

  private constructor(targetPort: number, tap: Tap) {
    this.#tap = tap;
    this.#server = createServer((client) => {
      const home = connect(targetPort, '127.0.0.1');
      this.#pass(client, home, 'out');
      this.#pass(home, client, 'in');
    });
  }

  static async open(targetPort: number, tap: Tap): Promise<SipWire> {
    const wire = new SipWire(targetPort, tap);
    await new Promise<void>((resolve) => wire.#server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  #pass(from: Socket, to: Socket, direction: 'out' | 'in'): void {
    const framer = new StreamFramer();
    this.#sockets.add(from);
    from.on('data', (bytes: Buffer) => {
      for (const framed of framer.push(bytes)) {
        if (framed.is === 'ping') to.write('\r\n\r\n');
        else to.write(framed.is === 'message' ? this.#tap(direction, framed.bytes) : framed.bytes);
      }
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
