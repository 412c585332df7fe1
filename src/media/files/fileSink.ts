import type { FilePlace } from '../../domain/file';

/** Where the bytes of a received file go, one after another. What fails throws. */
export interface FileSink {
  readonly place: FilePlace;
  /** So many are written down. */
  readonly bytes: number;
  /** The same, when nothing is being written any more. */
  settled(): Promise<number>;
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** SHA-256 of all that is written down, in hexadecimal. */
  sha256(): Promise<string>;
  /** It is whole and right: it stays. */
  keep(): Promise<void>;
  /** It is thrown away. */
  discard(): Promise<void>;
}
