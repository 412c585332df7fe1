import { type Aor, aorOf, domainOf } from '../../src/protocol/sip/uri';
import type { Transport } from '../flow';
import { Home, type HomeOptions } from '../home';
import { type Database, openDatabase } from '../store/database';
import { type Connect, TestEndpoint } from './endpoint';
import { type EndpointOptions, type LadderStep, TestFlow } from './flow';
import { ManualClock } from './manualClock';
import { NativeEndpoint, type NativeOptions } from './nativeEndpoint';
import { RecordedSipe } from './recordedSipe';
import type { Recording } from './recording';

export const testPassword = 'correct horse';

export interface TestHomeOptions extends Partial<Omit<HomeOptions, 'database'>> {
  /** In memory when not given. */
  database?: Database;
  /** Address and display name; alice, bob and carol when not given. Their password is `testPassword`. */
  people?: readonly (readonly [address: string, displayName: string])[];
}

const cast = [
  ['alice@contoso.example', 'Alice Ångström'],
  ['bob@contoso.example', 'Bob Barends'],
  ['carol@contoso.example', 'Carol Chen'],
] as const;

/** A whole home server in memory, with connections that a test holds in its hands. Nothing in it waits for real time. */
export class TestHome {
  readonly clock = new ManualClock();
  readonly database: Database;
  readonly home: Home;
  readonly ladder: LadderStep[] = [];
  readonly #epids = new Map<string, number>();

  constructor({ people = cast, database, ...options }: TestHomeOptions = {}) {
    this.database = database ?? openDatabase(':memory:');
    const domain = options.domain ?? 'contoso.example';
    const secretKey = options.secretKey ?? Buffer.alloc(32, 7);
    this.home = new Home({ clock: this.clock, ...options, domain, secretKey, database: this.database });
    for (const [address, displayName] of people) this.addPerson(address, displayName);
  }

  addPerson(address: string, displayName: string, password = testPassword): Aor {
    const aor = personOf(address);
    this.home.accounts.add(aor, { displayName }, password);
    return aor;
  }

  /** A connection that has said nothing yet. `receive` gets every message that the server sends, as text. */
  connect(receive: (text: string) => void, options: Partial<Transport> & { name?: string } = {}): TestFlow {
    return new TestFlow(this, receive, options);
  }

  /** A connection of one endpoint, not signed in. The epid is new for each call unless given. */
  endpoint(address: string, options: EndpointOptions = {}): TestEndpoint {
    return this.#make(TestEndpoint, address, options);
  }

  /** A connection of one native client over TCP, or TLS, not signed in. */
  native(address: string, options: NativeOptions = {}): NativeEndpoint {
    return this.#make(NativeEndpoint, address, { protocol: 'TCP', ...options });
  }

  /** A pidgin-sipe that sends what it sent in a recorded session, not signed in. */
  recordedSipe(recording: Recording): RecordedSipe {
    const { address, epid } = recording;
    return this.#make(RecordedSipe, address, { protocol: 'TCP', epid, recording });
  }

  #make<Made, Options extends EndpointOptions>(
    kind: new (aor: Aor, connect: Connect, options: Options & { epid: string; domain: string }) => Made,
    address: string,
    options: Options,
  ): Made {
    const aor = personOf(address);
    const count = (this.#epids.get(aor) ?? 0) + 1;
    this.#epids.set(aor, count);
    const user = aor.slice('sip:'.length, aor.indexOf('@'));
    const epid = options.epid ?? `${user}${count}`;
    const connect = (receive: (text: string) => void) => this.connect(receive, { ...options, name: epid });
    return new kind(aor, connect, { ...options, epid, domain: domainOf(aor) });
  }

  /** An endpoint signed in by digest. Throws when refused. */
  signIn(address: string, options: EndpointOptions = {}): TestEndpoint {
    return this.#registered(this.endpoint(address, options), address, options);
  }

  /** A native client signed in by NTLM. Throws when refused. */
  signInNative(address: string, options: NativeOptions = {}): NativeEndpoint {
    return this.#registered(this.native(address, options), address, options);
  }

  #registered<Made extends TestEndpoint>(endpoint: Made, address: string, options: EndpointOptions): Made {
    const answer = endpoint.register(options.password ?? testPassword);
    if (answer.status !== 200) throw new Error(`${address} was refused: ${answer.status} ${answer.reason}`);
    return endpoint;
  }
}

function personOf(address: string): Aor {
  const aor = aorOf(address);
  if (aor === null) throw new Error(`not an address: ${address}`);
  return aor;
}
