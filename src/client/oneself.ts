import type { Dialect } from '../dialect/dialect';
import { failed, type Outcome } from '../domain/failure';
import type { SettableStatus } from '../domain/people';
import type { Floor } from './floor';

const longestNote = 500;

/** What one says of oneself. */
export class Oneself {
  readonly #floor: Floor;

  constructor(floor: Floor) {
    this.#floor = floor;
  }

  setStatus(status: SettableStatus): Promise<Outcome<void>> {
    return this.#online((dialect) => dialect.presence.setStatus(status));
  }

  setNote(text: string): Promise<Outcome<void>> {
    return this.#online((dialect) => dialect.presence.setNote(text.trim().slice(0, longestNote)));
  }

  async #online<T>(run: (dialect: Dialect) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const dialect = this.#floor.dialect();
    return dialect !== null && this.#floor.isLive() ? run(dialect) : failed({ is: 'offline' });
  }
}
