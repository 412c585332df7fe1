import { toHex } from '../../protocol/bytes';
import { pieceSize } from '../../protocol/shared/fileChannel';
import { Sha256 } from './sha256';

/** What goes by is digested; `take` resolves when it is, and may be given away. */
export interface Digest {
  /** So many bytes went in. */
  readonly bytes: number;
  take(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** 64 hexadecimal digits, of what went in so far. */
  hex(): Promise<string>;
}

/**
 * `whole`: SHA-256 of the file, as a store knows it. `pieces`: SHA-256 of the SHA-256s of its pieces, in order (SPEC.md FTR-4):
 * the browser's own code makes it, several times as fast as ours makes the other.
 */
export type DigestKind = 'whole' | 'pieces';

export function digestOf(kind: DigestKind): Digest {
  return kind === 'whole' ? new Sha256() : new PieceDigest();
}

const digestLength = 32;

/** Takes whole pieces; only the last may be shorter. */
class PieceDigest implements Digest {
  readonly #pieces: Promise<ArrayBuffer>[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  async take(piece: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#bytes += piece.length;
    const digest = crypto.subtle.digest('SHA-256', piece);
    this.#pieces.push(digest);
    await digest;
  }

  async hex(): Promise<string> {
    const list = new Uint8Array(this.#pieces.length * digestLength);
    for (const [index, digest] of this.#pieces.entries()) list.set(new Uint8Array(await digest), index * digestLength);
    return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', list)));
  }
}

/** True for the number of bytes after which a piece begins, or of all of them. */
export function isBorder(bytes: number, size: number): boolean {
  return bytes % pieceSize === 0 || bytes === size;
}
