import Dexie, { type Table } from 'dexie';
import type { TraceEntry } from './entry';
import type { TraceStore } from './log';

/** About a second of entries; `first` is the number of the first. */
interface Block {
  first: number;
  entries: readonly TraceEntry[];
}

/** What is known of a block without reading it. */
interface BlockHead {
  first: number;
  session: string;
  count: number;
}

class TraceDatabase extends Dexie {
  blocks!: Table<Block, number>;
  heads!: Table<BlockHead, number>;

  constructor() {
    super('confab-trace', { chromeTransactionDurability: 'relaxed' });
    this.version(1).stores({ blocks: 'first', heads: 'first' });
  }
}

/** The log in IndexedDB: the engine writes it, a tab that looks at the trace reads it. */
export class DexieTraceStore implements TraceStore {
  readonly #database = new TraceDatabase();

  async put(entries: readonly TraceEntry[], session: string): Promise<void> {
    const first = entries[0]?.seq;
    if (first === undefined) return;
    const { blocks, heads } = this.#database;
    await this.#database.transaction('rw', blocks, heads, async () => {
      await blocks.put({ first, entries });
      await heads.put({ first, session, count: entries.length });
    });
  }

  async prune({ session, keepsAll, most }: { session: string; keepsAll: boolean; most: number }): Promise<void> {
    const { blocks, heads } = this.#database;
    await this.#database.transaction('rw', blocks, heads, async () => {
      const all = await heads.orderBy('first').toArray();
      const gone = blocksToForget(all, { session, keepsAll, most });
      await Promise.all([blocks.bulkDelete(gone), heads.bulkDelete(gone)]);
    });
  }

  /** Everything before the entry with this number, oldest first, block by block. */
  async *before(seq: number): AsyncGenerator<readonly TraceEntry[]> {
    const keys = await this.#database.blocks.where('first').below(seq).primaryKeys();
    for (const key of keys) {
      const block = await this.#database.blocks.get(key);
      const entries = block?.entries.filter((entry) => entry.seq < seq) ?? [];
      if (entries.length > 0) yield entries;
    }
  }

  async clear(): Promise<void> {
    await Promise.all([this.#database.blocks.clear(), this.#database.heads.clear()]);
  }
}

/** The blocks of sessions before the last (unless all are kept), and the oldest beyond `most` entries. */
export function blocksToForget(
  heads: readonly BlockHead[],
  { session, keepsAll, most }: { session: string; keepsAll: boolean; most: number },
): number[] {
  const last = heads.findLast((head) => head.session !== session)?.session;
  const isWanted = (head: BlockHead): boolean => keepsAll || head.session === session || head.session === last;
  let room = most;
  const kept = new Set<number>();
  for (const head of heads.filter(isWanted).toReversed()) {
    room -= head.count;
    if (room < 0) break;
    kept.add(head.first);
  }
  return heads.filter(({ first }) => !kept.has(first)).map(({ first }) => first);
}
