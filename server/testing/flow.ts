import type { Flow, Transport } from '../flow';
import type { Home } from '../home';

/** One message on the wire: who sent it to the server, or got it from there. */
export interface LadderStep {
  readonly who: string;
  readonly direction: 'to server' | 'from server';
  readonly text: string;
}

export interface EndpointOptions {
  epid?: string;
  password?: string;
  protocol?: Transport['protocol'];
  /** IP address of the peer. */
  address?: string;
}

/** What a connection needs of the test that it is part of. */
interface Bench {
  readonly home: Home;
  readonly ladder: LadderStep[];
}

/** One connection to the server, in a test's hands. */
export class TestFlow {
  readonly flow: Flow;
  /** Why the server closed the connection; `null` while it is open. */
  closedWith: string | null = null;
  readonly #bench: Bench;
  readonly #name: string;

  constructor(bench: Bench, receive: (text: string) => void, options: Partial<Transport> & { name?: string }) {
    this.#bench = bench;
    this.#name = options.name ?? 'somebody';
    const { home, ladder } = bench;
    this.flow = home.accept({
      protocol: options.protocol ?? 'WSS',
      address: options.address ?? '192.0.2.1',
      port: options.port ?? 50_000,
      send: (wire) => {
        const text = Buffer.from(wire, 'latin1').toString('utf8');
        ladder.push({ who: this.#name, direction: 'from server', text });
        if (text !== '\r\n') receive(text);
      },
      close: (why) => {
        this.closedWith = why;
        this.lose();
      },
    });
  }

  send(text: string): void {
    this.#bench.ladder.push({ who: this.#name, direction: 'to server', text });
    const { home } = this.#bench;
    const bytes = Buffer.from(text, 'utf8');
    home.tap?.received(this.flow, bytes);
    home.receiver.receive(this.flow, bytes);
  }

  /** The connection breaks. */
  lose(): void {
    this.#bench.home.lost(this.flow);
  }
}
