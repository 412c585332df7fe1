import type { World } from '../../world';

/** Both times are ours to choose (`lync-wire` 5.5). */
const repeatAfterMs = 10_000;
const lastsMs = 15_000;

/** What we tell a peer about our typing: at most one notice every 10 s, and one when it stops. */
export class OwnTyping {
  readonly #world: World;
  readonly #tell: (typing: boolean) => void;
  #toldAt: number | null = null;

  constructor(world: World, tell: (typing: boolean) => void) {
    this.#world = world;
    this.#tell = tell;
  }

  set(typing: boolean): void {
    if (!typing) {
      if (this.#toldAt !== null) this.#tell(false);
      this.#toldAt = null;
      return;
    }
    const now = this.#world.now();
    if (this.#toldAt !== null && now - this.#toldAt < repeatAfterMs) return;
    this.#toldAt = now;
    this.#tell(true);
  }

  /** A message went out, or the dialog ended: the peer knows that we stopped. */
  forget(): void {
    this.#toldAt = null;
  }
}

/** What a peer told us: it lapses 15 s after the last notice. */
export class PeerTyping {
  readonly #world: World;
  readonly #report: (typing: boolean) => void;
  #stop: (() => void) | null = null;

  constructor(world: World, report: (typing: boolean) => void) {
    this.#world = world;
    this.#report = report;
  }

  set(typing: boolean): void {
    const was = this.#stop !== null;
    this.#stop?.();
    this.#stop = typing ? this.#world.after(lastsMs, () => this.set(false)) : null;
    if (was !== typing) this.#report(typing);
  }
}
