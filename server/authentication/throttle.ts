import type { Clock } from '../clock';

/** Failures are forgotten this long after the last one. */
const forgottenAfter = 15 * 60_000;
const longestWait = 5 * 60_000;

interface Failures {
  count: number;
  blockedUntil: number;
  lastAt: number;
}

/** How many failures are free before each further one doubles the wait, from one second. */
const free = { pair: 5, address: 20, account: 50 } as const;

/**
 * Slows guessing down: by person and address together first, so that a stranger cannot lock a person out; by address for
 * one who tries many people; by person, far later, for one who tries from many addresses.
 */
export class Throttle {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Wrong passwords since the start. */
  get failures(): number {
    return this.#count;
  }

  /** Seconds to wait before the next try; 0 when it may come now. */
  waitFor(address: string, account: string): number {
    const now = this.#clock.now();
    const until = keysOf(address, account).map(([key]) => this.#failures.get(key)?.blockedUntil ?? 0);
    return Math.max(0, Math.ceil((Math.max(...until) - now) / 1000));
  }

  failed(address: string, account: string): void {
    this.#count += 1;
    const now = this.#clock.now();
    this.#forgetOld(now);
    for (const [key, allowed] of keysOf(address, account)) {
      const count = (this.#failures.get(key)?.count ?? 0) + 1;
      const excess = count - allowed;
      const wait = excess < 0 ? 0 : Math.min(longestWait, 1000 * 2 ** excess);
      this.#failures.delete(key);
      this.#failures.set(key, { count, blockedUntil: now + wait, lastAt: now });
    }
  }

  succeeded(address: string, account: string): void {
    this.#failures.delete(`${account} ${address}`);
  }

  /** The map is ordered by the last failure, so the old ones come first. */
  #forgetOld(now: number): void {
    for (const [key, { lastAt }] of this.#failures) {
      if (lastAt + forgottenAfter > now && this.#failures.size < 100_000) return;
      this.#failures.delete(key);
    }
  }
}

function keysOf(address: string, account: string): [key: string, free: number][] {
  return [
    [`${account} ${address}`, free.pair],
    [`address ${address}`, free.address],
    [`account ${account}`, free.account],
  ];
}
