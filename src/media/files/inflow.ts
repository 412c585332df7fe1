import type { FileTrouble } from '../../domain/file';
import { chunkSize, pieceSize, windowSize } from '../../protocol/shared/fileChannel';
import type { FileLine } from './fileLine';
import type { FileSink } from './fileSink';

export interface InflowHandlers {
  /** So many bytes have come. */
  onReceived(bytes: number): void;
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
  /** Whole pieces that wait for the disk. */
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  /** The one that comes just now, and how much of it is there. */
  #piece: Uint8Array<ArrayBuffer> | null = null;
  #filled = 0;
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
    this.#handlers.onReceived(this.#received);
    this.#fill(new Uint8Array(data));
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
      for (let piece = this.#pieces.shift(); piece !== undefined; piece = this.#pieces.shift()) {
        await this.#sink.write(piece);
        if (this.#isStopped) return;
        this.#tell();
      }
      if (this.#sha256 !== null && !this.#isStopped) await this.#finish(this.#sha256);
    } catch {
      this.fail('noRoom');
    } finally {
      this.#isWriting = false;
    }
  }

  /** Messages into pieces: whoever sends cuts them as it likes. */
  #fill(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const begins = this.#received - bytes.length + at - this.#filled;
      this.#piece ??= new Uint8Array(Math.min(pieceSize, this.#size - begins));
      const part = bytes.subarray(at, at + this.#piece.length - this.#filled);
      this.#piece.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled < this.#piece.length) return;
      this.#pieces.push(this.#piece);
      this.#piece = null;
      this.#filled = 0;
    }
  }

  #tell(): void {
    const { bytes } = this.#sink;
    this.#told = bytes;
    this.#line.say({ is: 'taken', bytes });
  }

  async #finish(expected: string): Promise<void> {
    if ((await this.#sink.digest()) !== expected) return this.fail('damaged');
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
    this.#pieces = [];
    this.#line.say({ is: 'stop', why });
    this.#handlers.onTrouble(why);
  }

  /** The line is gone, or the person does not want it any more. */
  stop(): void {
    this.#isStopped = true;
    this.#pieces = [];
  }
}
