import type { World } from '../world';

export interface FakeWorld extends World {
  /** Lets time pass, running what falls due in order; microtasks run between timers. */
  elapse(ms: number): Promise<void>;
  /** Timers still waiting: 0 at the end of a test says nothing is left ticking. */
  readonly ticking: number;
}

/** A world whose time stands still until told to pass, with seeded chance and counted ids. */
export function fakeWorld(seed = 1, start = Date.UTC(2026, 2, 2, 8, 0, 0)): FakeWorld {
  let now = start;
  let ids = 0;
  let state = seed;
  let timers: { due: number; run: () => void }[] = [];
  return {
    now: () => now,
    after(ms, run) {
      const timer = { due: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    id: () => {
      ids += 1;
      return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
    },
    random: () => {
      // A linear congruential generator: chance enough for tests, the same in every run.
      state = (state * 1103515245 + 12345) % 2147483648;
      return state / 2147483648;
    },
    async elapse(ms) {
      const end = now + ms;
      for (;;) {
        await settle();
        const next = timers.filter((timer) => timer.due <= end).sort((a, b) => a.due - b.due)[0];
        if (next === undefined) break;
        timers = timers.filter((other) => other !== next);
        now = Math.max(now, next.due);
        next.run();
      }
      now = end;
      await settle();
    },
    get ticking() {
      return timers.length;
    },
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
