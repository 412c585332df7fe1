import type { Failure } from '../../domain/failure';
import type { StoreTicket } from '../../domain/file';
import type { World } from '../../world';

/** How a way to or from the store ended. */
export type StoreEnd =
  | { is: 'complete'; sha256: string }
  /** It may go on with another ticket; so many bytes are there. */
  | { is: 'lost'; bytes: number }
  | { is: 'failed'; failure: Failure };

/** FIL-3, said over HTTP in the middle of it. */
export const storeFull: Failure = {
  is: 'rejected',
  status: 507,
  reason: 'Insufficient Storage',
  diagnostics: { id: 60_005, reason: 'The file store is full' },
};

/** Without a byte for so long it is lost. */
const silentMs = 30_000;

/** Requests to the store, one after another, that end by themselves when nothing moves. */
export class StoreLine {
  readonly #world: World;
  #abort = new AbortController();
  #stopTimer: () => void = () => undefined;
  #isStopped = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** `null` when no answer came. */
  async ask({ url, ticket }: StoreTicket, init: RequestInit): Promise<Response | null> {
    if (this.#isStopped && init.method !== 'DELETE') return null;
    this.#abort = new AbortController();
    this.moved();
    const headers = { ...(init.headers as Record<string, string>), Authorization: `Bearer ${ticket}` };
    try {
      return await fetch(url, { ...init, headers, cache: 'no-store', credentials: 'omit', signal: this.#abort.signal });
    } catch {
      return null;
    } finally {
      this.#stopTimer();
    }
  }

  /** Something came: the silence begins anew. */
  moved(): void {
    this.#stopTimer();
    const { signal } = this.#abort;
    this.#stopTimer = this.#world.after(silentMs, () => !signal.aborted && this.#abort.abort());
  }

  /** Nothing is awaited any more. */
  rest(): void {
    this.#stopTimer();
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopTimer();
    this.#abort.abort();
  }
}
