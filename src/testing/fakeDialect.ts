import type { DialectHost } from '../dialect/dialect';
import { otherContacts } from '../domain/ids';
import type { Card, Presence, SettableStatus, Status } from '../domain/people';
import type { Policy } from '../domain/policy';
import { type Aor, bareAddress, type FocusUri } from '../protocol/sip/uri';
import type { World } from '../world';
import type { FakeConference } from './fakeConference';
import { FakeEndpoint, type Resident } from './fakeEndpoint';
import { FakeStore } from './fakeStore';
import { alice, bob, carol } from './people';

export interface FakePersonOptions {
  displayName?: string;
  /** `secret` when not given. */
  password?: string;
  card?: Card;
  /** False: provisioning names no focus factory. */
  conferences?: boolean;
  meetingSize?: number;
}

export const fakePassword = 'secret';

/**
 * A small town in memory: its people, and a server that every `dialect()` signs in to. It keeps the same promises as the real
 * dialects (`dialect.contract.ts`), without a wire: what one person does, the others are told in the next microtasks.
 */
export class FakeTown {
  readonly world: World;
  readonly conferences = new Map<FocusUri, FakeConference>();
  readonly store = new FakeStore(this);
  /** What newcomers of conferences made from now on get of what was said before. */
  history: 'all' | 'none' = 'all';
  readonly #residents = new Map<Aor, Resident>();

  constructor(world: World) {
    this.world = world;
    this.addPerson(alice, { displayName: 'Alice Moreau', card: { title: 'Architect', department: 'Design' } });
    this.addPerson(bob, { displayName: 'Bob Barends', card: { title: 'Draughtsman', department: 'Design' } });
    this.addPerson(carol, { displayName: 'Carol Chen', card: { title: 'Tester', department: 'Quality' } });
  }

  addPerson(aor: Aor, options: FakePersonOptions = {}): Resident {
    const displayName = options.displayName ?? bareAddress(aor);
    const resident: Resident = {
      aor,
      displayName,
      password: options.password ?? fakePassword,
      card: { displayName, email: bareAddress(aor), ...options.card },
      policy: {
        conferences: options.conferences ?? true,
        meetingSize: options.meetingSize ?? 250,
        fileTransfer: true,
        fileSize: null,
        blockedEndings: [],
        mostLogged: null,
        sharing: true,
      },
      groups: new Map([[otherContacts, { id: otherContacts, name: '~' }]]),
      contacts: new Map(),
      picked: 'reset',
      note: '',
      endpoints: new Set(),
    };
    this.#residents.set(aor, resident);
    return resident;
  }

  /** Puts people into the contact list of somebody, as if it had been so at the last sign-in. */
  befriend(person: Aor, ...others: Aor[]): void {
    for (const aor of others) this.resident(person).contacts.set(aor, { aor, alias: '', groups: [otherContacts] });
  }

  /** A new endpoint of a person, not signed in. */
  dialect(
    account: { aor: Aor; password?: string | undefined; isQuiet?: boolean | undefined },
    host: DialectHost,
  ): FakeEndpoint {
    const { aor, password = fakePassword, isQuiet = false } = account;
    return new FakeEndpoint(this, { aor, password, isQuiet }, host);
  }

  find(aor: Aor): Resident | undefined {
    return this.#residents.get(aor);
  }

  /** Throws when the person does not live here. */
  resident(aor: Aor): Resident {
    const resident = this.#residents.get(aor);
    if (resident === undefined) throw new Error(`${aor} does not live here`);
    return resident;
  }

  endpointsOf(aor: Aor): readonly FakeEndpoint[] | undefined {
    const endpoints = this.#residents.get(aor)?.endpoints;
    return endpoints === undefined ? undefined : [...endpoints].filter(({ isQuiet }) => !isQuiet);
  }

  policyOf(aor: Aor): Policy {
    return this.resident(aor).policy;
  }

  get residents(): Iterable<Resident> {
    return this.#residents.values();
  }

  /** The server ends all registrations of a person and takes no new one ([MS-SIPREGE] `rejected`). */
  disable(aor: Aor): void {
    const resident = this.resident(aor);
    resident.password = `${this.world.id()}`;
    for (const endpoint of [...resident.endpoints]) endpoint.expel('disabled');
  }

  /** The connections of a person break, as seen from both ends. */
  cut(aor: Aor): void {
    for (const endpoint of [...this.resident(aor).endpoints]) endpoint.lose();
  }

  /** What others are told of a person: the aggregate of all endpoints (`lync-wire` 4.5). */
  presenceOf(aor: Aor): Presence {
    const knownAt = this.world.now();
    const resident = this.#residents.get(aor);
    if (resident === undefined) return { status: 'unknown', knownAt };
    const endpoints = [...resident.endpoints].filter(({ isQuiet }) => !isQuiet);
    const status = aggregate(
      resident.picked,
      endpoints.map(({ activity }) => activity),
    );
    if (!endpoints.some(({ isPresenting }) => isPresenting) || !raised.includes(status)) return { status, knownAt };
    return { status: 'do-not-disturb', activity: { token: 'in-presentation' }, knownAt };
  }

  /** Tells the person's own endpoints and all who watch. */
  presenceChanged(aor: Aor): void {
    const resident = this.resident(aor);
    for (const endpoint of resident.endpoints) endpoint.tellSelf();
    for (const watcher of this.#signedIn()) watcher.tellPresence([aor]);
  }

  *#signedIn(): Iterable<FakeEndpoint> {
    for (const resident of this.#residents.values()) yield* [...resident.endpoints];
  }
}

const statusOf: Record<Exclude<SettableStatus, 'reset'>, Status> = {
  available: 'available',
  busy: 'busy',
  'do-not-disturb': 'do-not-disturb',
  'be-right-back': 'be-right-back',
  'off-work': 'off-work',
  away: 'away',
};

/** Below Do Not Disturb, which presenting is. */
const raised: readonly Status[] = ['available', 'inactive', 'busy', 'busy-inactive'];

/** No endpoint: offline. A picked status wins. Else the most active machine. */
function aggregate(picked: SettableStatus, activities: readonly FakeEndpoint['activity'][]): Status {
  if (activities.length === 0) return 'offline';
  if (picked !== 'reset') return statusOf[picked];
  if (activities.includes('active')) return 'available';
  return activities.includes('inactive') ? 'inactive' : 'away';
}
