/** What was seen of one way (sharer to us, or us to a viewer) since the last report. */
export interface LinkReport {
  /** Bits a second that went over it. */
  bitrate: number;
  /** 0 to 1; `null` when nothing was told. */
  loss: number | null;
  /** What the other end, or the growing delay, says the way can carry when it is overfull; `null` when it is not. */
  overuse: number | null;
  /** Since the last report. */
  ms: number;
}

const manyLost = 0.1;
const fewLost = 0.02;
const growthPerSecond = 1.15;
/** What one report can take away at most: a computer that was busy looks like a way that is. */
const steepest = { loss: 0.5, overuse: 0.7 };

/**
 * How much one way can carry, in bits a second. As in draft-ietf-rmcat-gcc-02 §6 it falls with heavy loss and stands still
 * with some; overuse takes it to what got through; else it grows, whether or not the sharer uses it: a screen that stands
 * still says nothing about the way. Always within its bounds.
 */
export class BitrateLimit {
  readonly #floor: number;
  readonly #ceiling: number;
  #value: number;

  constructor(bounds: { floor: number; ceiling: number; start: number }) {
    this.#floor = Math.min(bounds.floor, bounds.ceiling);
    this.#ceiling = bounds.ceiling;
    this.#value = this.#bounded(bounds.start);
  }

  get value(): number {
    return this.#value;
  }

  report({ bitrate, loss, overuse, ms }: LinkReport): void {
    // What was lost of little says little: the limit falls from what was really sent, never from what might have been.
    const used = Math.min(this.#value, bitrate);
    if (loss !== null && loss > manyLost) this.#fall(used * (1 - loss / 2), steepest.loss);
    else if (overuse !== null) this.#fall(overuse, steepest.overuse);
    else if (loss === null || loss <= fewLost) {
      this.#value = this.#bounded(this.#value * growthPerSecond ** (ms / 1000));
    }
  }

  #fall(to: number, steepestBy: number): void {
    this.#value = this.#bounded(Math.min(this.#value, Math.max(to, this.#value * steepestBy)));
  }

  #bounded(value: number): number {
    return Math.round(Math.min(this.#ceiling, Math.max(this.#floor, value)));
  }
}

/**
 * What to send when all viewers get the same: as much as the slowest can take, one in ten left aside, so that in a large
 * meeting one bad line does not spoil it for everybody.
 */
export function commonLimit(limits: readonly number[], ceiling: number): number {
  const sorted = limits.toSorted((a, b) => a - b);
  return Math.min(ceiling, sorted[Math.floor(sorted.length / 10)] ?? ceiling);
}
