import type { Clock } from '../../clock';

const askEveryMs = 300;

/** Asks the sharer for key frames: at most every 300 ms, and again until one came that all who wait can begin with. */
export class KeyFrames {
  readonly #clock: Clock;
  readonly #ask: () => void;
  #isWanted = false;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, ask: () => void) {
    this.#clock = clock;
    this.#ask = ask;
  }

  want(): void {
    this.#isWanted = true;
    if (this.#cancel === null) this.#askNow();
  }

  /** One came. */
  came(): void {
    this.#isWanted = false;
  }

  stop(): void {
    this.#isWanted = false;
    this.#cancel?.();
    this.#cancel = null;
  }

  #askNow(): void {
    this.#ask();
    this.#cancel = this.#clock.after(askEveryMs, () => {
      this.#cancel = null;
      if (this.#isWanted) this.#askNow();
    });
  }
}
