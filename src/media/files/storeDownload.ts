import type { StoreTicket } from '../../domain/file';
import type { World } from '../../world';
import type { FileSink } from './fileSink';
import { type StoreEnd, StoreLine } from './storeLine';

/** Gets a file out of the server's store (SPEC.md, FIL-4), from the byte that the sink does not have. May run again. */
export class StoreDownload {
  readonly #sink: FileSink;
  readonly #file: { size: number; sha256: string };
  readonly #line: StoreLine;
  readonly #onReached: (bytes: number) => void;

  /** `sha256` is what the file's message says. */
  constructor(
    world: World,
    sink: FileSink,
    file: { size: number; sha256: string },
    onReached: (bytes: number) => void,
  ) {
    this.#sink = sink;
    this.#file = file;
    this.#line = new StoreLine(world);
    this.#onReached = onReached;
  }

  /** Until all of it is written down, and is what was told. */
  async run(ticket: StoreTicket): Promise<StoreEnd> {
    const from = await this.#sink.settled();
    if (from < this.#file.size) {
      const answer = await this.#line.ask(ticket, { headers: { Range: `bytes=${from}-` } });
      const body = answer?.status === 206 ? answer.body : null;
      if (body === null) return this.#lost();
      try {
        await this.#write(body);
      } catch {
        return { is: 'failed', failure: { is: 'file', what: 'noRoom' } };
      } finally {
        this.#line.rest();
      }
    }
    if (this.#sink.bytes < this.#file.size) return this.#lost();
    if (this.#sink.bytes > this.#file.size) return { is: 'failed', failure: { is: 'file', what: 'notAsOffered' } };
    const sha256 = await this.#sink.digest();
    if (sha256 !== this.#file.sha256) return { is: 'failed', failure: { is: 'file', what: 'damaged' } };
    return { is: 'complete', sha256 };
  }

  #lost(): StoreEnd {
    return { is: 'lost', bytes: this.#sink.bytes };
  }

  /** What breaks on the way just ends; throws when the sink takes no more. */
  async #write(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const reader = body.getReader();
    while (this.#sink.bytes <= this.#file.size) {
      this.#line.moved();
      const piece = await reader.read().catch(() => ({ done: true as const, value: undefined }));
      this.#line.rest();
      if (piece.done) return;
      await this.#sink.write(piece.value);
      this.#onReached(this.#sink.bytes);
    }
    await reader.cancel().catch(() => undefined);
  }

  stop(): void {
    this.#line.stop();
  }
}
