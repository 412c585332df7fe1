import type { Dialect, DialectHost } from '../../dialect/dialect';
import { type Check, type Link, links, type RelayTried, type Room, type Skipped } from '../../domain/checkup';
import { type Failure, failed, type Outcome, ok } from '../../domain/failure';
import type { Relays } from '../../domain/sharing';
import type { Aor, Gruu } from '../../protocol/sip/uri';
import type { NewEntry } from '../../trace/entry';
import { readFrame } from '../../trace/frame';
import { formatNote, type Note } from '../../trace/notes';
import type { World } from '../../world';
import { type Ask, discover, isLoopback, serverUrl } from '../discovery';
import { signInFailed } from '../logging';
import { httpUrl, whyNoWebSocket } from '../signIn';
import { Evidence } from './evidence';
import { Findings } from './findings';
import { Cancelled, Patience } from './patience';
import { Visit } from './visit';

/** Who signs in, and where. */
export interface Visitor {
  aor: Aor;
  userName: string | null;
  /** `''` where none was given: then it ends before the sign-in. */
  password: string;
  /** As typed; `null` is automatic configuration. */
  server: string | null;
  /** Where this person is signed in, or was last time. */
  knownServer: string | null;
}

export interface WalkParts {
  world: World;
  ask: Ask;
  pageOrigin: string;
  /** `null`: no address was given, and only this browser is looked at. */
  visitor(): Promise<Visitor | null>;
  /** The session of the person, when it stands: the message to oneself comes from it. */
  live: Dialect | null;
  notifications: 'granted' | 'denied' | 'default' | 'unknown';
  /** A quiet endpoint of this name; `overhear` gets what passes at its socket, with its number in the log. */
  connect(visitor: Visitor, name: string, server: string, host: DialectHost, overhear: Overhear): Promise<Dialect>;
  /** Logs, and answers the number. */
  log(entry: NewEntry): number;
  room(): Promise<Room>;
  onChange(checks: Readonly<Record<Link, Check>>, server: string | null): void;
}

export type Overhear = (entry: NewEntry, frame: number) => void;

/** Together with discovery's two seconds no link is waited for longer than ten seconds from the start. */
const patienceMs = {
  answer: 2_500,
  connection: 4_000,
  registration: 5_000,
  loading: 5_000,
  message: 6_000,
  conference: 6_000,
  relays: 3_000,
  relayed: 7_000,
  room: 3_000,
  leaving: 3_000,
} as const;

/** Above this part of the quota, or below this many bytes, there is little room. */
const fullPart = 0.95;
const littleRoom = 20_000_000;

