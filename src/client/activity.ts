import type { Floor } from './floor';

// `features` 1.16: Inactive after five minutes without input, Away after five more.
const inactiveMs = 5 * 60_000;
const awayMs = 5 * 60_000;

/** Tells the dialect when nobody has touched any tab for a while. */
export class Activity {
  readonly #floor: Floor;
  #now: 'active' | 'inactive' | 'away' = 'active';
  #stopTimer: () => void = () => undefined;

  constructor(floor: Floor) {
    this.#floor = floor;
  }

  touched(): void {
    this.#become('active');
    this.#stopTimer();
    this.#stopTimer = this.#floor.world.after(inactiveMs, () => {
      this.#become('inactive');
      this.#stopTimer = this.#floor.world.after(awayMs, () => this.#become('away'));
    });
  }

  #become(next: 'active' | 'inactive' | 'away'): void {
    if (this.#now === next) return;
    this.#now = next;
    this.#floor.dialect()?.presence.setActivity(next);
  }

  stop(): void {
    this.#stopTimer();
    this.#now = 'active';
  }
}
