import type { FileSink } from './fileSink';
import { Sha256 } from './sha256';

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
  readonly #sha256 = new Sha256();
  #writing: Promise<void> = Promise.resolve();

  private constructor(handle: SavedFile, writable: FileSystemWritableFileStream) {
    this.#handle = handle;
    this.#writable = writable;
  }

  static async open(handle: FileSystemFileHandle): Promise<DiskSink> {
    return new DiskSink(handle, await handle.createWritable());
  }

  get bytes(): number {
    return this.#sha256.bytes;
  }

  async settled(): Promise<number> {
    await this.#writing.catch(() => undefined);
    return this.bytes;
  }

  write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#writing = this.#writable.write(bytes).then(() => this.#sha256.update(bytes));
    return this.#writing;
  }

  sha256(): Promise<string> {
    return Promise.resolve(this.#sha256.hex);
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