/** One walk of the doctor, link by link, each by what a client does there. It leaves nothing behind. */
export class Walk {
  readonly #parts: WalkParts;
  readonly #evidence = new Evidence();
  readonly #patience: Patience;
  readonly #findings: Findings;
  readonly #visits: Visit[] = [];
  #server: string | null = null;
  /** Nothing names a server: no fault of its own, where the one of last time is away, since that may have named itself. */
  #isLost = false;
  #answersHttp = false;
  /** The call to oneself from the live session, whose other messages are none of ours. */
  #greetedAt: Gruu | null = null;
  #greetingCallId: string | null = null;
  #tellRelays: (relays: Outcome<Relays>) => void = () => undefined;
  #tellRelayed: (tried: readonly RelayTried[]) => void = () => undefined;
  /** Where the tab is to look for a way for media; `cancelled` when it does not come to that. */
  readonly relays = new Promise<Outcome<Relays>>((resolve) => {
    this.#tellRelays = resolve;
  });
  readonly #relayed = new Promise<Outcome<readonly RelayTried[]>>((resolve) => {
    this.#tellRelayed = (tried) => resolve(ok(tried));
  });

  constructor(parts: WalkParts) {
    this.#parts = parts;
    this.#patience = new Patience(parts.world, (what, afterSeconds) => {
      this.#note({ is: 'givenUp', what, afterSeconds });
    });
    this.#findings = new Findings(parts.world, this.#evidence, (checks) => parts.onChange(checks, this.#server));
  }

  async run(): Promise<void> {
    try {
      await this.#lookAtServer();
      await this.#lookAtBrowser();
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
      this.#findings.skip({ is: 'cancelled' }, ...links);
    } finally {
      this.#tellRelays(failed({ is: 'cancelled' }));
      await this.#leave();
    }
  }

  cancel(): void {
    this.#patience.cancel();
  }

  takeRelayed(tried: readonly RelayTried[]): void {
    this.#tellRelayed(tried);
  }

  /** What passes at the live session's socket. */
  overhear(entry: NewEntry, frame: number): void {
    if (this.#greetedAt === null || entry.kind === 'ping') return;
    const { is, uri, callId } = readFrame(entry);
    if (is === 'request' && uri === this.#greetedAt) this.#greetingCallId = callId;
    if (entry.kind === 'state' || callId === this.#greetingCallId) this.#evidence.add(entry, frame);
  }

  #note(note: Note, kind: 'signIn' | 'media' | 'store' | 'ui' = 'signIn'): void {
    const at = this.#parts.world.now();
    const entry: NewEntry = { at, direction: 'in', kind, url: '', text: formatNote(note), level: 'warning' };
    this.#evidence.add(entry, this.#parts.log(entry));
  }

  /** Everything from a link on. */
  #skipFrom(link: Link, because: Skipped): void {
    const last = links.indexOf('notifications');
    this.#findings.skip(because, ...links.slice(links.indexOf(link), last));
  }

  async #lookAtServer(): Promise<void> {
    const visitor = await this.#parts.visitor();
    if (visitor === null) return this.#skipFrom('discovery', { is: 'noAddress' });
    this.#server = await this.#discover(visitor);
    if (this.#server === null) return this.#skipFrom('secureConnection', { is: 'after', link: 'discovery' });
    await this.#lookAtConnection(this.#server);
    const visit = await this.#signIn(this.#server, visitor);
    if (visit === null) return;
    await this.#greet(visit, visitor, this.#server);
    await this.#meet(visit);
    await this.#lookAtRelays(visit);
  }

  // ---- Finding and connecting -------------------------------------------------------------------------------------------

  async #discover({ aor, server, knownServer }: Visitor): Promise<string | null> {
    const { world, ask, pageOrigin } = this.#parts;
    this.#findings.begin('discovery');
    if (server !== null) {
      const url = serverUrl(server);
      const outcome = url === null ? failed({ is: 'invalid', what: 'server' } as const) : ok(url);
      this.#findings.judge('discovery', outcome, { is: 'server', url: url ?? server, method: 'manual' });
      return url;
    }
    let method = '';
    const onSteps: Parameters<typeof discover>[1]['onSteps'] = (steps) => {
      method = steps.find(({ state }) => state === 'found')?.method ?? '';
    };
    const looked = discover(aor, { world, ask, pageOrigin, remembered: null, onSteps });
    const outcome = await this.#patience.wait('discovery', patienceMs.connection, looked.then(ok));
    const found = outcome.ok ? outcome.value : null;
    this.#isLost = found === null;
    if (found === null && knownServer === null) this.#noteLost();
    const detail = {
      is: 'server',
      url: found ?? knownServer ?? '',
      method: found === null ? 'remembered' : method,
    } as const;
    this.#findings.judge('discovery', ok(found), detail);
    return found ?? knownServer;
  }

  #noteLost(): void {
    this.#note({ is: 'signInFailed', why: 'notFound', url: '' });
  }

  /** Whether anything answers there: why a connection fails, a page is not told. */
  async #lookAtConnection(server: string): Promise<void> {
    this.#findings.begin('secureConnection');
    const { protocol, hostname } = new URL(server);
    if (protocol === 'ws:' && !isLoopback(hostname)) this.#note({ is: 'notEncrypted', url: server });
    const asked = Promise.race([this.#parts.ask(httpUrl(server), {}), this.#silence(patienceMs.answer)]);
    const answer = await this.#patience.wait('secureConnection', patienceMs.connection, asked.then(ok));
    this.#answersHttp = answer.ok && answer.value !== null;
    if (this.#answersHttp) this.#connectionIsThere(server);
  }

  #silence(ms: number): Promise<null> {
    return new Promise((resolve) => void this.#parts.world.after(ms, () => resolve(null)));
  }

  #connectionIsThere(server: string): void {
    const { protocol, host } = new URL(server);
    const detail = { is: 'connection', host, isEncrypted: protocol === 'wss:' } as const;
    this.#findings.judge('secureConnection', ok(undefined), detail);
  }

  /** `null`: it goes no further. */
  async #signIn(server: string, visitor: Visitor): Promise<Visit | null> {
    this.#findings.begin('webSocket');
    const visit = await this.#visit('doctor', visitor, server);
    const connected = await this.#patience.wait('webSocket', patienceMs.connection, visit.until(visit.connected));
    if (!connected.ok) {
      await this.#notConnected(server, connected.failure);
      return null;
    }
    if (this.#isLost) this.#noteLost();
    if (this.#findings.is('secureConnection', 'running')) this.#connectionIsThere(server);
    this.#findings.judge('webSocket', connected);
    // Its echo tells a silent way from a silent registrar.
    visit.dialect.reconnectNow();
    if (visitor.password === '') {
      this.#skipFrom('registration', { is: 'noPassword' });
      return null;
    }
    this.#findings.begin('registration');
    const registered = await this.#patience.wait(
      'registration',
      patienceMs.registration,
      visit.until(visit.registered),
    );
    this.#findings.judge('registration', registered);
    if (!registered.ok) {
      this.#skipFrom('settings', { is: 'after', link: 'registration' });
      return null;
    }
    await this.#load(visit, visitor.aor);
    return visit;
  }

  /** Where nothing answers HTTP either, it is not the WebSocket. */
  async #notConnected(server: string, failure: Failure): Promise<void> {
    const asked = whyNoWebSocket(server, this.#parts).then(ok);
    const why = await this.#patience.wait('webSocket', patienceMs.answer, asked);
    const reason = why.ok ? why.value : ({ is: 'unreachable', url: server } as const);
    this.#note(signInFailed(reason, server));
    this.#findings.judge(this.#answersHttp ? 'webSocket' : 'secureConnection', failed(failure));
    const broken: Link = this.#findings.is('webSocket', 'broken') ? 'webSocket' : 'secureConnection';
    this.#skipFrom('webSocket', { is: 'after', link: broken });
  }

  async #visit(name: string, visitor: Visitor, server: string): Promise<Visit> {
    const visit = new Visit();
    this.#visits.push(visit);
    const overhear: Overhear = (entry, frame) => this.#evidence.add(entry, frame);
    visit.begin(await this.#parts.connect(visitor, name, server, visit, overhear));
    return visit;
  }

  /** Settings and subscriptions come at once; a person's own presence is followed as a contact's is. */
  async #load(visit: Visit, aor: Aor): Promise<void> {
    this.#findings.begin('settings', 'subscriptions');
    const loaded = await this.#patience.wait('settings', patienceMs.loading, visit.loaded);
    this.#findings.judge('settings', isTimeout(loaded) ? ok(undefined) : loaded);
    const watched = loaded.ok
      ? await this.#patience.wait('subscriptions', patienceMs.loading, visit.watch(aor))
      : loaded;
    this.#findings.judge('subscriptions', watched);
  }

  // ---- Talking ----------------------------------------------------------------------------------------------------------

  /** From the live session, where there is one, to the doctor's endpoint; else between two of the doctor's. */
  async #greet(visit: Visit, visitor: Visitor, server: string): Promise<void> {
    this.#findings.begin('message');
    const { live } = this.#parts;
    const greeted =
      live === null ? this.#greetOther(visit, visitor, server) : this.#greetFrom(live, visit.dialect.endpoint);
    const outcome = await this.#patience.wait('message', patienceMs.message, greeted);
    if (!outcome.ok && outcome.failure.is === 'unsupported')
      return this.#findings.skip({ is: 'notOffered' }, 'message');
    this.#findings.judge('message', outcome);
  }

  async #greetOther(visit: Visit, visitor: Visitor, server: string): Promise<Outcome<void>> {
    const other = await this.#visit('doctor 2', visitor, server);
    const registered = await other.until(other.registered);
    return registered.ok ? this.#greetFrom(visit.dialect, other.dialect.endpoint) : registered;
  }

  #greetFrom(dialect: Dialect, endpoint: Gruu | null): Promise<Outcome<void>> {
    if (endpoint === null) return Promise.resolve(failed({ is: 'unsupported', what: 'GRUU' }));
    this.#greetedAt = endpoint;
    return dialect.greet(endpoint);
  }

  async #meet(visit: Visit): Promise<void> {
    if (visit.capabilities?.conferences !== true) return this.#findings.skip(this.#notOffered(), 'conference');
    this.#findings.begin('conference');
    const outcome = await this.#patience.wait('conference', patienceMs.conference, visit.meet(this.#parts.world));
    this.#findings.judge('conference', outcome);
  }

  /** The settings name what a server offers. */
  #notOffered(): Skipped {
    return this.#findings.is('settings', 'fine') ? { is: 'notOffered' } : { is: 'after', link: 'settings' };
  }

  async #lookAtRelays(visit: Visit): Promise<void> {
    this.#findings.begin('relay');
    const relays = await this.#patience.wait('relay', patienceMs.relays, visit.dialect.media.relays());
    if (!relays.ok) return this.#findings.judge('relay', relays);
    const isThere = relays.value.servers.length > 0;
    if (!isThere && !this.#findings.isShown('relay')) return this.#findings.skip(this.#notOffered(), 'relay');
    if (!isThere) return this.#findings.judge('relay', relays);
    this.#tellRelays(relays);
    const tried = await this.#patience.wait('relay', patienceMs.relayed, this.#relayed);
    for (const { url, error } of tried.ok ? tried.value : []) {
      if (error !== null) this.#note({ is: 'relayError', url, code: error }, 'media');
    }
    const urls = relays.value.servers.flatMap((server) => server.urls);
    this.#findings.judge('relay', tried, { is: 'relays', urls });
  }

  // ---- This browser -----------------------------------------------------------------------------------------------------

  async #lookAtBrowser(): Promise<void> {
    const { notifications: permission } = this.#parts;
    this.#findings.begin('notifications');
    if (permission === 'denied') this.#note({ is: 'notificationsDenied' }, 'ui');
    if (permission === 'unknown') this.#findings.skip({ is: 'notOffered' }, 'notifications');
    else {
      const detail = permission === 'denied' ? null : ({ is: 'permission', permission } as const);
      this.#findings.judge('notifications', ok(undefined), detail);
    }
    this.#findings.begin('storage');
    const outcome = await this.#patience.wait('storage', patienceMs.room, this.#parts.room().then(ok));
    if (!outcome.ok) return this.#findings.judge('storage', failed({ is: 'storage' }));
    const { used, quota, error } = outcome.value;
    if (error !== null) this.#note({ is: 'notStored', what: 'a test of the doctor', error }, 'store');
    else if (used !== null && quota !== null && (used > quota * fullPart || quota - used < littleRoom)) {
      this.#note({ is: 'storageLow', used, quota }, 'store');
    }
    this.#findings.judge('storage', outcome, { is: 'room', used, quota });
  }

  async #leave(): Promise<void> {
    const left = Promise.all(this.#visits.map((visit) => visit.end()));
    await Promise.race([left, this.#silence(patienceMs.leaving)]);
  }
}

const isTimeout = (outcome: Outcome<unknown>): boolean => !outcome.ok && outcome.failure.is === 'timedOut';
