import type { World } from '../world';

/** The world of a recording: its time is that of the last message, and what falls due in between happens on the way. */
export class RecordedWorld implements World {
  #now: number;
  #ids = 0;
  #timers: { due: number; run: () => void }[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { due: this.#now + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Counted: who goes back and forth finds the same conversations under the same ids. */
  id(): string {
    this.#ids += 1;
    return `recorded-${this.#ids}`;
  }

  random(): number {
    return 0;
  }

  /** Lets time pass until then; a clock that was set back stands still. */
  reach(at: number): void {
    for (;;) {
      const next = this.#timers.filter(({ due }) => due <= at).sort((a, b) => a.due - b.due)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.due);
      next.run();
    }
    this.#now = Math.max(this.#now, at);
  }
}
