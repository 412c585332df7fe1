import { connect, createServer, type Server, type Socket } from 'node:net';
import { StreamFramer } from '../server/framing';

/** The TCP connection between one SIPE and the home server: notes every message that passes, byte by byte. */
export class SipWire {
  readonly #server: Server;
  readonly #onMessage: (direction: 'out' | 'in', bytes: Buffer) => void;
  readonly #sockets = new Set<Socket>();

  private constructor(targetPort: number, onMessage: (direction: 'out' | 'in', bytes: Buffer) => void) {
    this.#onMessage = onMessage;
    this.#server = createServer((client) => {
      const home = connect(targetPort, '127.0.0.1');
      this.#pass(client, home, 'out');
      this.#pass(home, client, 'in');
    });
  }

  /** `onMessage` hears of each whole message in the order in which they pass: `out` is what SIPE sent. */
  static async open(targetPort: number, onMessage: (direction: 'out' | 'in', bytes: Buffer) => void): Promise<SipWire> {
    const wire = new SipWire(targetPort, onMessage);
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
      for (const framed of framer.push(bytes)) if (framed.is === 'message') this.#onMessage(direction, framed.bytes);
      to.write(bytes);
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
