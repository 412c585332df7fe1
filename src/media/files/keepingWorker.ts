import { pieceSize } from '../../protocol/shared/fileChannel';
import { type Digest, type DigestKind, digestOf } from './digest';
import { keptHandle } from './keptFiles';

/** Down, one at a time; each is answered. `open` begins, or goes on with what is there. */
export type ToKeepingWorker =
  | { is: 'open'; name: string; kind: DigestKind }
  | { is: 'write'; piece: Uint8Array<ArrayBuffer> }
  | { is: 'digest' }
  | { is: 'close'; discard: boolean };

export type FromKeepingWorker = { is: 'done'; bytes: number; digest?: string } | { is: 'failed' };

/** Of the File System standard, for dedicated workers only: writes in place, so that a crash loses nothing. */
interface SyncAccessHandle {
  read(into: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  getSize(): number;
  close(): void;
}

type SyncFile = FileSystemFileHandle & {
  createSyncAccessHandle(): Promise<SyncAccessHandle>;
  remove?(): Promise<void>;
};

/** The page that had it open may take a moment to be gone. */
const [opensTries, againMs] = [20, 250];

let file: SyncFile | null = null;
let handle: SyncAccessHandle | null = null;
let digest: Digest = digestOf('pieces');

async function open(name: string, kind: DigestKind): Promise<void> {
  file = (await keptHandle(name, true)) as SyncFile;
  handle = await handleOf(file);
  digest = digestOf(kind);
  // What is there already, in whole pieces, is read once for its digest.
  const whole = Math.floor(handle.getSize() / pieceSize) * pieceSize;
  handle.truncate(whole);
  while (digest.bytes < whole) {
    const piece = new Uint8Array(pieceSize);
    if (handle.read(piece, { at: digest.bytes }) !== pieceSize) throw new Error('it cannot be read');
    await digest.take(piece);
  }
}

async function handleOf(from: SyncFile): Promise<SyncAccessHandle> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await from.createSyncAccessHandle();
    } catch (error) {
      if (tries === opensTries) throw error;
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}

async function write(piece: Uint8Array<ArrayBuffer>): Promise<void> {
  const written = handle?.write(piece, { at: digest.bytes });
  if (written !== piece.length) throw new Error('the disk is full');
  await digest.take(piece);
}

async function close(discard: boolean): Promise<void> {
  if (!discard) handle?.flush();
  handle?.close();
  handle = null;
  if (discard) await file?.remove?.();
}

async function run(order: ToKeepingWorker): Promise<FromKeepingWorker> {
  switch (order.is) {
    case 'open':
      await open(order.name, order.kind);
      break;
    case 'write':
      await write(order.piece);
      break;
    case 'digest':
      return { is: 'done', bytes: digest.bytes, digest: await digest.hex() };
    case 'close':
      await close(order.discard);
      break;
  }
  return { is: 'done', bytes: digest.bytes };
}

self.onmessage = async ({ data }: MessageEvent<ToKeepingWorker>) => {
  self.postMessage(await run(data).catch((): FromKeepingWorker => ({ is: 'failed' })));
};
