import { batchSubscribeType, parseBatchSubscribe } from '../../src/protocol/lync/batchSubscribe';
import { type Aor, aorOf } from '../../src/protocol/sip/uri';
import { superseded } from '../personSubscriptions';
import { refuse } from '../refuse';
import type { Endpoint, Reply, Role, RoleContext, RoleRequest } from '../role';
import { type EventDocument, EventSubscription } from '../subscriptions';
import type { PresenceView } from './view';
import { Watch } from './watch';

const eventPackage = { event: 'presence', maxSeconds: 28_800 };
/** Of one endpoint, in all its subscriptions together; a contact list has 1000. */
const mostWatched = 3000;
/** A client has one for its contacts; some have one more for each person who is no contact. */
const mostSubscriptions = 200;
const mostCategories = 32;
/** Without blanks: documents are kept by the names in them, and are for all who ask the same. */
const categoryName = /^[\w.-]{1,64}$/;
/** Changes of many people in one moment leave in one document. */
const coalesceMs = 15;
const defaultCategories = ['calendarData', 'contactCard', 'note', 'state'];

/** What a SUBSCRIBE asks to watch. */
interface Wish {
  isBatch: boolean;
  people: readonly Aor[];
  categories: readonly string[];
}

/** Those who watch (`lync-wire` 4.6): one subscription for many people, or for one, told only what changed for them. */
export class Watchers implements Role {
  readonly #context: RoleContext;
  readonly #view: PresenceView;
  readonly #byEndpoint = new Map<Endpoint, Set<Watch>>();
  readonly #byPerson = new Map<Aor, Set<Watch>>();
  readonly #subscriptions = new Map<Watch, EventSubscription>();
  /** Those with news to be told. */
  readonly #due = new Set<Watch>();

  constructor(context: RoleContext, view: PresenceView) {
    this.#context = context;
    this.#view = view;
  }

  handle(request: RoleRequest, reply: Reply): void {
    const wish = wishOf(request);
    if (wish === null) return refuse(this.#context, reply, 403, 'Forbidden', 2004, 'A batch is for oneself');
    const { people, isBatch, categories } = wish;
    const [single] = people;
    if (!isBatch && single !== undefined && !this.#view.exists(single))
      return refuse(this.#context, reply, 404, 'Not Found', 1003, 'User does not exist');
    if (people.length > mostWatched)
      return refuse(this.#context, reply, 403, 'Forbidden', 2012, 'Too many category subscriptions');
    this.#makeRoom(request.from, people.length);
    const watch = new Watch(this.#view, request.from.aor, isBatch, categories);
    const subscription = EventSubscription.accept(this.#context, eventPackage, request, reply, {
      document: () => watch.tellAll(people),
      refresh: (later) => this.#refresh(watch, later),
      ended: () => this.#forget(request.from, watch),
    });
    if (subscription === null) return;
    this.#subscriptions.set(watch, subscription);
    indexed(this.#byEndpoint, request.from).add(watch);
    for (const person of people) indexed(this.#byPerson, person).add(watch);
  }

  /** PRS-15: an endpoint that begins anew, as after a lost connection, has no use for what it had begun before. */
  #makeRoom(endpoint: Endpoint, count: number): void {
    for (const oldest of [...(this.#byEndpoint.get(endpoint) ?? [])]) {
      const subscriptions = this.#byEndpoint.get(endpoint)?.size ?? 0;
      if (subscriptions < mostSubscriptions && this.#watchedBy(endpoint) + count <= mostWatched) return;
      this.#subscriptions.get(oldest)?.end('deactivated', null, [['ms-diagnostics-public', superseded]]);
    }
  }

  #watchedBy(endpoint: Endpoint): number {
    let count = 0;
    for (const watch of this.#byEndpoint.get(endpoint) ?? []) count += watch.size;
    return count;
  }

  #forget(endpoint: Endpoint, watch: Watch): void {
    this.#subscriptions.delete(watch);
    this.#due.delete(watch);
    unindex(this.#byEndpoint, endpoint, watch);
    for (const person of watch.people()) unindex(this.#byPerson, person, watch);
  }

  /** A SUBSCRIBE in the dialog adds or drops people; without a body it only renews. Who is too many is told so (PRS-8). */
  #refresh(watch: Watch, request: RoleRequest): EventDocument | null {
    if (request.body === '' || !watch.isBatch) return null;
    const { batch } = parseBatchSubscribe(request.body);
    if (batch.action === 'unsubscribe') {
      for (const person of batch.resources) {
        watch.drop(person);
        unindex(this.#byPerson, person, watch);
      }
      return null;
    }
    const fresh = batch.resources.filter((person) => !watch.has(person));
    const room = Math.max(0, mostWatched - this.#watchedBy(request.from));
    const refused = new Set(fresh.slice(room));
    const people = batch.resources.filter((person) => !refused.has(person));
    for (const person of people) indexed(this.#byPerson, person).add(watch);
    return watch.tellAll(people, refused);
  }

  /** Somebody's presence changed: who watches is told, if it changed for them. */
  changed(person: Aor): void {
    this.#view.changed(person);
    const watches = this.#byPerson.get(person);
    if (watches === undefined) return;
    if (this.#due.size === 0) this.#context.after(coalesceMs, () => this.#flush());
    for (const watch of watches) {
      watch.changed(person);
      this.#due.add(watch);
    }
  }

  #flush(): void {
    const due = [...this.#due];
    this.#due.clear();
    for (const watch of due) {
      const document = watch.news();
      const subscription = this.#subscriptions.get(watch);
      if (document !== null) subscription?.tell(document);
      else if (watch.isOver) subscription?.end('noresource');
    }
  }
}

/** `null` when a batch is not for oneself. */
function wishOf(request: RoleRequest): Wish | null {
  const target = aorOf(request.uri);
  if (target === null) return null;
  const isNamed = request.contentType === batchSubscribeType;
  const { batch, isBatch, watcher } = isNamed
    ? parseBatchSubscribe(request.body)
    : { batch: { resources: [], categories: [] }, isBatch: false, watcher: null };
  if (isBatch && (target !== request.from.aor || watcher !== target)) return null;
  const named = [...new Set(batch.categories)].filter((name) => categoryName.test(name)).slice(0, mostCategories);
  const categories = named.length === 0 ? defaultCategories : named;
  return { isBatch, people: isBatch ? batch.resources : [target], categories };
}

function indexed<Key>(index: Map<Key, Set<Watch>>, key: Key): Set<Watch> {
  const all = index.get(key) ?? new Set<Watch>();
  index.set(key, all);
  return all;
}

function unindex<Key>(index: Map<Key, Set<Watch>>, key: Key, watch: Watch): void {
  const all = index.get(key);
  all?.delete(watch);
  if (all?.size === 0) index.delete(key);
}
