import type { ContactsPort, Dialect, DialectHost, DirectoryPort, PresencePort, Report } from '../dialect/dialect';
import { done, type Failure, failed, type Outcome, ok } from '../domain/failure';
import type { GroupId } from '../domain/ids';
import { otherContacts } from '../domain/ids';
import type { Account, Card, Contact, Group, Presence, SettableStatus } from '../domain/people';
import type { Policy } from '../domain/policy';
import type { Aor, FocusUri, Gruu } from '../protocol/sip/uri';
import type { World } from '../world';
import { type ConferenceTown, FakeConferences } from './fakeConferences';
import { FakeIm } from './fakeIm';
import { FakeMedia } from './fakeMedia';
import type { FakeSharingMcu } from './fakeSharingMcu';
import { FakeStorePort } from './fakeStore';

/** What the town's server knows of one person. */
export interface Resident {
  readonly aor: Aor;
  readonly displayName: string;
  password: string;
  card: Card;
  policy: Policy;
  readonly groups: Map<GroupId, Group>;
  readonly contacts: Map<Aor, Contact>;
  picked: SettableStatus;
  note: string;
  /** Those that are signed in and connected. */
  readonly endpoints: Set<FakeEndpoint>;
}

/** What an endpoint needs of the town. */
interface Town extends ConferenceTown {
  readonly residents: Iterable<Resident>;
  find(aor: Aor): Resident | undefined;
  resident(aor: Aor): Resident;
  endpointsOf(aor: Aor): readonly FakeEndpoint[] | undefined;
  presenceOf(aor: Aor): Presence;
  presenceChanged(aor: Aor): void;
}

/** One endpoint in the fake town. Beside the dialect it has handles for tests: `lose`, `regain`, `expel`, `failNext`. */
export class FakeEndpoint implements Dialect {
  readonly town: Town;
  readonly aor: Aor;
  readonly host: DialectHost;
  readonly im: FakeIm;
  readonly conferences: FakeConferences;
  readonly media: FakeMedia;
  /** Media, sharing and files are one in the town. */
  readonly sharing: FakeMedia;
  readonly store: FakeStorePort;
  readonly files: FakeMedia;
  activity: 'active' | 'inactive' | 'away' = 'active';
  /** Others do not notice it. */
  readonly isQuiet: boolean;
  readonly #password: string;
  readonly #gruu: Gruu;
  readonly #watched = new Set<Aor>();
  readonly #failures: Failure[] = [];
  readonly #inFlight = new Set<(failure: Failure) => void>();
  #state: 'signedOut' | 'live' | 'lost' | 'ended' = 'signedOut';

  constructor(town: Town, account: { aor: Aor; password: string; isQuiet: boolean }, host: DialectHost) {
    this.town = town;
    this.aor = account.aor;
    this.#password = account.password;
    this.isQuiet = account.isQuiet;
    this.#gruu = `${account.aor};opaque=user:epid:${town.world.id()};gruu` as Gruu;
    this.host = host;
    this.im = new FakeIm(this);
    this.conferences = new FakeConferences(this);
    this.media = new FakeMedia(this);
    this.sharing = this.media;
    this.store = new FakeStorePort(this);
    this.files = this.media;
  }

  sharingMcuOf(focus: FocusUri): FakeSharingMcu | undefined {
    return this.conferences.isIn(focus) ? this.town.conferences.get(focus)?.sharing : undefined;
  }

  get isLive(): boolean {
    return this.#state === 'live';
  }

  get world(): World {
    return this.town.world;
  }

  endpointsOf(aor: Aor): readonly FakeEndpoint[] | undefined {
    return this.town.endpointsOf(aor);
  }

  get displayName(): string {
    return this.#resident.displayName;
  }

  report(report: Report): void {
    this.host.report(report);
  }

