import type { FileTrouble } from '../../domain/file';
import { chunkSize, pieceSize, windowSize } from '../../protocol/shared/fileChannel';
import { type Digest, type DigestKind, digestOf } from './digest';
import type { FileLine } from './fileLine';

/** Small marks: pause and cancel are quick, and the rate is the same (RFC 8831 lets the browser queue the rest). */
const [highMark, lowMark] = [64 * 1024, 1];

/** A file of ours, with the digest of what was read of it in any attempt. */
export class Source {
  readonly file: File;
  readonly digest: Digest;

  constructor(file: File, kind: DigestKind) {
    this.file = file;
    this.digest = digestOf(kind);
  }

  /** At most so many bytes from here on. Throws a `SourceChanged` when it is not what was chosen. */
  async read(from: number, length = pieceSize): Promise<Uint8Array<ArrayBuffer>> {
    const to = Math.min(from + length, this.file.size);
    const piece = await this.file
      .slice(from, to)
      .arrayBuffer()
      .catch(() => null);
    if (piece?.byteLength !== to - from) throw new SourceChanged();
    return new Uint8Array(piece);
  }

  /** Digests what is sent; what is sent again after a loss, only once. */
  passes(from: number, bytes: Uint8Array<ArrayBuffer>): void {
    const known = this.digest.bytes - from;
    if (known < bytes.length) void this.digest.take(bytes.subarray(known));
  }

  /** Digests what is before this, and was never sent in this page. */
  async catchUp(to: number): Promise<void> {
    while (this.digest.bytes < to) {
      const piece = await this.read(this.digest.bytes);
      await this.digest.take(piece.subarray(0, to - this.digest.bytes));
    }
  }
}

export class SourceChanged extends Error {
  readonly trouble: FileTrouble = 'changed';
}

/** Thrown where nothing can go on because the line is stopped. */
class Stopped extends Error {}

/** Sends the bytes of a file over a line, no faster than the browser, the way, and the disk of the other end take them. */
export class Outflow {
  readonly #source: Source;
  readonly #line: FileLine;
  readonly #chunk: number;
  #sent: number;
  #taken: number;
  #isStopped = false;
  #wake: () => void = () => undefined;

  /** `largestMessage` in bytes, as the browser has negotiated it (0 or infinite: none). */
  constructor(source: Source, line: FileLine, { from, largestMessage }: { from: number; largestMessage: number }) {
    this.#source = source;
    this.#line = line;
    this.#sent = from;
    this.#taken = from;
    this.#chunk = largestMessage > 0 ? Math.min(chunkSize, largestMessage) : chunkSize;
    line.channel.bufferedAmountLowThreshold = lowMark;
    line.channel.addEventListener('bufferedamountlow', this.#look);
  }

  #look = (): void => this.#wake();

  /** So many bytes are written down at the other end. False when that cannot be. */
  taken(bytes: number): boolean {
    if (bytes < this.#taken || bytes > this.#sent) return false;
    this.#taken = bytes;
    this.#wake();
    return true;
  }

  /** Until all is sent and the digest said. False when it was stopped; throws `SourceChanged`. */
  async run(): Promise<boolean> {
    try {
      await this.#sendAll();
      return true;
    } catch (error) {
      if (error instanceof Stopped) return false;
      throw error;
    } finally {
      this.#line.channel.removeEventListener('bufferedamountlow', this.#look);
    }
  }

  async #sendAll(): Promise<void> {
    const { size } = this.#source.file;
    await this.#source.catchUp(this.#sent);
    let ahead = this.#sent < size ? this.#source.read(this.#sent) : null;
    while (ahead !== null) {
      const piece = await ahead;
      const at = this.#sent;
      const next = at + piece.length;
      ahead = next < size ? this.#source.read(next) : null;
      // Awaited above, in its turn.
      ahead?.catch(() => undefined);
      this.#source.passes(at, piece);
      await this.#sendPiece(piece);
    }
    this.#line.say({ is: 'end', sha256: await this.#source.digest.hex() });
  }

  async #sendPiece(piece: Uint8Array<ArrayBuffer>): Promise<void> {
    for (let at = 0; at < piece.length; at += this.#chunk) {
      const chunk = piece.subarray(at, at + this.#chunk);
      await this.#until(() => this.#hasRoom(chunk.length));
      try {
        this.#line.channel.send(chunk);
      } catch {
        // It is closing; the loss is told by its event.
        throw new Stopped();
      }
      this.#sent += chunk.length;
    }
  }

  #hasRoom(bytes: number): boolean {
    return this.#line.channel.bufferedAmount < highMark && this.#sent + bytes - this.#taken <= windowSize;
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!this.#isStopped && !isSo()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#isStopped) throw new Stopped();
  }

  stop(): void {
    this.#isStopped = true;
    this.#wake();
  }
}
