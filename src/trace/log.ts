import { type LoggingChoice, levels, mostLogged, usualLogging } from '../domain/logging';
import { hideText } from '../protocol/sip/hideText';
import type { World } from '../world';
import { componentOf, levelOf, type NewEntry, type TraceEntry } from './entry';
import { TraceRing } from './ring';

/** Where the log is kept across reloads. */
export interface TraceStore {
  /** Adds what came since the last time, oldest first. */
  put(entries: readonly TraceEntry[], session: string): Promise<void>;
  /** Forgets sessions before the last (unless all are kept), and the oldest beyond `most` messages. */
  prune(rule: { session: string; keepsAll: boolean; most: number }): Promise<void>;
  clear(): Promise<void>;
}

export interface TraceLogParts {
  world: World;
  store: TraceStore;
  /** Names the browser session, which outlives reloads. */
  session(): string;
  /** Hears of everything that was logged. */
  onEntry(entry: TraceEntry): void;
  onClear(): void;
}

const storeEveryMs = 1_000;
const pruneEvery = 50;
/** Sequence numbers a millisecond, so that those of a new engine are above all that went before. */
const numbersPerMs = 4_096;
const firstNumberAt = Date.UTC(2020, 0, 1);

/**
 * What this engine does, as far as the person wants it logged: the newest in memory, everything in the store, which tabs read
 * themselves. An entry's number is rising over all engines of this device, since it begins with the time.
 */
export class TraceLog {
  readonly #parts: TraceLogParts;
  readonly #ring = new TraceRing();
  #choice: LoggingChoice = usualLogging;
  #most = mostLogged;
  #seq: number;
  #unstored: TraceEntry[] = [];
  #isScheduled = false;
  #puts = 0;
  #storing: Promise<void> = Promise.resolve();

  constructor(parts: TraceLogParts) {
    this.#parts = parts;
    this.#seq = (parts.world.now() - firstNumberAt) * numbersPerMs;
  }

  configure(choice: LoggingChoice): void {
    this.#choice = choice;
  }

  /** A policy's bound on what is kept on this device; `null` where there is none. */
  bound(most: number | null): void {
    this.#most = Math.min(most ?? mostLogged, mostLogged);
    // What is beyond it goes with the next that is stored.
    this.#puts = 0;
  }

  /** Logs an entry, if it is wanted. Answers its number, or 0. */
  add(entry: NewEntry): number {
    if (!this.#wants(entry)) return 0;
    this.#seq += 1;
    const text = this.#choice.hidesText && entry.kind === 'sip' ? hideText(entry.text) : entry.text;
    const numbered = { ...entry, text, seq: this.#seq };
    this.#ring.add(numbered);
    this.#unstored.push(numbered);
    this.#storeLater();
    this.#parts.onEntry(numbered);
    return numbered.seq;
  }

  #wants(entry: NewEntry): boolean {
    const { isOn, level, components } = this.#choice;
    return isOn && levels.indexOf(levelOf(entry)) <= levels.indexOf(level) && components.includes(componentOf(entry));
  }

  /** The newest, oldest first; what came before them is in the store. */
  recent(): readonly TraceEntry[] {
    return this.#ring.entries();
  }

  #storeLater(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#parts.world.after(storeEveryMs, () => {
      this.#isScheduled = false;
      void this.flush();
    });
  }

  /** Settles when everything logged so far is in the store, or the store has refused it. */
  flush(): Promise<void> {
    const entries = this.#unstored;
    this.#unstored = [];
    this.#storing = this.#storing.then(() => this.#put(entries));
    return this.#storing;
  }

  async #put(entries: readonly TraceEntry[]): Promise<void> {
    const { store, session } = this.#parts;
    const rule = { session: session(), keepsAll: this.#choice.keepsAll, most: this.#most };
    try {
      if (entries.length > 0) await store.put(entries, rule.session);
      if (this.#puts % pruneEvery === 0) await store.prune(rule);
      this.#puts += 1;
    } catch {
      // A full or absent store costs what is older than memory holds, and nothing else.
    }
  }

  async clear(): Promise<void> {
    this.#unstored = [];
    this.#ring.clear();
    await this.#storing;
    await this.#parts.store.clear().catch(() => undefined);
    this.#parts.onClear();
  }
}
