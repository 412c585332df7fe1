import { type Digest, type DigestKind, digestOf } from './digest';
import type { FileSink } from './fileSink';

/** File System Access, which not every browser has. */
interface SavedFile extends FileSystemFileHandle {
  remove?(): Promise<void>;
}

type ShowSaveFilePicker = (options: { suggestedName: string }) => Promise<SavedFile>;

const picker = (): ShowSaveFilePicker | undefined =>
  (globalThis as { showSaveFilePicker?: ShowSaveFilePicker }).showSaveFilePicker;

/** Asks where a file shall be saved; must be called from a click. `null` when the person chose nothing. */
export async function pickPlace(suggestedName: string): Promise<FileSystemFileHandle | null> {
  try {
    return (await picker()?.({ suggestedName })) ?? null;
  } catch {
    return null;
  }
}

/** Writes where the person wanted it. The browser shows it there only when it is whole. */
export class DiskSink implements FileSink {
  readonly place = 'disk';
  readonly #handle: SavedFile;
  readonly #writable: FileSystemWritableFileStream;
  readonly #digest: Digest;
  #bytes = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(handle: SavedFile, writable: FileSystemWritableFileStream, kind: DigestKind) {
    this.#digest = digestOf(kind);
    this.#handle = handle;
    this.#writable = writable;
  }

  static async open(handle: FileSystemFileHandle, kind: DigestKind): Promise<DiskSink> {
    return new DiskSink(handle, await handle.createWritable(), kind);
  }

  get bytes(): number {
    return this.#bytes;
  }

  async settled(): Promise<number> {
    await this.#writing.catch(() => undefined);
    return this.bytes;
  }

  write(piece: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#writing = Promise.all([this.#writable.write(piece), this.#digest.take(piece)]).then(() => {
      this.#bytes += piece.length;
    });
    return this.#writing;
  }

  digest(): Promise<string> {
    return this.#digest.hex();
  }

  keep(): Promise<void> {
    return this.#writable.close();
  }

  /** Nothing is left of it, not even the empty file that the picker has made. */
  async discard(): Promise<void> {
    await this.#writable.abort();
    await this.#handle.remove?.();
  }
}
