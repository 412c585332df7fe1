import type { FileTrouble } from '../../domain/file';
import { chunkSize, windowSize } from '../../protocol/shared/fileChannel';
import type { FileLine } from './fileLine';
import type { FileSink } from './fileSink';

/** So often the sender hears how much is written down. */
const takenEvery = windowSize / 16;
/** So much is written at once, when it has come. */
const largestWrite = 1024 * 1024;

export interface InflowHandlers {
  /** So many bytes are written down. */
  onWritten(bytes: number): void;
  /** All is there and right, and the sender knows. */
  onDone(): void;
  /** It cannot go on, and the sender knows. */
  onTrouble(trouble: FileTrouble): void;
}

/** Writes down what a line brings, and checks it: never more than was offered, nor more than was asked for at once. */
export class Inflow {
  readonly #sink: FileSink;
  readonly #line: FileLine;
  readonly #size: number;
  readonly #handlers: InflowHandlers;
  #queue: Uint8Array[] = [];
  #received: number;
  #told: number;
  #sha256: string | null = null;
  #isWriting = false;
  #isStopped = false;

  constructor(sink: FileSink, line: FileLine, { size, handlers }: { size: number; handlers: InflowHandlers }) {
    this.#sink = sink;
    this.#line = line;
    this.#size = size;
    this.#handlers = handlers;
    this.#received = sink.bytes;
    this.#told = sink.bytes;
  }

  takeBytes(data: ArrayBuffer): void {
    if (this.#isStopped) return;
    const { byteLength } = data;
    const isTooMuch = this.#received + byteLength > this.#size || this.#sha256 !== null;
    const isTooFast = this.#received + byteLength - this.#told > windowSize;
    if (byteLength === 0 || byteLength > chunkSize || isTooMuch || isTooFast) return this.fail('notAsOffered');
    this.#received += byteLength;
    this.#queue.push(new Uint8Array(data));
    void this.#write();
  }

  takeEnd(sha256: string): void {
    if (this.#isStopped) return;
    if (this.#received !== this.#size || this.#sha256 !== null) return this.fail('notAsOffered');
    this.#sha256 = sha256;
    void this.#write();
  }

  async #write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    try {
      while (this.#queue.length > 0 && !this.#isStopped) {
        await this.#sink.write(this.#nextBlock());
        this.#tell();
      }
      if (this.#sha256 !== null && !this.#isStopped) await this.#finish(this.#sha256);
    } catch {
      this.fail('noRoom');
    } finally {
      this.#isWriting = false;
    }
  }

  /** What waits, as one piece. */
  #nextBlock(): Uint8Array<ArrayBuffer> {
    let length = 0;
    let count = 0;
    while (count < this.#queue.length && length < largestWrite) {
      length += this.#queue[count]?.length ?? 0;
      count += 1;
    }
    const block = new Uint8Array(length);
    let at = 0;
    for (const chunk of this.#queue.splice(0, count)) {
      block.set(chunk, at);
      at += chunk.length;
    }
    return block;
  }

  #tell(): void {
    const { bytes } = this.#sink;
    this.#handlers.onWritten(bytes);
    if (bytes - this.#told < takenEvery && bytes < this.#size) return;
    this.#told = bytes;
    this.#line.say({ is: 'taken', bytes });
  }

  async #finish(expected: string): Promise<void> {
    if ((await this.#sink.sha256()) !== expected) return this.fail('damaged');
    await this.#sink.keep();
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#line.say({ is: 'done' });
    this.#handlers.onDone();
  }

  /** Says why, and takes nothing more. */
  fail(why: 'damaged' | 'notAsOffered' | 'noRoom'): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#queue = [];
    this.#line.say({ is: 'stop', why });
    this.#handlers.onTrouble(why);
  }

  /** The line is gone, or the person does not want it any more. */
  stop(): void {
    this.#isStopped = true;
    this.#queue = [];
  }
}
