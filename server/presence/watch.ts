import { categoriesType } from '../../src/protocol/lync/categories';
import { formatResourceList, type Resource } from '../../src/protocol/shared/rlmi';
import type { Aor } from '../../src/protocol/sip/uri';
import type { EventDocument } from '../subscriptions';
import type { PresenceView, Seen } from './view';

/** What one subscription watches, and what it was told of each person last. */
export class Watch {
  readonly isBatch: boolean;
  readonly #view: PresenceView;
  readonly #watcher: Aor;
  readonly #categories: readonly string[];
  /** `null`: there is no such person. */
  readonly #told = new Map<Aor, Seen | null>();
  readonly #changed = new Set<Aor>();
  #version = 0;

  constructor(view: PresenceView, watcher: Aor, isBatch: boolean, categories: readonly string[]) {
    this.#view = view;
    this.#watcher = watcher;
    this.isBatch = isBatch;
    this.#categories = categories;
  }

  get size(): number {
    return this.#told.size;
  }

  /** The one person watched is not there any more. */
  get isOver(): boolean {
    return !this.isBatch && [...this.#told.values()].every((seen) => seen === null);
  }

  has(person: Aor): boolean {
    return this.#told.has(person);
  }

  people(): Iterable<Aor> {
    return this.#told.keys();
  }

  drop(person: Aor): void {
    this.#told.delete(person);
    this.#changed.delete(person);
  }

  changed(person: Aor): void {
    this.#changed.add(person);
  }

  /** Everything about these people, who are watched from now on; `refused` ones are told so. */
  tellAll(people: readonly Aor[], refused: Iterable<Aor> = []): EventDocument | null {
    const resources = people.map((aor) => {
      const seen = this.#view.seenBy(this.#watcher, aor, this.#categories);
      this.#told.set(aor, seen);
      return resourceOf(aor, seen?.document() ?? null);
    });
    const terminated = [...refused].map((aor): Resource => ({ aor, state: 'terminated', reason: 'rejected' }));
    return this.#documentOf([...resources, ...terminated]);
  }

  /** What is new since it was told: of each changed person the categories that look different (PRS-9). */
  news(): EventDocument | null {
    const resources = [...this.#changed].flatMap((aor) => this.#newsOf(aor) ?? []);
    this.#changed.clear();
    return resources.length === 0 ? null : this.#documentOf(resources);
  }

  #newsOf(aor: Aor): Resource | null {
    const before = this.#told.get(aor);
    const seen = this.#view.seenBy(this.#watcher, aor, this.#categories);
    if (before === undefined || before === seen) return null;
    this.#told.set(aor, seen);
    if (seen === null || before === null) return resourceOf(aor, seen?.document() ?? null);
    const names = this.#categories.filter((name) => seen.document([name]) !== before.document([name]));
    return names.length === 0 ? null : resourceOf(aor, seen.document(names));
  }

  /** One person's document goes bare to who watches only one; others get a list (`lync-wire` 4.6). */
  #documentOf(resources: readonly Resource[]): EventDocument | null {
    if (this.isBatch) {
      const list = formatResourceList(this.#watcher, resources, this.#version);
      this.#version += 1;
      return { ...list, headers: [['Require', 'eventlist']] };
    }
    const [resource] = resources;
    return resource?.state === 'active' ? { contentType: resource.contentType, body: resource.body } : null;
  }
}

function resourceOf(aor: Aor, document: string | null): Resource {
  return document === null
    ? { aor, state: 'terminated', reason: 'noresource' }
    : { aor, state: 'active', contentType: categoriesType, body: document };
}
