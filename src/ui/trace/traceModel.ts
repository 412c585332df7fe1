import type { TraceEntry } from '../../trace/entry';
import { Lanes } from '../../trace/lanes';
import { TraceIndex } from '../../trace/traceIndex';

/** Entries read between two frames: a long trace must not hold up the page. */
const sliceSize = 400;

/** The trace that this tab looks at, read piece by piece; a store for React's `useSyncExternalStore`. */
export class TraceModel {
  index = new TraceIndex();
  lanes = new Lanes();
  readonly #listeners = new Set<() => void>();
  #waiting: TraceEntry[] = [];
  #isScheduled = false;
  #version = 0;

  /** Changes whenever something was added or everything forgotten. */
  version = (): number => this.#version;

  subscribe = (run: () => void): (() => void) => {
    this.#listeners.add(run);
    return () => this.#listeners.delete(run);
  };

  take = (entries: readonly TraceEntry[]): void => {
    this.#waiting = this.#waiting.length === 0 ? [...entries] : this.#waiting.concat(entries);
    // What comes one by one is shown at once.
    if (this.#waiting.length <= sliceSize && !this.#isScheduled) return this.#read();
    this.#schedule();
  };

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setTimeout(() => {
      this.#isScheduled = false;
      this.#read();
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  #read(): void {
    const slice = this.#waiting.splice(0, sliceSize);
    this.index.add(slice);
    for (const row of this.index.rows.slice(-slice.length)) this.lanes.take(row);
    this.#changed();
  }

  clear = (): void => {
    this.#waiting = [];
    this.index = new TraceIndex();
    this.lanes = new Lanes();
    this.#changed();
  };

  #changed(): void {
    this.#version += 1;
    for (const run of this.#listeners) run();
  }
}
