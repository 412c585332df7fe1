import { describe, expect, it } from 'vitest';
import type { TraceEntry } from '../trace/entry';
import { TraceFeed, type TraceReader } from './traceFeed';

const entries = (...seqs: number[]): TraceEntry[] =>
  seqs.map((seq) => ({ seq, at: seq, direction: 'in', kind: 'sip', url: '', text: String(seq) }));

class Reader implements TraceReader {
  readonly seqs: number[] = [];
  /** How many it had when everything kept was there. */
  atCaughtUp: number | null = null;
  take(taken: readonly TraceEntry[]): void {
    this.seqs.push(...taken.map(({ seq }) => seq));
  }
  caughtUp(): void {
    this.atCaughtUp = this.seqs.length;
  }
  clear(): void {
    this.seqs.length = 0;
  }
}

function bench(stored: readonly number[][] = [], gate: Promise<void> = Promise.resolve()) {
  const watches: boolean[] = [];
  const feed = new TraceFeed(
    (on) => watches.push(on),
    async function* (before) {
      await gate;
      for (const block of stored) yield entries(...block.filter((seq) => seq < before));
    },
  );
  return { feed, watches };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the trace feed', () => {
  it('gives what the store has, then what the engine has, then what comes, each once and in order', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { feed } = bench(
      [
        [1, 2],
        [3, 4],
      ],
      gate,
    );
    const reader = new Reader();
    feed.follow(reader);
    feed.take(entries(4, 5));
    feed.take(entries(6));
    open();
    await settle();
    feed.take(entries(7));
    expect(reader.seqs).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(reader.atCaughtUp).toBe(6);
  });

  it('reads the store also when the engine has nothing yet, and only once', async () => {
    const { feed } = bench([[1]]);
    const reader = new Reader();
    feed.follow(reader);
    feed.take([]);
    feed.take(entries(2));
    await settle();
    expect(reader.seqs).toEqual([1, 2]);
  });

  it('gives a second reader everything without repeating it to the first', async () => {
    const { feed } = bench();
    const [first, second] = [new Reader(), new Reader()];
    feed.follow(first);
    feed.take(entries(1));
    await settle();
    feed.follow(second);
    feed.take(entries(1, 2));
    await settle();
    expect([first.seqs, second.seqs]).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('stops the engine when nobody looks any more', () => {
    const { feed, watches } = bench();
    const stops = [feed.follow(new Reader()), feed.follow(new Reader())];
    for (const stop of stops) stop();
    expect(watches).toEqual([true, true, false]);
  });

  it('asks a new engine again, where somebody looks', () => {
    const { feed, watches } = bench();
    feed.resume();
    feed.follow(new Reader());
    feed.resume();
    expect(watches).toEqual([true, true]);
  });

  it('goes on with what the engine has where there is no store', async () => {
    const feed = new TraceFeed(
      () => undefined,
      // biome-ignore lint/correctness/useYield: a store that cannot be opened
      async function* () {
        throw new Error('no storage');
      },
    );
    const reader = new Reader();
    feed.follow(reader);
    feed.take(entries(1));
    await settle();
    expect(reader.seqs).toEqual([1]);
  });

  it('says that the log was emptied', async () => {
    const { feed } = bench();
    const reader = new Reader();
    feed.follow(reader);
    feed.take(entries(1));
    await settle();
    feed.clear();
    feed.take(entries(2));
    expect(reader.seqs).toEqual([2]);
  });
});