  get #resident(): Resident {
    return this.town.resident(this.aor);
  }

  async signIn(onStep: Parameters<Dialect['signIn']>[0]): Promise<Outcome<Account>> {
    onStep('connecting');
    await Promise.resolve();
    const failure = this.#failures.shift();
    if (failure !== undefined) return failed(failure);
    onStep('authenticating');
    await Promise.resolve();
    const resident = this.town.find(this.aor);
    if (resident?.password !== this.#password) return failed({ is: 'rejected', status: 403, reason: 'Forbidden' });
    onStep('loading');
    await Promise.resolve();
    this.#enter();
    return ok({ aor: this.aor, displayName: resident.displayName });
  }

  #enter(): void {
    this.#state = 'live';
    const { endpoints, policy, groups, contacts } = this.#resident;
    endpoints.add(this);
    const { conferences } = policy;
    const capabilities = {
      contactGroups: true,
      directory: true,
      conferences,
      notes: true,
      changePassword: true,
      sharing: policy.sharing,
      fileStore: policy.fileTransfer,
    };
    this.report({ type: 'capabilities.changed', capabilities });
    this.report({ type: 'policy.changed', policy });
    this.report({ type: 'contacts.replaced', groups: [...groups.values()], contacts: [...contacts.values()] });
    this.town.presenceChanged(this.aor);
    for (const aor of contacts.keys()) this.#watched.add(aor);
    this.tellPresence([...this.#watched]);
  }

  async signOut(): Promise<void> {
    if (this.#state === 'live') {
      this.media.endAll();
      this.#leave();
    }
    this.#state = 'ended';
    await Promise.resolve();
  }

  /** What the server does when an endpoint goes: its dialogs end, the others see it. */
  #leave(): void {
    this.#resident.endpoints.delete(this);
    this.media.loseAll();
    this.im.endAll();
    this.conferences.loseAll();
    for (const lose of [...this.#inFlight]) lose({ is: 'connectionLost' });
    this.town.presenceChanged(this.aor);
  }

  /** The connection breaks. */
  lose(): void {
    if (this.#state !== 'live') return;
    this.#state = 'lost';
    this.report({ type: 'connection.lost' });
    this.#leave();
  }

  /** The connection is there again. */
  regain(): void {
    if (this.#state !== 'lost') return;
    this.#enter();
    this.report({ type: 'connection.live' });
  }

  get endpoint(): Gruu | null {
    return this.isLive ? this.#gruu : null;
  }

  greet(endpoint: Gruu): Promise<Outcome<void>> {
    const isThere = () => [...this.#resident.endpoints].some((one) => one.endpoint === endpoint && one.isQuiet);
    return this.wire(() => (isThere() ? done : failed(notFound(1003))));
  }

  /** The town asks for a password at sign-in only. */
  setPassword(): void {}

  reconnectNow(): void {
    this.regain();
  }

  /** The server ends the registration. */
  expel(why: 'disabled' | 'elsewhere' | 'passwordChanged'): void {
    if (this.#state !== 'live') return;
    this.#state = 'ended';
    this.report({ type: 'connection.ended', why });
    this.#leave();
  }

  /** The next command that would go to the wire fails so. */
  failNext(failure: Failure): void {
    this.#failures.push(failure);
  }

  /** A request and its final answer: `offline` without a connection, `connectionLost` when it breaks before the answer. */
  wire<T>(work: () => Outcome<T> | Promise<Outcome<T>>): Promise<Outcome<T>> {
    if (!this.isLive) return Promise.resolve(failed({ is: 'offline' }));
    const failure = this.#failures.shift();
    if (failure !== undefined) return Promise.resolve(failed(failure));
    return new Promise((resolve) => {
      const lose = (why: Failure) => resolve(failed(why));
      this.#inFlight.add(lose);
      void Promise.resolve()
        .then(work)
        .then((outcome) => {
          this.#inFlight.delete(lose);
          resolve(outcome);
        });
    });
  }

  readonly contacts: ContactsPort = {
    set: (contact) => this.wire(() => this.#setContact(contact)),
    remove: (aor) =>
      this.wire(() => {
        if (!this.#resident.contacts.delete(aor)) return failed(notFound(2001));
        this.#tellContacts({ removedContacts: [aor] });
        return done;
      }),
    addGroup: (name) => this.wire(() => this.#addGroup(name)),
    renameGroup: (id, name) =>
      this.wire(() => {
        if (!this.#resident.groups.has(id)) return failed(notFound(2002));
        this.#resident.groups.set(id, { id, name });
        this.#tellContacts({ groups: [{ id, name }] });
        return done;
      }),
    removeGroup: (id) => this.wire(() => this.#removeGroup(id)),
  };

  #setContact(contact: Contact): Outcome<void> {
    const { contacts, groups, endpoints } = this.#resident;
    if (contact.groups.some((id) => !groups.has(id))) return failed(notFound(2002));
    const kept = { ...contact, groups: contact.groups.length === 0 ? [otherContacts] : contact.groups };
    contacts.set(contact.aor, kept);
    this.#tellContacts({ contacts: [kept] });
    for (const endpoint of endpoints) endpoint.presence.watch([contact.aor]);
    return done;
  }

  #addGroup(name: string): Outcome<GroupId> {
    const { groups } = this.#resident;
    if ([...groups.values()].some((group) => group.name === name))
      return failed({
        is: 'rejected',
        status: 409,
        reason: 'Conflict',
        diagnostics: { id: 2015, reason: 'Duplicate' },
      });
    const id = String(1 + Math.max(...[...groups.keys()].map(Number))) as GroupId;
    groups.set(id, { id, name });
    this.#tellContacts({ groups: [{ id, name }] });
    return ok(id);
  }

  /** Members of no other group go to Other contacts (`lync-wire` 3.2 c). */
  #removeGroup(id: GroupId): Outcome<void> {
    const { groups, contacts } = this.#resident;
    if (id === otherContacts || !groups.delete(id)) return failed(notFound(2002));
    const changed: Contact[] = [];
    for (const contact of contacts.values()) {
      if (!contact.groups.includes(id)) continue;
      const left = contact.groups.filter((group) => group !== id);
      changed.push({ ...contact, groups: left.length === 0 ? [otherContacts] : left });
    }
    for (const contact of changed) contacts.set(contact.aor, contact);
    this.#tellContacts({ contacts: changed });
    this.#tellContacts({ removedGroups: [id] });
    return done;
  }

  #tellContacts(change: {
    groups?: readonly Group[];
    removedGroups?: readonly GroupId[];
    contacts?: readonly Contact[];
    removedContacts?: readonly Aor[];
  }): void {
    const { groups = [], removedGroups = [], contacts = [], removedContacts = [] } = change;
    for (const endpoint of this.#resident.endpoints)
      endpoint.report({ type: 'contacts.changed', groups, removedGroups, contacts, removedContacts });
  }

  isPresenting = false;

  readonly presence: PresencePort = {
    setPresenting: (on) => {
      this.isPresenting = on;
      this.town.presenceChanged(this.aor);
    },
    watch: (people) => {
      const fresh = people.filter((aor) => !this.#watched.has(aor));
      for (const aor of fresh) this.#watched.add(aor);
      if (this.isLive) queueMicrotask(() => this.tellPresence(fresh));
    },
    setStatus: (status) =>
      this.wire(() => {
        this.#resident.picked = status;
        this.town.presenceChanged(this.aor);
        return done;
      }),
    setNote: (text) =>
      this.wire(() => {
        this.#resident.note = text;
        this.town.presenceChanged(this.aor);
        return done;
      }),
    setActivity: (activity) => {
      if (this.activity === activity) return;
      this.activity = activity;
      if (this.isLive) this.town.presenceChanged(this.aor);
    },
  };

  tellSelf(): void {
    const { picked, note } = this.#resident;
    this.report({ type: 'self.changed', self: { presence: this.town.presenceOf(this.aor), picked, note } });
  }

  /** Those of them whom this endpoint watches. */
  tellPresence(people: readonly Aor[]): void {
    const known = people.filter((aor) => this.#watched.has(aor));
    if (!this.isLive || known.length === 0) return;
    const told = known.map((aor) => {
      const resident = this.town.find(aor);
      const presence = this.town.presenceOf(aor);
      return resident === undefined ? { aor, presence } : { aor, presence, note: resident.note, card: resident.card };
    });
    this.report({ type: 'presence.changed', people: told });
  }

  readonly directory: DirectoryPort = {
    find: (text) =>
      this.wire(() => {
        const words = text.toLowerCase().split(/\s+/).filter(Boolean);
        const found = [...this.town.residents].filter(({ aor, displayName }) =>
          words.every((word) => `${displayName} ${aor}`.toLowerCase().includes(word)),
        );
        return ok(
          found.map(({ aor, displayName, card: { title, department, email } }) => ({
            aor,
            displayName,
            title,
            department,
            email,
          })),
        );
      }),
  };
}

function notFound(id: number): Failure {
  return { is: 'rejected', status: 404, reason: 'Not Found', diagnostics: { id, reason: 'Does not exist' } };
}
