import { stateNode } from '../../src/protocol/lync/categories';
import {
  formatRoamingData,
  type OwnCategory,
  parseRoamingRequest,
  type RoamingData,
  type Subscriber,
  selfEvent,
  selfType,
} from '../../src/protocol/lync/roamingSelf';
import { type Aor, aorOf } from '../../src/protocol/sip/uri';
import type { XmlNode } from '../../src/protocol/xml';
import { PersonSubscriptions } from '../personSubscriptions';
import { refuse } from '../refuse';
import type { Reply, Role, RoleContext, RoleRequest } from '../role';
import type { Accounts } from '../store/accounts';
import type { Containers } from '../store/containers';
import type { PublicationAddress, Publications } from '../store/publications';
import type { EventDocument } from '../subscriptions';
import type { PresenceView } from './view';

const eventPackage = { event: selfEvent, maxSeconds: 28_800 };
const sections = ['categories', 'containers', 'subscribers'];
const unchanged = { categories: null, containers: null, subscribers: null };

/** What a person's own endpoints are told about that person (`lync-wire` 4.2). */
export class RoamingSelf implements Role {
  readonly #context: RoleContext;
  readonly #publications: Publications;
  readonly #containers: Containers;
  readonly #view: PresenceView;
  readonly #accounts: Accounts;
  /** With the sections asked for. */
  readonly #subscriptions: PersonSubscriptions<ReadonlySet<string>>;
  readonly #aggregateVersions = new Map<Aor, number>();

  constructor(
    context: RoleContext,
    stores: { accounts: Accounts; publications: Publications; containers: Containers },
    view: PresenceView,
  ) {
    this.#context = context;
    this.#accounts = stores.accounts;
    this.#publications = stores.publications;
    this.#containers = stores.containers;
    this.#view = view;
    this.#subscriptions = new PersonSubscriptions(context, eventPackage);
  }

  handle(request: RoleRequest, reply: Reply): void {
    const { aor } = request.from;
    if (aorOf(request.uri) !== aor)
      return refuse(this.#context, reply, 403, 'Forbidden', 2004, 'This is for oneself only');
    const asked = new Set(request.body === '' ? sections : parseRoamingRequest(request.body));
    this.#subscriptions.accept(request, reply, asked, () =>
      this.#document(aor, {
        categories: asked.has('categories') ? this.#categories(aor, null) : null,
        containers: asked.has('containers') ? this.#containers.of(aor) : null,
        subscribers: asked.has('subscribers') ? this.#subscribersOf(aor) : null,
      }),
    );
  }

  #subscribersOf(owner: Aor): Subscriber[] {
    return this.#containers
      .subscribersOf(owner)
      .map((subscriber) => ({ ...subscriber, displayName: this.#accounts.find(subscriber.aor)?.displayName ?? '' }));
  }

  #document(owner: Aor, data: RoamingData<XmlNode>): EventDocument {
    return { contentType: selfType, body: formatRoamingData(owner, data) };
  }

  /**
   * All instances of the named categories (all categories when `null`), since a client forgets what is not listed of a
   * category that is named (SLF-2).
   */
  #categories(owner: Aor, names: ReadonlySet<string> | null): OwnCategory<XmlNode>[] {
    const own: OwnCategory<XmlNode>[] = [];
    for (const published of this.#publications.of(owner).values()) {
      if (names !== null && !names.has(published.category)) continue;
      const { category: name, instance, container, version, expireType, publishTime, content } = published;
      own.push({ name, instance, container, version, expireType, publishTime, content });
    }
    if (names === null || names.has('contactCard')) own.push(this.#card(owner));
    // The aggregate comes last: SIPE takes the last state it reads for its own.
    if (names === null || names.has('state')) own.push(this.#aggregate(owner));
    return own;
  }

  /** Directory data, made by the server (`lync-wire` 4.3): a client learns its own person's name from it. */
  #card(owner: Aor): OwnCategory<XmlNode> {
    const content = this.#view.cardOf(owner);
    const publishTime = publishTimeOf(this.#context.now());
    return { name: 'contactCard', instance: 0, container: 200, version: 1, expireType: 'static', publishTime, content };
  }

  /** SLF-4: instance 1 in container 2. */
  #aggregate(owner: Aor): OwnCategory<XmlNode> {
    const version = this.#aggregateVersions.get(owner) ?? 1;
    const { state, publishTime } = this.#view.aggregateOf(owner);
    const content = stateNode({ type: 'aggregateState', ...state });
    const since = publishTime ?? publishTimeOf(this.#context.now());
    return { name: 'state', instance: 1, container: 2, version, expireType: 'user', publishTime: since, content };
  }

  /**
   * How the named categories stand after publications changed: the body of the 200 to a publication, from which SIPE learns
   * its versions, and what all endpoints are told. SLF-3: where the last instance of a container went, that is said.
   */
  afterPublishing(owner: Aor, names: ReadonlySet<string>, gone: readonly PublicationAddress[]): EventDocument {
    if (names.has('state')) this.#aggregateVersions.set(owner, (this.#aggregateVersions.get(owner) ?? 1) + 1);
    const categories = this.#categories(owner, names);
    const cleared = gone.filter(
      ({ category, container }) => !categories.some((one) => one.name === category && one.container === container),
    );
    const places = new Map(cleared.map((one) => [`${one.category} ${one.container}`, clearedOf(one)]));
    return this.#document(owner, { ...unchanged, categories: [...places.values(), ...categories] });
  }

  /** Tells every endpoint of the person that asked for categories. */
  tell(owner: Aor, document: EventDocument): void {
    this.#subscriptions.tell(owner, (asked) => (asked.has('categories') ? document : null));
  }

  /** The directory says something else of the person. */
  cardChanged(owner: Aor): void {
    this.tell(owner, this.afterPublishing(owner, new Set(['contactCard']), []));
  }

  containersChanged(owner: Aor): void {
    const document = this.#document(owner, { ...unchanged, containers: this.#containers.of(owner) });
    this.#subscriptions.tell(owner, (asked) => (asked.has('containers') ? document : null));
  }

  subscribersChanged(owner: Aor): void {
    const document = this.#document(owner, { ...unchanged, subscribers: this.#subscribersOf(owner) });
    this.#subscriptions.tell(owner, (asked) => (asked.has('subscribers') ? document : null));
  }
}

function clearedOf({ category, container }: PublicationAddress): OwnCategory<XmlNode> {
  return {
    name: category,
    instance: null,
    container,
    version: 0,
    expireType: 'static',
    publishTime: '',
    content: null,
  };
}

/** `2026-03-02T08:00:00.000`: as Lync writes it, UTC without a zone. */
export function publishTimeOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, -1);
}
