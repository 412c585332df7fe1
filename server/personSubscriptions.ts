import { formatDiagnostics } from '../src/protocol/sip/headers';
import type { Aor } from '../src/protocol/sip/uri';
import type { Reply, RoleContext, RoleRequest } from './role';
import { type EventDocument, type EventPackage, EventSubscription, type SubscriptionParts } from './subscriptions';

/** An endpoint needs one; a few more may stand while it changes from one to the next. */
const mostPerEndpoint = 4;
/** PRS-15. */
export const superseded = formatDiagnostics({ id: 2139, reason: 'A new subscription took over' });

/** The subscriptions to something that is a person's own, told to all endpoints of that person. */
export class PersonSubscriptions<Wish> {
  readonly #context: RoleContext;
  readonly #package: EventPackage;
  readonly #byPerson = new Map<Aor, Map<EventSubscription, Wish>>();

  constructor(context: RoleContext, eventPackage: EventPackage) {
    this.#context = context;
    this.#package = eventPackage;
  }

  /** Answers a person's SUBSCRIBE to what is theirs; `wish` is what this endpoint asked to be told. */
  accept(request: RoleRequest, reply: Reply, wish: Wish, document: SubscriptionParts['document']): void {
    const { aor } = request.from;
    const parts: SubscriptionParts = { document };
    const subscription = EventSubscription.accept(this.#context, this.#package, request, reply, parts);
    if (subscription === null) return;
    parts.ended = () => this.#forget(aor, subscription);
    const all = this.#byPerson.get(aor) ?? new Map<EventSubscription, Wish>();
    this.#byPerson.set(aor, all);
    all.set(subscription, wish);
    // PRS-15: in the order they began.
    const own = [...all.keys()].filter(({ watcher }) => watcher === request.from);
    if (own.length > mostPerEndpoint) own[0]?.end('deactivated', null, [['ms-diagnostics-public', superseded]]);
  }

  #forget(aor: Aor, subscription: EventSubscription): void {
    const all = this.#byPerson.get(aor);
    all?.delete(subscription);
    if (all?.size === 0) this.#byPerson.delete(aor);
  }

  /** Tells every subscription of a person what `documentFor` its wish says; `null` tells nothing. */
  tell(aor: Aor, documentFor: (wish: Wish) => EventDocument | null): void {
    for (const [subscription, wish] of [...(this.#byPerson.get(aor) ?? [])]) {
      const document = documentFor(wish);
      if (document !== null) subscription.tell(document);
    }
  }
}
