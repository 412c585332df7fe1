import type { Clock } from '../../clock';

const limits = {
  /** A longer gap is a break: asking for all of it would cost more than a key frame. */
  gap: 200,
  /** How often a packet is asked for, and how long after the last time. */
  tries: 8,
  retryMs: 60,
};

export interface MissingEvents {
  /** Sequence numbers to be asked for (RFC 4585 §6.2.1), oldest first. */
  ask(lost: readonly number[]): void;
  /** So much is missing that only a key frame helps. */
  broken(): void;
}

/**
 * Which packets of a stream are missing, and when to ask for them. werift has the like, but it compares the numbers as plain
 * ones: where they wrap it stands still for a whole cycle or asks for everything, and it asks ten times within 50 ms.
 */
export class MissingPackets {
  readonly #clock: Clock;
  readonly #events: MissingEvents;
  readonly #missing = new Map<number, { tries: number; askAt: number }>();
  #newest: number | null = null;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, events: MissingEvents) {
    this.#clock = clock;
    this.#events = events;
  }

  /** One came, whether for the first time or again. */
  came(sequenceNumber: number): void {
    this.#missing.delete(sequenceNumber);
    const ahead = this.#newest === null ? 1 : (sequenceNumber - this.#newest) & 0xffff;
    if (ahead === 0 || ahead >= 0x8000) return;
    const newest = this.#newest;
    this.#newest = sequenceNumber;
    if (newest === null || ahead === 1) return;
    if (ahead > limits.gap || this.#missing.size + ahead > limits.gap) {
      this.#missing.clear();
      return this.#events.broken();
    }
    const askAt = this.#clock.now();
    for (let lost = 1; lost < ahead; lost += 1) this.#missing.set((newest + lost) & 0xffff, { tries: 0, askAt });
    this.#ask();
  }

  stop(): void {
    this.#missing.clear();
    this.#cancel?.();
    this.#cancel = null;
  }

  #ask(): void {
    const now = this.#clock.now();
    const due: number[] = [];
    for (const [number, missing] of this.#missing) {
      if (missing.askAt > now) continue;
      if (missing.tries === limits.tries) {
        this.#missing.delete(number);
        continue;
      }
      missing.tries += 1;
      missing.askAt = now + limits.retryMs;
      due.push(number);
    }
    if (due.length > 0) this.#events.ask(due);
    if (this.#missing.size === 0 || this.#cancel !== null) return;
    this.#cancel = this.#clock.after(limits.retryMs, () => {
      this.#cancel = null;
      this.#ask();
    });
  }
}
