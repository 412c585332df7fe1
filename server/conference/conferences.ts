import { type Aor, aorOf, type FocusUri, opaqueOf } from '../../src/protocol/sip/uri';
import type { Offers } from '../offers';
import type { RoleContext } from '../role';
import type { Accounts } from '../store/accounts';
import type { ConferenceRecord, ConferenceStore } from '../store/conferences';
import { Conference } from './conference';

/** The focus URI of a conference (`lync-wire` 0.3). */
export function focusUriFor(organizer: Aor, id: string): FocusUri {
  return `${organizer};gruu;opaque=app:conf:focus:id:${id}` as FocusUri;
}

const sweptEveryMs = 3_600_000;

/** All conferences: from the database when first asked for, then in memory while somebody is in them. */
export class Conferences {
  readonly store: ConferenceStore;
  readonly #context: RoleContext;
  readonly #accounts: Accounts;
  readonly #offers: Offers;
  readonly #live = new Map<FocusUri, Conference>();

  constructor(context: RoleContext, accounts: Accounts, offers: Offers, store: ConferenceStore) {
    this.#offers = offers;
    this.store = store;
    this.#context = context;
    this.#accounts = accounts;
    this.#sweepLater();
  }

  /** By any of its URIs (focus or MCU), parameters in any order. */
  find(uri: string): Conference | undefined {
    const organizer = aorOf(uri);
    const id = /^app:conf:[a-z-]+:id:([A-Za-z0-9]{8,32})$/.exec(opaqueOf(uri) ?? '')?.[1];
    if (organizer === null || id === undefined) return undefined;
    const focus = focusUriFor(organizer, id);
    const live = this.#live.get(focus);
    const record = live?.record ?? this.store.find(focus);
    if (record === undefined) return undefined;
    if (record.expiresAt < this.#context.now() && !this.#isInUse(focus)) {
      this.remove(focus);
      return undefined;
    }
    if (live !== undefined) return live;
    const conference = new Conference(this.#context, this.#accounts, this.#offers, this.store, record);
    this.#live.set(focus, conference);
    this.#offers.media?.forwarder.prepare();
    return conference;
  }

  /** How many have somebody in them. */
  get inUse(): number {
    return [...this.#live.keys()].filter((focus) => this.#isInUse(focus)).length;
  }

  add(record: ConferenceRecord): void {
    this.store.add(record);
  }

  /** Ends it for everybody. */
  remove(focus: FocusUri): void {
    this.#live.get(focus)?.end();
    this.#live.delete(focus);
    this.store.remove(focus);
  }

  /** A removed person's rows went with the account: what they held is over for the others too. */
  forget(person: Aor): void {
    for (const [focus, { record }] of this.#live) if (record.organizer === person) this.remove(focus);
  }

  /** CNF-3: an expired conference goes when nobody is in it any more. */
  #isInUse(focus: FocusUri): boolean {
    return (this.#live.get(focus)?.participants.size ?? 0) > 0;
  }

  #sweepLater(): void {
    this.#context.after(sweptEveryMs, () => {
      for (const focus of this.store.expired(this.#context.now())) if (!this.#isInUse(focus)) this.remove(focus);
      for (const focus of this.#live.keys()) if (!this.#isInUse(focus)) this.#live.delete(focus);
      this.#sweepLater();
    });
  }
}
