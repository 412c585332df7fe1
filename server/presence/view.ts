import { offlineAvailability } from '../../src/protocol/lync/availability';
import {
  type Category,
  cardNode,
  formatCategories,
  parseState,
  type StateContent,
  stateNode,
} from '../../src/protocol/lync/categories';
import { type Aor, bareAddress } from '../../src/protocol/sip/uri';
import type { XmlNode } from '../../src/protocol/xml';
import type { Accounts } from '../store/accounts';
import type { Containers } from '../store/containers';
import type { Publications } from '../store/publications';
import { type AggregateState, aggregate, forWorkgroup, type PublishedState } from './aggregation';
import { blocked, colleagues, external, levelOf, workgroup } from './levels';

/** Made by the server for everybody; what a client publishes under these names in a watched container is not told. */
const serverMade = new Set(['state', 'contactCard', 'device']);
/** Documents kept for one person; asking for ever other sets of categories must not fill the memory. */
const mostKept = 64;
/** For who may not know, and before anybody knows ([MS-PRES] availability below 3000). */
const undefinedAvailability = 0;

/** What one watcher sees of one person, written when it is asked for. */
export class Seen {
  readonly #owner: Aor;
  readonly #byName: ReadonlyMap<string, readonly Category[]>;
  readonly #documents = new Map<string, string>();

  constructor(owner: Aor, byName: ReadonlyMap<string, readonly Category[]>) {
    this.#owner = owner;
    this.#byName = byName;
  }

  /** A `categories` document with these of the categories asked for; with all of them when none is named. */
  document(names: readonly string[] = [...this.#byName.keys()]): string {
    const key = names.join(' ');
    const known = this.#documents.get(key);
    if (known !== undefined) return known;
    const categories = names.flatMap((name) => this.#byName.get(name) ?? []);
    const document = formatCategories(this.#owner, categories);
    this.#documents.set(key, document);
    return document;
  }
}

/** The aggregate of states published in container 2, or in 3 for the workgroup (`lync-wire` 4.1), and since when it stands. */
export interface Aggregate {
  state: AggregateState;
  publishTime: string | null;
}

/** What watchers see of people: documents by container, kept until something changes. */
export class PresenceView {
  readonly #accounts: Accounts;
  readonly #publications: Publications;
  readonly #containers: Containers;
  readonly #kept = new Map<Aor, Map<string, Seen>>();

  constructor(accounts: Accounts, publications: Publications, containers: Containers) {
    this.#accounts = accounts;
    this.#publications = publications;
    this.#containers = containers;
  }

  /** Forgets the documents of somebody who changed. */
  changed(owner: Aor): void {
    this.#kept.delete(owner);
  }

  exists(owner: Aor): boolean {
    return this.#accounts.find(owner)?.disabled === false;
  }

  /** What a watcher may see of these categories; `null` when there is no such person. */
  seenBy(watcher: Aor, owner: Aor, names: readonly string[]): Seen | null {
    if (!this.exists(owner)) return null;
    const container = levelOf(this.#containers.of(owner), owner, watcher);
    const known = this.#kept.get(owner);
    const kept = known === undefined || known.size >= mostKept ? new Map<string, Seen>() : known;
    this.#kept.set(owner, kept);
    const key = `${container} ${names.join(' ')}`;
    const seen =
      kept.get(key) ?? new Seen(owner, new Map(names.map((name) => [name, this.#categories(owner, container, name)])));
    kept.set(key, seen);
    return seen;
  }

  #categories(owner: Aor, container: number, name: string): Category[] {
    if (name === 'contactCard') return [this.#card(owner, container)];
    if (name === 'state') return [this.#state(owner, container)];
    const published = [...this.#publications.of(owner).values()].filter(
      (candidate) => candidate.category === name && candidate.container === container && !serverMade.has(name),
    );
    if (container === blocked || published.length === 0)
      return [{ name, instance: null, publishTime: null, content: null }];
    return published.map(({ instance, publishTime, content }) => ({ name, instance, publishTime, content }));
  }

  #state(owner: Aor, container: number): Category {
    const { state, publishTime } = this.#aggregateFor(owner, container);
    const content = stateNode({ type: 'aggregateState', ...state });
    return { name: 'state', instance: 1, publishTime, content };
  }

  #aggregateFor(owner: Aor, container: number): Aggregate {
    // PRS-14: who is blocked sees somebody who is never there.
    if (container === blocked) return { state: { availability: offlineAvailability }, publishTime: null };
    if (container < external) return { state: { availability: undefinedAvailability }, publishTime: null };
    const told = this.aggregateOf(owner, container === workgroup ? 3 : 2);
    return container === workgroup ? { ...told, state: forWorkgroup(told.state) } : told;
  }

  aggregateOf(owner: Aor, input: 2 | 3 = 2): Aggregate {
    const states = this.#statesIn(owner, input);
    // Not every client publishes for the workgroup.
    const told = input === 3 && !states.some(({ type }) => type === 'machineState') ? this.#statesIn(owner, 2) : states;
    const state = aggregate(told);
    const times = told.map(({ publishTime }) => publishTime ?? '').sort();
    if (state.availability < offlineAvailability) return { state, publishTime: times.at(-1) ?? null };
    const left = this.#publications.lastActiveOf(owner);
    return { state: left === null ? state : { ...state, lastActive: left }, publishTime: left };
  }

  /** A machine state that outlives its endpoint would keep its person online for ever: only those bound to one count. */
  #statesIn(owner: Aor, input: 2 | 3): PublishedState[] {
    const states: PublishedState[] = [];
    for (const { category, container, element, publishTime, expireType } of this.#publications.of(owner).values()) {
      if (category !== 'state' || container !== input) continue;
      const state: StateContent | null = parseState(element);
      if (state === null || (state.type === 'machineState' && expireType !== 'endpoint')) continue;
      states.push({ ...state, publishTime });
    }
    return states;
  }

  /** One's own card, as colleagues see it. */
  cardOf(owner: Aor): XmlNode | null {
    return this.#card(owner, colleagues).content;
  }

  /** What the directory says of a person, as far as the container sees it. */
  #card(owner: Aor, container: number): Category {
    const account = this.#accounts.find(owner);
    const full = account === undefined || container === blocked ? null : account;
    const content = cardNode({
      displayName: account?.displayName ?? bareAddress(owner),
      email: account?.email || bareAddress(owner),
      title: full?.title ?? '',
      department: full?.department ?? '',
      company: full?.company ?? '',
      office: full?.office ?? '',
      workPhone: container >= colleagues ? (full?.phone ?? '') : '',
    });
    return { name: 'contactCard', instance: 0, publishTime: null, content };
  }
}
