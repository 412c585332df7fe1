import { TestHome, type TestHomeOptions, testPassword } from '../../server/testing/home';
import { StoreDisk } from '../../server/testing/storeDisk';
import type { Dialect, DialectHost } from '../dialect/dialect';
import { createLync, type LyncOptions } from '../dialect/lync/lync';
import type { StoreTicket } from '../domain/file';
import { type Aor, bareAddress } from '../protocol/sip/uri';
import type { TraceEntry } from '../trace/entry';
import { type FakeWorld, fakeWorld } from './fakeWorld';
import { Ladder } from './ladder';
import { SocketPairs } from './socketPair';

/** One endpoint on the bench. */
interface EndpointOptions {
  password?: string | undefined;
  /** Of its messages in the ladder, and of its trace; the user part when not given. */
  name?: string;
  isQuiet?: boolean;
  /** Where it connects. */
  server?: string;
  /** Of its log; one of its own when not given. */
  trace?: LyncOptions['trace'];
}

/** One message between an endpoint and the server, in the hands of a test. */
export interface Carried {
  text: string;
  from: 'client' | 'server';
  /** The endpoint's. */
  name: string;
  /** To the server. */
  up(text: string): void;
  /** To the endpoint. */
  down(text: string): void;
  /** Ends the connection as the server would. */
  close(code: number, reason?: string): void;
}

export interface HomeBenchOptions extends TestHomeOptions {
  /** How the connections come to the server: `TLS` is what an edge makes of a browser's, and asks for NTLM. */
  protocol?: 'WSS' | 'TLS';
  /** With a file store. */
  keepsFiles?: boolean;
}

/** The real home server in this process, and real dialects connected to it through in-memory sockets. */
export class HomeBench {
  readonly home: TestHome;
  /** Its clock goes as the server's does. */
  readonly world: FakeWorld;
  readonly ladder = new Ladder();
  readonly #pairs = new Map<Dialect, SocketPairs>();
  readonly #traces = new Map<string, TraceEntry[]>();
  /** What the network does with a message: passes it, unless a test has other plans. */
  carry: (message: Carried) => void = ({ from, text, up, down }) => (from === 'client' ? up(text) : down(text));
  /** What a server answers to who connects: a close code, or `null` to let them in. */
  greet: () => { code: number; reason: string } | null = () => null;
  /** Whether keep-alives are answered. */
  answersPings = true;
  #endpoints = 0;

  readonly #protocol: 'WSS' | 'TLS';
  readonly #store: StoreDisk | null;
  #isListening = false;

  constructor({ protocol = 'WSS', keepsFiles = false, ...options }: HomeBenchOptions = {}) {
    this.#protocol = protocol;
    this.#store = keepsFiles ? new StoreDisk() : null;
    this.home = new TestHome({ files: this.#store, ...options });
    this.world = fakeWorld(1, this.home.clock.now());
  }

  /** A new endpoint of a person. */
  dialect(aor: Aor, host: DialectHost, options: EndpointOptions = {}): Dialect {
    const {
      password = testPassword,
      name = userOf(aor),
      isQuiet = false,
      server = 'wss://contoso.example/sip',
    } = options;
    this.#endpoints += 1;
    const hex = this.#endpoints.toString(16).padStart(8, '0');
    const pairs = new SocketPairs((far) => {
      const refusal = this.greet();
      // Before it is open a browser tells 1006 only; a code of its own a server gives to an open one.
      const refuse = () => refusal !== null && far.close(refusal.code, refusal.reason);
      if (refusal !== null) return refusal.code === 1006 ? void refuse() : setImmediate(refuse);
      const way = {
        name,
        up: (text: string) => flow.send(text),
        down: (text: string) => far.send(text),
        close: (code: number, reason = '') => far.close(code, reason),
      };
      const receive = (text: string) => this.carry({ ...way, text, from: 'server' });
      const flow = this.home.connect(receive, { protocol: this.#protocol });
      // Keep-alives end at the listener, which is not here.
      far.onText = (text) => {
        if (text.trim() !== '') return this.carry({ ...way, text, from: 'client' });
        if (this.answersPings) far.send('\r\n');
      };
      far.onClose = () => flow.lose();
    });
    const dialect = createLync({
      world: this.world,
      server,
      account: { aor, password },
      instanceId: `${hex}-0000-4000-8000-${hex.padStart(12, '0')}`,
      epid: hex,
      host,
      isQuiet,
      trace: (entry) => {
        const frame = options.trace?.(entry);
        if (frame !== undefined) return frame;
        this.ladder.tap(name)(entry);
        const trace = this.traceOf(name);
        return trace.push({ ...entry, seq: trace.length + 1 });
      },
      openSocket: pairs.openSocket,
    });
    this.#pairs.set(dialect, pairs);
    return dialect;
  }

  /** Everything that the endpoints of this name saw at their sockets. */
  traceOf(name: string): TraceEntry[] {
    const known = this.#traces.get(name);
    if (known !== undefined) return known;
    const trace: TraceEntry[] = [];
    this.#traces.set(name, trace);
    return trace;
  }

  /** Time passes at both ends, a tenth of a second at a time if not told, and everything under way arrives. */
  async elapse(ms: number, stepMs = 100): Promise<void> {
    await this.settle();
    for (let left = ms; left > 0; left -= stepMs) {
      const step = Math.min(stepMs, left);
      await this.world.elapse(step);
      this.home.clock.advance(step);
      await this.settle();
    }
  }

  /** Everything that is on its way arrives; time stands still. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  cut(dialect: Dialect): void {
    const pairs = this.#of(dialect);
    pairs.network = 'down';
    pairs.cut();
  }

  mend(dialect: Dialect): void {
    this.#of(dialect).network = 'up';
  }

  /** Brings more of a file over HTTP, as a tab does. */
  async put(ticket: StoreTicket, bytes: Uint8Array, size: number): Promise<number> {
    const range = `bytes ${ticket.received}-${ticket.received + bytes.length - 1}/${size}`;
    const body = new Uint8Array(bytes);
    return (await this.#http(ticket, { method: 'PUT', body, headers: { 'Content-Range': range } })).status;
  }

  async get(ticket: StoreTicket): Promise<Uint8Array | number> {
    const answer = await this.#http(ticket, {});
    return answer.status === 200 ? new Uint8Array(await answer.arrayBuffer()) : answer.status;
  }

  async #http({ id, ticket }: StoreTicket, init: RequestInit): Promise<Response> {
    if (this.#store === null) throw new Error('this bench keeps no files');
    if (!this.#isListening) await this.#store.listen(() => this.home.home.transfers);
    this.#isListening = true;
    const headers = { ...init.headers, Authorization: `Bearer ${ticket}` };
    return fetch(`http://127.0.0.1:${this.#store.port}/files/${id}`, { ...init, headers });
  }

  #of(dialect: Dialect): SocketPairs {
    const pairs = this.#pairs.get(dialect);
    if (pairs === undefined) throw new Error('this dialect is of another bench');
    return pairs;
  }

  async close(): Promise<void> {
    const leaving = [...this.#pairs.keys()].map((dialect) => dialect.signOut());
    await this.elapse(3_000);
    await Promise.all(leaving);
    await this.#store?.close();
  }
}

function userOf(aor: Aor): string {
  return bareAddress(aor).split('@')[0] ?? aor;
}
