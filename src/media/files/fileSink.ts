import type { FilePlace } from '../../domain/file';

/** Where the pieces of a received file go, one after another. What fails throws. */
export interface FileSink {
  readonly place: FilePlace;
  /** So many are written down. */
  readonly bytes: number;
  /** The same, when nothing is being written any more. */
  settled(): Promise<number>;
  write(piece: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The digest of all that is written down (`FileDigest`). */
  digest(): Promise<string>;
  /** It is whole and right: it stays. */
  keep(): Promise<void>;
  /** It is thrown away. */
  discard(): Promise<void>;
}
