import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, type ReadStream } from 'node:fs';
import { open, readdir, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** More came than was announced. */
export class TooMuch extends Error {}

/** The bytes of the store: one file for each id in one directory. Names that people give never reach the disk. */
export class FileDisk {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** How many bytes are there; 0 when there is nothing. */
  async sizeOf(id: string): Promise<number> {
    return stat(this.#path(id)).then(
      ({ size }) => size,
      () => 0,
    );
  }

  /**
   * Appends what comes, one piece in memory at a time, up to `most` bytes; answers how many bytes are there now. Throws
   * `TooMuch`, or when the stream breaks; what came before that stays.
   */
  async append(id: string, bytes: AsyncIterable<Buffer>, most: number): Promise<number> {
    const file = await open(this.#path(id), 'a', 0o600);
    try {
      let came = 0;
      for await (const piece of bytes) {
        came += piece.length;
        if (came > most) throw new TooMuch();
        await file.appendFile(piece);
      }
      return (await file.stat()).size;
    } finally {
      await file.close();
    }
  }

  /** Takes back whatever goes beyond. */
  async cut(id: string, size: number): Promise<void> {
    const file = await open(this.#path(id), 'a', 0o600);
    await file.truncate(size).finally(() => file.close());
  }

  /** SHA-256 of what is on the disk, as 64 hexadecimal digits. */
  async digestOf(id: string): Promise<string> {
    const hash = createHash('sha256');
    await pipeline(createReadStream(this.#path(id)), hash);
    return hash.digest('hex');
  }

  /** Bytes `from` to `to`, both included. */
  read(id: string, from: number, to: number): ReadStream {
    return createReadStream(this.#path(id), { start: from, end: to });
  }

  async remove(id: string): Promise<void> {
    await rm(this.#path(id), { force: true });
  }

  async all(): Promise<string[]> {
    return (await readdir(this.#directory)).filter((name) => isFileId(name));
  }

  /** Bytes that the disk has left. */
  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#directory);
    return bavail * bsize;
  }

  #path(id: string): string {
    if (!isFileId(id)) throw new Error('no file id');
    return path.join(this.#directory, id);
  }
}

export function isFileId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}
