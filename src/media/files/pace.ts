import type { World } from '../../world';

/** So often the screen hears how far a file is. */
const toldEveryMs = 250;
const lookedBackMs = 3_000;

/** How far a file is and how fast it goes, told a few times a second. */
export class Pace {
  readonly #world: World;
  readonly #tell: (bytes: number, bytesPerSecond: number | null) => void;
  readonly #marks: { at: number; bytes: number }[] = [];
  #told = Number.NEGATIVE_INFINITY;

  constructor(world: World, tell: (bytes: number, bytesPerSecond: number | null) => void) {
    this.#world = world;
    this.#tell = tell;
  }

  /** So many bytes are there now. */
  reached(bytes: number): void {
    const at = this.#world.now();
    if (at - this.#told < toldEveryMs) return;
    this.#told = at;
    this.#marks.push({ at, bytes });
    while (this.#marks.length > 2 && at - (this.#marks[1]?.at ?? at) >= lookedBackMs) this.#marks.shift();
    const [first] = this.#marks;
    const seconds = (at - (first?.at ?? at)) / 1000;
    this.#tell(bytes, first === undefined || seconds === 0 ? null : Math.round((bytes - first.bytes) / seconds));
  }
}
