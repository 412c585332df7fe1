import type { Card, Presence } from '../../domain/people';
import { type Provenance, toldBy } from '../../domain/provenance';
import { batchSubscribeType, formatBatchSubscribe } from '../../protocol/lync/batchSubscribe';
import {
  categoriesType,
  parseCard,
  parseCategories,
  parseNote,
  parseState,
  type ReadCategory,
} from '../../protocol/lync/categories';
import { MalformedBody } from '../../protocol/malformed';
import { parseTerminated, rlmiType } from '../../protocol/shared/rlmi';
import type { Part } from '../../protocol/sip/multipart';
import type { Aor } from '../../protocol/sip/uri';
import type { Content } from '../../sip/sipMessages';
import type { LyncContext, Subscribed } from './context';
import { cardOf, presenceOf } from './presenceWords';

/** People in one SUBSCRIBE: the answer with all their documents stays well below the largest message. */
const chunk = 100;
const tryAgainAfterMs = 10_000;
const categories = ['contactCard', 'note', 'state'];

interface Told {
  aor: Aor;
  presence?: Presence;
  note?: string;
  card?: Card;
}

/**
 * Everybody whose presence we want, in one batch subscription (`lync-wire` 4.6): the first SUBSCRIBE names as many as fit,
 * later ones in the same dialog add the rest and drop who is not wanted any more.
 */
export class Watching {
  readonly #context: LyncContext;
  readonly #subscription: Subscribed;
  #contacts: ReadonlySet<Aor> = new Set();
  readonly #others = new Set<Aor>();
  /** Those whom the server knows that we watch. */
  readonly #asked = new Set<Aor>();
  #isStarted = false;
  #isBusy = false;
  #batches = 0;
  #stopTimer: () => void = () => undefined;

  constructor(context: LyncContext) {
    this.#context = context;
    this.#subscription = context.ua.subscription({
      target: context.aor,
      event: 'presence',
      accept: [categoriesType, 'application/pidf+xml', rlmiType, 'multipart/related'],
      headers: ['Require: adhoclist, categoryList', 'Supported: eventlist'],
      body: () => this.#firstBatch(),
      onDocument: (parts, { frame }) => this.#take(parts, toldBy(frame)),
    });
  }

  setContacts(people: readonly Aor[]): void {
    this.#contacts = new Set(people);
    void this.#pump();
  }

  watch(people: readonly Aor[]): void {
    for (const aor of people) this.#others.add(aor);
    void this.#pump();
  }

  /** Registered. On a new connection the subscription begins afresh by itself, with `#firstBatch`. */
  start(): void {
    void this.#pump();
  }

  stop(): Promise<void> {
    this.#stopTimer();
    return this.#isStarted ? this.#subscription.stop() : Promise.resolve();
  }

  #isWanted(aor: Aor): boolean {
    return this.#contacts.has(aor) || this.#others.has(aor);
  }

  #missing(): Aor[] {
    return [...new Set([...this.#contacts, ...this.#others])].filter((aor) => !this.#asked.has(aor)).slice(0, chunk);
  }

  /** Brings what the server knows nearer to what is wanted, one SUBSCRIBE at a time. */
  async #pump(): Promise<void> {
    if (this.#isBusy || !this.#context.isLive()) return;
    // Its next document brings us back here.
    if (this.#isStarted && !this.#subscription.isActive) return;
    const missing = this.#missing();
    const unwanted = [...this.#asked].filter((aor) => !this.#isWanted(aor)).slice(0, chunk);
    if (missing.length === 0 && unwanted.length === 0) return;
    this.#isBusy = true;
    const outcome = await this.#subscribe(missing, unwanted);
    this.#isBusy = false;
    this.#stopTimer();
    if (outcome.ok) return void this.#pump();
    if (outcome.failure.is === 'rejected' && outcome.failure.status !== 481 && outcome.failure.status < 500) return;
    this.#stopTimer = this.#context.world.after(tryAgainAfterMs, () => void this.#pump());
  }

  #subscribe(missing: readonly Aor[], unwanted: readonly Aor[]) {
    if (!this.#isStarted) {
      this.#isStarted = true;
      return this.#subscription.start();
    }
    const people = missing.length > 0 ? missing : unwanted;
    for (const aor of missing) this.#asked.add(aor);
    if (missing.length === 0) for (const aor of unwanted) this.#asked.delete(aor);
    return this.#subscription.refresh(this.#batch(missing.length > 0 ? 'subscribe' : 'unsubscribe', people));
  }

  /** The body of every new dialog, also of one that the subscription makes by itself after a 481. */
  #firstBatch(): Content {
    this.#asked.clear();
    const people = this.#missing();
    for (const aor of people) this.#asked.add(aor);
    return this.#batch('subscribe', people);
  }

  #batch(action: 'subscribe' | 'unsubscribe', resources: readonly Aor[]): Content {
    this.#batches += 1;
    const body = formatBatchSubscribe(this.#context.aor, { action, resources, categories }, this.#batches);
    return { contentType: batchSubscribeType, body };
  }

  // ---- What the server tells --------------------------------------------------------------------------------------------

  #take(parts: readonly Part[], told: Provenance): void {
    const people: Told[] = [];
    let malformed: MalformedBody | null = null;
    for (const part of parts) {
      try {
        people.push(...this.#read(part, told));
      } catch (error) {
        if (!(error instanceof MalformedBody)) throw error;
        malformed = error;
      }
    }
    const wanted = people.filter(({ aor }) => this.#isWanted(aor));
    if (wanted.length > 0) this.#context.host.report({ type: 'presence.changed', people: wanted });
    // One person's broken document does not hide the others; it is told after them.
    if (malformed !== null) throw malformed;
    // After a new dialog there may be more to ask for.
    void this.#pump();
  }

  #read(part: Part, provenance: Provenance): Told[] {
    const known = { knownAt: this.#context.world.now(), ...provenance };
    if (part.contentType === rlmiType) {
      return parseTerminated(part).map(({ aor }) => ({ aor, presence: { status: 'unknown', ...known } }));
    }
    if (part.contentType !== categoriesType) return [];
    const { aor, categories: told } = parseCategories(part.body);
    return [{ aor, ...presenceIn(told, known), ...noteIn(told), ...cardIn(told) }];
  }
}

/** PRS-6: a category without content is empty now; one that is not named is unchanged. */
function presenceIn(told: readonly ReadCategory[], known: { knownAt: number } & Provenance): Pick<Told, 'presence'> {
  const states = told.filter(({ name }) => name === 'state');
  if (states.length === 0) return {};
  const read = states.flatMap(({ content }) => (content === null ? [] : (parseState(content) ?? [])));
  const state = read.find(({ type }) => type === 'aggregateState') ?? read[0];
  return {
    presence: { ...(state === undefined ? { status: 'unknown' } : presenceOf(state, known.knownAt)), ...known },
  };
}

function noteIn(told: readonly ReadCategory[]): Pick<Told, 'note'> {
  const notes = told.filter(({ name }) => name === 'note');
  if (notes.length === 0) return {};
  const texts = notes.map(({ content }) => (content === null ? '' : parseNote(content)));
  return { note: texts.find((text) => text !== '') ?? '' };
}

function cardIn(told: readonly ReadCategory[]): Pick<Told, 'card'> {
  const cards = told.flatMap(({ name, content }) => (name === 'contactCard' && content !== null ? [content] : []));
  if (cards.length === 0) return {};
  return { card: Object.assign({}, ...cards.map((content) => cardOf(parseCard(content)))) };
}
