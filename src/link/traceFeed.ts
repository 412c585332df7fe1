import type { TraceEntry } from '../trace/entry';

/** Who looks at the trace. */
export interface TraceReader {
  /** Entries, oldest first: in pieces what is kept, then what comes. */
  take(entries: readonly TraceEntry[]): void;
  /** Everything that was kept has been taken. */
  caughtUp(): void;
  /** The log was emptied. */
  clear(): void;
}

/** What was logged before an entry, oldest first, as the store has it. */
export type ReadStored = (before: number) => AsyncIterable<readonly TraceEntry[]>;

/** In a chunk of its own: most tabs never look at the trace. */
const readStored: ReadStored = async function* (before) {
  const { DexieTraceStore } = await import('../trace/dexieTraceStore');
  yield* new DexieTraceStore().before(before);
};

interface Following {
  reader: TraceReader;
  /** `new` until the engine has sent what it has in memory; what comes while the store is read waits. */
  state: { is: 'new' } | { is: 'reading'; waiting: readonly TraceEntry[] } | { is: 'live' };
  last: number;
}

/** The trace as a tab gets it: what the store has, what the engine has in memory, and everything new. */
export class TraceFeed {
  readonly #watch: (on: boolean) => void;
  readonly #readStored: ReadStored;
  readonly #followers = new Set<Following>();

  constructor(watch: (on: boolean) => void, read: ReadStored = readStored) {
    this.#watch = watch;
    this.#readStored = read;
  }

  /** Gives everything that is kept, then what comes, until the returned function is called. */
  follow(reader: TraceReader): () => void {
    const following: Following = { reader, state: { is: 'new' }, last: -1 };
    this.#followers.add(following);
    this.#watch(true);
    return () => {
      this.#followers.delete(following);
      if (this.#followers.size === 0) this.#watch(false);
    };
  }

  /** From the engine: first what it has in memory, then what is new. */
  take(entries: readonly TraceEntry[]): void {
    for (const following of this.#followers) {
      const { state } = following;
      if (state.is === 'live') this.#pass(following, entries);
      else if (state.is === 'reading') state.waiting = [...state.waiting, ...entries];
      else void this.#catchUp(following, entries);
    }
  }

  async #catchUp(following: Following, recent: readonly TraceEntry[]): Promise<void> {
    const reading: Following['state'] = { is: 'reading', waiting: recent };
    following.state = reading;
    try {
      for await (const entries of this.#readStored(recent[0]?.seq ?? Number.MAX_SAFE_INTEGER)) {
        if (!this.#followers.has(following)) return;
        this.#pass(following, entries);
      }
    } catch {
      // Without a store there is what the engine has in memory.
    }
    following.state = { is: 'live' };
    if (!this.#followers.has(following)) return;
    this.#pass(following, reading.waiting);
    following.reader.caughtUp();
  }

  /** The engine may send again what another follower asked for. */
  #pass(following: Following, entries: readonly TraceEntry[]): void {
    const fresh = entries.filter(({ seq }) => seq > following.last);
    const last = fresh.at(-1);
    if (last === undefined) return;
    following.last = last.seq;
    following.reader.take(fresh);
  }

  /** Another engine took the place of one that died: it is asked again, and numbers go on rising. */
  resume(): void {
    if (this.#followers.size > 0) this.#watch(true);
  }

  clear(): void {
    for (const following of this.#followers) {
      if (following.state.is === 'reading') following.state.waiting = [];
      following.reader.clear();
    }
  }
}
