import { batchSubscribeType, parseBatchSubscribe } from '../../src/protocol/lync/batchSubscribe';
import { categoriesType } from '../../src/protocol/lync/categories';
import { formatResourceList, type Resource } from '../../src/protocol/shared/rlmi';
import { type Aor, aorOf } from '../../src/protocol/sip/uri';
import { refuse } from '../refuse';
import type { Reply, Role, RoleContext, RoleRequest } from '../role';
import { type EventDocument, EventSubscription } from '../subscriptions';
import type { PresenceView } from './view';

const eventPackage = { event: 'presence', maxSeconds: 28_800 };
const mostWatched = 2000;
/** Changes of many people in one moment leave in one document. */
const coalesceMs = 15;
const defaultCategories = ['calendarData', 'contactCard', 'note', 'state'];

interface Watch {
  watcher: Aor;
  isBatch: boolean;
  categories: readonly string[];
  /** What was told last, by person. */
  told: Map<Aor, string | null>;
  changed: Set<Aor>;
  version: number;
}

/** Those who watch (`lync-wire` 4.6): one subscription for many people, or for one, told only what changed for them. */
export class Watchers implements Role {
  readonly #context: RoleContext;
  readonly #view: PresenceView;
  readonly #watches = new Map<EventSubscription, Watch>();
  readonly #byPerson = new Map<Aor, Set<EventSubscription>>();
  #isScheduled = false;

  constructor(context: RoleContext, view: PresenceView) {
    this.#context = context;
    this.#view = view;
  }

  handle(request: RoleRequest, reply: Reply): void {
    const watcher = request.from.aor;
    const target = aorOf(request.uri);
    const { batch, watcher: named } =
      request.contentType === batchSubscribeType
        ? parseBatchSubscribe(request.body)
        : { batch: { action: 'subscribe' as const, resources: [], categories: defaultCategories }, watcher: null };
    const isBatch = named !== null;
    if (target === null || (isBatch && (target !== watcher || named !== watcher))) {
      return refuse(this.#context, reply, 403, 'Forbidden', 2004, 'A batch is for oneself');
    }
    const people = isBatch ? batch.resources : [target];
    if (people.length > mostWatched)
      return refuse(this.#context, reply, 403, 'Forbidden', 2012, 'Too many subscriptions');
    const categories = batch.categories.length === 0 ? defaultCategories : batch.categories;
    const watch: Watch = { watcher, isBatch, categories, told: new Map(), changed: new Set(), version: 0 };
    const subscription: EventSubscription | null = EventSubscription.accept(
      this.#context,
      eventPackage,
      request,
      reply,
      {
        document: () => this.#tellAll(watch, people),
        refresh: (later) => this.#refresh(subscription, watch, later),
        ended: () => this.#forget(subscription),
      },
    );
    if (subscription === null) return;
    this.#watches.set(subscription, watch);
    for (const person of people) this.#index(subscription, person);
  }

  #index(subscription: EventSubscription, person: Aor): void {
    const all = this.#byPerson.get(person) ?? new Set();
    this.#byPerson.set(person, all);
    all.add(subscription);
  }

  #forget(subscription: EventSubscription | null): void {
    if (subscription === null) return;
    const watch = this.#watches.get(subscription);
    this.#watches.delete(subscription);
    for (const person of watch?.told.keys() ?? []) this.#unindex(subscription, person);
  }

  #unindex(subscription: EventSubscription, person: Aor): void {
    const all = this.#byPerson.get(person);
    all?.delete(subscription);
    if (all?.size === 0) this.#byPerson.delete(person);
  }

  /** A SUBSCRIBE in the dialog adds or drops people; without a body it only renews. */
  #refresh(subscription: EventSubscription | null, watch: Watch, request: RoleRequest): EventDocument | null {
    if (subscription === null || request.body === '' || !watch.isBatch) return null;
    const { batch } = parseBatchSubscribe(request.body);
    if (batch.action === 'unsubscribe') {
      for (const person of batch.resources) {
        watch.told.delete(person);
        this.#unindex(subscription, person);
      }
      return null;
    }
    const room = mostWatched - watch.told.size;
    const people = batch.resources.slice(0, Math.max(0, room));
    for (const person of people) this.#index(subscription, person);
    return this.#tellAll(watch, people);
  }

  #tellAll(watch: Watch, people: readonly Aor[]): EventDocument | null {
    for (const person of people)
      watch.told.set(person, this.#view.documentFor(person, watch.watcher, watch.categories));
    return this.#documentOf(watch, people);
  }

  #documentOf(watch: Watch, people: readonly Aor[]): EventDocument | null {
    if (!watch.isBatch) {
      const body = watch.told.get(people[0] as Aor) ?? null;
      return body === null ? null : { contentType: categoriesType, body };
    }
    const resources = people.map((aor): Resource => {
      const body = watch.told.get(aor) ?? null;
      return body === null
        ? { aor, state: 'terminated', reason: 'noresource' }
        : { aor, state: 'active', contentType: categoriesType, body };
    });
    watch.version += 1;
    return { ...formatResourceList(watch.watcher, resources, watch.version), headers: [['Require', 'eventlist']] };
  }

  /** Somebody's presence changed: who watches is told, if it changed for them. */
  changed(person: Aor): void {
    this.#view.changed(person);
    const subscriptions = this.#byPerson.get(person);
    if (subscriptions === undefined) return;
    for (const subscription of subscriptions) this.#watches.get(subscription)?.changed.add(person);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#context.after(coalesceMs, () => this.#flush());
  }

  #flush(): void {
    this.#isScheduled = false;
    for (const [subscription, watch] of this.#watches) {
      if (watch.changed.size === 0) continue;
      const news: Aor[] = [];
      for (const person of watch.changed) {
        const document = this.#view.documentFor(person, watch.watcher, watch.categories);
        if (document === watch.told.get(person)) continue;
        watch.told.set(person, document);
        news.push(person);
      }
      watch.changed.clear();
      const document = news.length === 0 ? null : this.#documentOf(watch, news);
      if (document !== null) subscription.tell(document);
    }
  }
}
