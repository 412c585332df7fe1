import { stateNode } from '../../src/protocol/lync/categories';
import {
  formatRoamingData,
  type OwnCategory,
  parseRoamingRequest,
  type RoamingData,
  selfEvent,
  selfType,
} from '../../src/protocol/lync/roamingSelf';
import { type Aor, aorOf } from '../../src/protocol/sip/uri';
import type { XmlNode } from '../../src/protocol/xml';
import { refuse } from '../refuse';
import type { Reply, Role, RoleContext, RoleRequest } from '../role';
import type { Accounts } from '../store/accounts';
import type { Containers } from '../store/containers';
import type { Publications } from '../store/publications';
import { type EventDocument, EventSubscription } from '../subscriptions';
import type { PresenceView } from './view';

const eventPackage = { event: selfEvent, maxSeconds: 28_800 };
const sections = ['categories', 'containers', 'subscribers'];

/** What a person's own endpoints are told about that person (`lync-wire` 4.2). */
export class RoamingSelf implements Role {
  readonly #context: RoleContext;
  readonly #publications: Publications;
  readonly #containers: Containers;
  readonly #view: PresenceView;
  readonly #accounts: Accounts;
  readonly #subscriptions = new Map<Aor, Set<EventSubscription>>();
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
  }

  handle(request: RoleRequest, reply: Reply): void {
    const { aor } = request.from;
    if (aorOf(request.uri) !== aor)
      return refuse(this.#context, reply, 403, 'Forbidden', 2004, 'This is for oneself only');
    const asked = request.body === '' ? sections : parseRoamingRequest(request.body);
    const all = this.#subscriptions.get(aor) ?? new Set();
    this.#subscriptions.set(aor, all);
    const subscription: EventSubscription | null = EventSubscription.accept(
      this.#context,
      eventPackage,
      request,
      reply,
      {
        document: () =>
          this.#document(aor, {
            categories: asked.includes('categories') ? this.#categories(aor, null) : null,
            containers: asked.includes('containers') ? this.#containers.of(aor) : null,
            subscribers: asked.includes('subscribers') ? this.#named(aor) : null,
          }),
        ended: () => {
          if (subscription !== null) all.delete(subscription);
        },
      },
    );
    if (subscription !== null) all.add(subscription);
  }

  #named(owner: Aor) {
    return this.#containers
      .subscribersOf(owner)
      .map((subscriber) => ({ ...subscriber, displayName: this.#accounts.find(subscriber.aor)?.displayName ?? '' }));
  }

  #document(owner: Aor, data: RoamingData<XmlNode>): EventDocument {
    return { contentType: selfType, body: formatRoamingData(owner, data) };
  }

  /**
   * All instances of the named categories (all categories when `null`), since a client forgets what is not listed of a
   * category that is named (SLF-2). A named one without instances is reported as cleared (SLF-3).
   */
  #categories(owner: Aor, names: ReadonlySet<string> | null): OwnCategory<XmlNode>[] {
    const own: OwnCategory<XmlNode>[] = [];
    for (const published of this.#publications.of(owner).values()) {
      if (names !== null && !names.has(published.category)) continue;
      const { category: name, instance, container, version, expireType, publishTime, content } = published;
      own.push({ name, instance, container, version, expireType, publishTime, content });
    }
    if (names === null) own.push(this.#card(owner));
    for (const name of names ?? []) if (!own.some((category) => category.name === name)) own.push(cleared(name));
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
    const content = stateNode({ type: 'aggregateState', ...this.#view.aggregateOf(owner) });
    const publishTime = publishTimeOf(this.#context.now());
    return { name: 'state', instance: 1, container: 2, version, expireType: 'user', publishTime, content };
  }

  /** The body of the 200 to a publication, which SIPE needs to learn its versions. */
  afterPublishing(
    owner: Aor,
    names: ReadonlySet<string>,
    gone: readonly { category: string; container: number }[],
  ): EventDocument {
    if (names.has('state')) this.#aggregateVersions.set(owner, (this.#aggregateVersions.get(owner) ?? 1) + 1);
    const categories = [
      ...this.#categories(owner, names),
      ...gone.map(({ category, container }) => ({ ...cleared(category), container })),
    ];
    return this.#document(owner, { categories, containers: null, subscribers: null });
  }

  /** Tells every endpoint of the person. */
  tell(owner: Aor, document: EventDocument): void {
    for (const subscription of this.#subscriptions.get(owner) ?? []) subscription.tell(document);
  }

  tellContainers(owner: Aor): void {
    this.tell(
      owner,
      this.#document(owner, { categories: null, containers: this.#containers.of(owner), subscribers: null }),
    );
  }

  tellSubscribers(owner: Aor): void {
    this.tell(owner, this.#document(owner, { categories: null, containers: null, subscribers: this.#named(owner) }));
  }
}

function cleared(name: string): OwnCategory<XmlNode> {
  return { name, instance: null, container: null, version: 0, expireType: 'static', publishTime: '', content: null };
}

/** `2026-03-02T08:00:00.000`: as Lync writes it, UTC without a zone. */
export function publishTimeOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, -1);
}
