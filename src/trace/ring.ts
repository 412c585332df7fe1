import type { TraceEntry } from './entry';

const maxEntries = 10_000;
const maxCharacters = 20_000_000;

/** The last entries of a trace, bounded in number and in size. */
export class TraceRing {
  #entries: TraceEntry[] = [];
  #first = 0;
  #characters = 0;

  add(entry: TraceEntry): void {
    this.#entries.push(entry);
    this.#characters += entry.text.length;
    while (this.#entries.length - this.#first > maxEntries || this.#characters > maxCharacters) this.#drop();
  }

  #drop(): void {
    this.#characters -= this.#entries[this.#first]?.text.length ?? 0;
    this.#first += 1;
    // Forget in bulk: shifting an array of thousands at every message would cost more than the message.
    if (this.#first > maxEntries) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }

  entries(): readonly TraceEntry[] {
    return this.#entries.slice(this.#first);
  }

  clear(): void {
    this.#entries = [];
    this.#first = 0;
    this.#characters = 0;
  }
}
