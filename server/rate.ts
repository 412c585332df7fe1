import type { Clock } from './clock';

export interface RateLimits {
  /** Messages at once, and more for each second. */
  readonly burst: number;
  readonly perSecond: number;
  /** Messages over the rate, in a row, before the connection is closed. */
  readonly tooMany: number;
}

/** A long message counts as several: it costs as much to read and to keep. */
const bytesOfOne = 4096;

/** Counts the messages of one connection against its limits (a token bucket). */
export class Rate {
  readonly #clock: Clock;
  readonly #limits: RateLimits;
  #tokens: number;
  #countedAt: number;
  #excess = 0;

  constructor(clock: Clock, limits: RateLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#tokens = limits.burst;
    this.#countedAt = clock.now();
  }

  /** What to do with one message more, so long. */
  count(bytes = 0): 'pass' | 'refuse' | 'close' {
    const now = this.#clock.now();
    const earned = ((now - this.#countedAt) / 1000) * this.#limits.perSecond;
    this.#countedAt = now;
    this.#tokens = Math.min(this.#limits.burst, this.#tokens + earned) - 1 - Math.floor(bytes / bytesOfOne);
    if (this.#tokens >= 0) {
      this.#excess = 0;
      return 'pass';
    }
    this.#tokens = 0;
    this.#excess += 1;
    return this.#excess > this.#limits.tooMany ? 'close' : 'refuse';
  }
}
