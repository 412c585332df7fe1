import type { TraceEntry } from '../../trace/entry';
import { Lanes } from '../../trace/lanes';
import { isServersView, PeerLanes } from '../../trace/peerLanes';
import { TraceIndex } from '../../trace/traceIndex';

/** Entries read between two frames: a long trace must not hold up the page. */
const sliceSize = 400;
/** While a long trace is read, the screen follows this often. */
const showEveryMs = 150;

/** The trace that this tab looks at, read piece by piece; a store for React's `useSyncExternalStore`. */
export class TraceModel {
  index = new TraceIndex();
  lanes: Lanes | PeerLanes = new Lanes();
  readonly #since: number;
  readonly #listeners = new Set<() => void>();
  #waiting: TraceEntry[] = [];
  #isScheduled = false;
  #version = 0;
  #shownAt = 0;
  #isWhole = false;

  /** Of what was logged before `since` (epoch ms) it shows nothing. */
  constructor(since = 0) {
    this.#since = since;
  }

  /** Changes whenever something was added or everything forgotten. */
  version = (): number => this.#version;

  /** The log of a server, with a lane for each connection. */
  get isServers(): boolean {
    return this.lanes instanceof PeerLanes;
  }

  /** Everything that was logged before has been read. */
  get isWhole(): boolean {
    return this.#isWhole && this.#waiting.length === 0;
  }

  subscribe = (run: () => void): (() => void) => {
    this.#listeners.add(run);
    return () => this.#listeners.delete(run);
  };

  take = (entries: readonly TraceEntry[]): void => {
    const wanted = entries.filter(({ at }) => at >= this.#since);
    this.#waiting = this.#waiting.length === 0 ? wanted : this.#waiting.concat(wanted);
    // What comes one by one is shown at once.
    if (this.#waiting.length <= sliceSize && !this.#isScheduled) return this.#read();
    this.#schedule();
  };

  caughtUp = (): void => {
    this.#isWhole = true;
    if (this.#waiting.length === 0) this.#changed();
  };

  /** Settles when everything that was taken is read. */
  async settled(): Promise<void> {
    while (this.#waiting.length > 0) await new Promise((resolve) => setTimeout(resolve));
  }

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
    if (slice.length > 0) {
      this.index.add(slice);
      for (const row of this.index.rows.slice(-slice.length)) this.lanes.take(row);
    }
    if (this.#waiting.length === 0 || performance.now() - this.#shownAt > showEveryMs) this.#changed();
  }

  /** A file may be the log of a server: then every connection has a lane. To be called when all of it was taken. */
  chooseLanes(): void {
    if (!isServersView(this.index.rows)) return;
    this.lanes = new PeerLanes();
    for (const row of this.index.rows) this.lanes.take(row);
    this.#changed();
  }

  clear = (): void => {
    this.#waiting = [];
    this.index = new TraceIndex();
    this.lanes = new Lanes();
    this.#changed();
  };

  #changed(): void {
    this.#shownAt = performance.now();
    this.#version += 1;
    for (const run of this.#listeners) run();
  }
}
