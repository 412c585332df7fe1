import type { Clock } from '../../clock';

const overfullMs = 200;
const rememberMs = 20_000;
/** `abs-send-time`: seconds in 24 bits, 18 of them below the point. */
const ticksPerMs = 2 ** 18 / 1000;
const cycle = 2 ** 24;

/**
 * How long packets wait in some queue on their way: what they take more than the quickest of the last twenty seconds took
 * (the clocks of both ends agree on nothing, but differ by the same). Of each report only the quickest packet counts, so
 * that our own being busy is not taken for a queue.
 */
export class QueueDelay {
  readonly #clock: Clock;
  #quickest: number | null = null;
  #past: { at: number; took: number }[] = [];
  #reference: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A packet with its `abs-send-time`. */
  packet(sentAt: number): void {
    const arrived = this.#clock.now() * ticksPerMs;
    const difference = arrived - sentAt;
    this.#reference ??= difference;
    // Relative to the first packet, folded into half a cycle (32 s) around it.
    const folded = (((difference - this.#reference + cycle / 2) % cycle) + cycle) % cycle;
    const took = (folded - cycle / 2) / ticksPerMs;
    this.#quickest = this.#quickest === null ? took : Math.min(this.#quickest, took);
  }

  /** Whether a queue has grown since the last call. */
  isGrowing(): boolean {
    const took = this.#quickest;
    this.#quickest = null;
    if (took === null) return false;
    const at = this.#clock.now();
    this.#past = this.#past.filter((past) => past.at > at - rememberMs);
    this.#past.push({ at, took });
    const quickest = Math.min(...this.#past.map((past) => past.took));
    return took - quickest > overfullMs;
  }
}
