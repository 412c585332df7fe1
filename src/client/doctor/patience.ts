import type { Link } from '../../domain/checkup';
import { failed, type Outcome } from '../../domain/failure';
import type { World } from '../../world';

/** The person wants no more of it. */
export class Cancelled extends Error {}

/** How long a walk waits for what may never come: no longer than asked, and no longer than the person wants. */
export class Patience {
  readonly #world: World;
  readonly #onLate: (link: Link, afterSeconds: number) => void;
  readonly #cancelled: Promise<never>;
  #cancel: () => void = () => undefined;

  /** `onLate` hears of a wait that was in vain. */
  constructor(world: World, onLate: (link: Link, afterSeconds: number) => void) {
    this.#world = world;
    this.#onLate = onLate;
    this.#cancelled = new Promise((_resolve, reject) => {
      this.#cancel = () => reject(new Cancelled());
    });
    this.#cancelled.catch(() => undefined);
  }

  cancel(): void {
    this.#cancel();
  }

  /** What comes within `ms`, or `timedOut`. Throws `Cancelled`. */
  async wait<T>(link: Link, ms: number, coming: Promise<Outcome<T>>): Promise<Outcome<T>> {
    let stop: () => void = () => undefined;
    const late = new Promise<Outcome<T>>((resolve) => {
      stop = this.#world.after(ms, () => {
        const afterSeconds = Math.round(ms / 1000);
        this.#onLate(link, afterSeconds);
        resolve(failed({ is: 'timedOut', afterSeconds }));
      });
    });
    try {
      return await Promise.race([coming, late, this.#cancelled]);
    } finally {
      stop();
    }
  }
}
