import { type Check, type CheckState, type Detail, type Link, links, type Skipped } from '../../domain/checkup';
import type { Outcome } from '../../domain/failure';
import type { World } from '../../world';
import type { Evidence } from './evidence';

export const nothingChecked = Object.fromEntries(
  links.map((link) => [link, { state: { is: 'waiting' }, tookMs: null }]),
) as unknown as Record<Link, Check>;

/** The state of every link, judged by the evidence. */
export class Findings {
  readonly #world: World;
  readonly #evidence: Evidence;
  readonly #onChange: (checks: Readonly<Record<Link, Check>>) => void;
  readonly #began = new Map<Link, number>();
  #checks: Readonly<Record<Link, Check>> = nothingChecked;

  constructor(world: World, evidence: Evidence, onChange: (checks: Readonly<Record<Link, Check>>) => void) {
    this.#world = world;
    this.#evidence = evidence;
    this.#onChange = onChange;
  }

  is(link: Link, state: CheckState['is']): boolean {
    return this.#checks[link].state.is === state;
  }

  begin(...begun: readonly Link[]): void {
    for (const link of begun) {
      this.#began.set(link, this.#world.now());
      this.#set(link, { is: 'running' });
    }
  }

  /** Judges a link by what was seen and by how the attempt ended; also those before it, which the same evidence may show broken. */
  judge(link: Link, outcome: Outcome<unknown>, detail: Detail | null = null): void {
    const broken = this.#evidence.broken();
    for (const earlier of links) {
      const why = broken.get(earlier);
      if (why !== undefined && this.is(earlier, 'fine')) this.#set(earlier, why);
    }
    const seen = broken.get(link);
    if (seen !== undefined) return this.#set(link, seen);
    if (outcome.ok) return this.#set(link, { is: 'fine', detail });
    const cause = this.#brokenBefore(link);
    if (cause !== undefined) return this.skip({ is: 'after', link: cause }, link);
    this.#set(link, this.#evidence.why(link, outcome.failure));
  }

  #brokenBefore(link: Link): Link | undefined {
    return links.slice(0, links.indexOf(link)).find((earlier) => this.is(earlier, 'broken'));
  }

  /** What was seen shows that it is broken. */
  isShown(link: Link): boolean {
    return this.#evidence.broken().has(link);
  }

  /** Those that are not judged yet. */
  skip(because: Skipped, ...skipped: readonly Link[]): void {
    for (const link of skipped) {
      if (this.is(link, 'waiting') || this.is(link, 'running')) this.#set(link, { is: 'skipped', because });
    }
  }

  #set(link: Link, state: CheckState): void {
    const began = this.#began.get(link);
    const before = this.#checks[link].tookMs;
    const tookMs = state.is === 'running' || began === undefined ? null : (before ?? this.#world.now() - began);
    this.#checks = { ...this.#checks, [link]: { state, tookMs } };
    this.#onChange(this.#checks);
  }
}
