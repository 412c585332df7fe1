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
import type { Publications, Published } from '../store/publications';
import { type AggregateState, aggregate, forWorkgroup, isIdle } from './aggregation';

const blocked = 32000;
const workgroup = 300;
const colleagues = 200;
const inputOf = (container: number): number => (container === workgroup ? 3 : 2);
/** Made by the server for everybody; what a client publishes under these names in a watched container is not told. */
const serverMade = new Set(['state', 'contactCard', 'device']);

/** What a watcher sees of a person: documents by container, kept until something changes. */
export class PresenceView {
  readonly #accounts: Accounts;
  readonly #publications: Publications;
  readonly #containers: Containers;
  readonly #cache = new Map<Aor, Map<string, string>>();

  constructor(accounts: Accounts, publications: Publications, containers: Containers) {
    this.#accounts = accounts;
    this.#publications = publications;
    this.#containers = containers;
  }

  /** Forgets the documents of somebody who changed. */
  changed(owner: Aor): void {
    this.#cache.delete(owner);
  }

  /** The aggregate of the states published for a container: 2 for all but the workgroup's, which is 3. */
  aggregateOf(owner: Aor, input: 2 | 3 = 2): AggregateState {
    const states: StateContent[] = [];
    let idleSince = '';
    for (const published of this.#publications.of(owner).values()) {
      if (published.category !== 'state' || published.container !== input) continue;
      const state = parseState(published.element);
      if (state === null) continue;
      states.push(state);
      if (isIdle(state.availability)) idleSince = published.publishTime;
    }
    const told = aggregate(states);
    return isIdle(told.availability) && told.lastActive === undefined ? { ...told, lastActive: idleSince } : told;
  }

  /** A `categories` document for one watcher; `null` when there is no such person. */
  documentFor(owner: Aor, watcher: Aor, names: readonly string[]): string | null {
    if (this.#accounts.find(owner)?.disabled !== false) return null;
    const container = this.#containers.levelOf(owner, watcher);
    const documents = this.#cache.get(owner) ?? new Map<string, string>();
    this.#cache.set(owner, documents);
    const key = `${container} ${names.join(' ')}`;
    const known = documents.get(key);
    if (known !== undefined) return known;
    const document = formatCategories(
      owner,
      names.flatMap((name) => this.#categories(owner, container, name)),
    );
    documents.set(key, document);
    return document;
  }

  #categories(owner: Aor, container: number, name: string): Category[] {
    if (name === 'contactCard') return [this.#card(owner, container)];
    if (name === 'state') return [this.#state(owner, container)];
    const published = [...this.#publications.of(owner).values()].filter(
      (candidate) => candidate.category === name && candidate.container === container && !serverMade.has(name),
    );
    if (container === blocked || published.length === 0)
      return [{ name, instance: null, publishTime: null, content: null }];
    return published.map(({ instance, publishTime, content }: Published) => ({ name, instance, publishTime, content }));
  }

  #state(owner: Aor, container: number): Category {
    const told: AggregateState =
      container === blocked
        ? { availability: offlineAvailability }
        : this.aggregateOf(owner, inputOf(container) as 2 | 3);
    const state = container === workgroup ? forWorkgroup(told) : told;
    return { name: 'state', instance: 1, publishTime: null, content: stateNode({ type: 'aggregateState', ...state }) };
  }

  /** One's own card, as colleagues see it. */
  cardOf(owner: Aor): XmlNode | null {
    return this.#card(owner, colleagues).content;
  }

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
      workPhone: container >= 200 ? (full?.phone ?? '') : '',
    });
    return { name: 'contactCard', instance: 0, publishTime: null, content };
  }
}
