import type { Failure } from '../../domain/failure';
import type { StoreTicket } from '../../domain/file';
import type { World } from '../../world';
import { type Source, SourceChanged } from './outflow';
import { type StoreEnd, StoreLine, storeFull } from './storeLine';

/**
 * Bytes in a request: on a slow way less, since the server cuts a request after thirty seconds; never so much that its digest,
 * which the page makes, holds a frame up.
 */
const [smallest, largest] = [64 * 1024, 1024 * 1024];
const [quickMs, slowMs] = [2_000, 8_000];

/**
 * Brings a file of ours to the server's store (SPEC.md, FIL-4): a block a request, from where the store is. May run again with
 * another ticket.
 */
export class StoreUpload {
  readonly #world: World;
  readonly #source: Source;
  readonly #line: StoreLine;
  readonly #onReached: (bytes: number) => void;
  #length = largest;

  /** `onReached`: so many bytes are in the store. */
  constructor(world: World, source: Source, onReached: (bytes: number) => void) {
    this.#world = world;
    this.#source = source;
    this.#line = new StoreLine(world);
    this.#onReached = onReached;
  }

  /** Until all of it is in the store, and what the store has is what was read here. */
  async run(ticket: StoreTicket): Promise<StoreEnd> {
    let at = ticket.received;
    try {
      for (;;) {
        await this.#source.catchUp(at);
        const answer = await this.#put(ticket, at);
        if (answer === null) return { is: 'lost', bytes: at };
        const failure = failureOf(answer.status);
        if (failure !== null) return { is: 'failed', failure };
        const received = await receivedIn(answer);
        if (received === null || received.bytes < at) return { is: 'lost', bytes: at };
        at = received.bytes;
        this.#onReached(at);
        if (received.sha256 !== null) return await this.#check(received.sha256);
      }
    } catch (error) {
      if (!(error instanceof SourceChanged)) throw error;
      return { is: 'failed', failure: { is: 'file', what: error.trouble } };
    }
  }

  /** At the end without a body: the store then looks at what it has. */
  async #put(ticket: StoreTicket, at: number): Promise<Response | null> {
    const { size } = this.#source.file;
    if (at === size) return this.#line.ask(ticket, { method: 'PUT' });
    const block = await this.#source.read(at, this.#length);
    const range = `bytes ${at}-${at + block.length - 1}/${size}`;
    const begun = this.#world.now();
    const asked = this.#line.ask(ticket, { method: 'PUT', headers: { 'Content-Range': range }, body: block });
    // While it is on its way.
    this.#source.passes(at, block);
    const answer = await asked;
    this.#pace(answer === null ? Number.POSITIVE_INFINITY : this.#world.now() - begun);
    return answer;
  }

  #pace(tookMs: number): void {
    if (tookMs < quickMs) this.#length = Math.min(largest, this.#length * 2);
    if (tookMs > slowMs) this.#length = Math.max(smallest, this.#length / 2);
  }

  async #check(sha256: string): Promise<StoreEnd> {
    await this.#source.catchUp(this.#source.file.size);
    if ((await this.#source.digest.hex()) !== sha256) return { is: 'failed', failure: { is: 'file', what: 'damaged' } };
    return { is: 'complete', sha256 };
  }

  /** Takes back what is in the store. */
  async takeBack(ticket: StoreTicket): Promise<void> {
    await this.#line.ask(ticket, { method: 'DELETE' });
  }

  /** What goes on ends as lost. */
  stop(): void {
    this.#line.stop();
  }
}

/** `null` for what another ticket, or a moment, may mend. */
function failureOf(status: number): Failure | null {
  if (status === 422) return { is: 'file', what: 'damaged' };
  if (status === 413) return { is: 'file', what: 'changed' };
  return status === 507 ? storeFull : null;
}

/** What the store has now, and its digest when that is all; `null` for what is no such answer. */
async function receivedIn(answer: Response): Promise<{ bytes: number; sha256: string | null } | null> {
  // Not from where the store is: an answer of it was lost.
  if (answer.status !== 200 && answer.status !== 416) return null;
  const bytes = Number.parseInt(answer.headers.get('Upload-Offset') ?? '', 10);
  if (!Number.isSafeInteger(bytes) || bytes < 0) return null;
  const { sha256 } = answer.status === 200 ? ((await answer.json().catch(() => ({}))) as { sha256?: unknown }) : {};
  return { bytes, sha256: typeof sha256 === 'string' ? sha256 : null };
}
