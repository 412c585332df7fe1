import type { World } from '../world';

const t1Ms = 500; // RFC 3261 §17.1.1.1
const t2Ms = 4_000;

/**
 * Our 2xx to an INVITE (RFC 3261 §13.3.1.4, §14.2): sent at once, then repeated here, not by the transaction, until `stop`
 * says that its ACK came. After 64·T1 without one `onLost` runs.
 */
export class AwaitedAck {
  readonly #world: World;
  readonly #answer: () => void;
  readonly #onLost: () => void;
  #stopTimer: () => void = () => undefined;

  constructor(world: World, answer: () => void, onLost: () => void) {
    this.#world = world;
    this.#answer = answer;
    this.#onLost = onLost;
    answer();
    this.#repeat(t1Ms, t1Ms);
  }

  #repeat(waitMs: number, elapsedMs: number): void {
    this.#stopTimer = this.#world.after(waitMs, () => {
      if (elapsedMs >= 64 * t1Ms) return this.#onLost();
      this.#answer();
      const next = Math.min(waitMs * 2, t2Ms);
      this.#repeat(next, elapsedMs + next);
    });
  }

  stop(): void {
    this.#stopTimer();
  }
}
