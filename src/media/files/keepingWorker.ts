import { keptHandle } from './keptFiles';
import { Sha256 } from './sha256';

/** Down, one at a time; each is answered. `open` begins, or goes on with what is there. */
export type ToKeepingWorker =
  | { is: 'open'; name: string }
  | { is: 'write'; bytes: Uint8Array<ArrayBuffer> }
  | { is: 'sha256' }
  | { is: 'close'; discard: boolean };

export type FromKeepingWorker = { is: 'done'; bytes: number; sha256?: string } | { is: 'failed' };

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

const blockSize = 1024 * 1024;
/** The page that had it open may take a moment to be gone. */
const [opensTries, againMs] = [20, 250];

let file: SyncFile | null = null;
let handle: SyncAccessHandle | null = null;
let sha256 = new Sha256();

async function open(name: string): Promise<void> {
  file = (await keptHandle(name, true)) as SyncFile;
  handle = await handleOf(file);
  sha256 = new Sha256();
  // What is there already is read once, for its digest.
  const block = new Uint8Array(blockSize);
  for (let read = handle.read(block, { at: 0 }); read > 0; read = handle.read(block, { at: sha256.bytes })) {
    sha256.update(block.subarray(0, read));
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

function write(bytes: Uint8Array<ArrayBuffer>): void {
  const written = handle?.write(bytes, { at: sha256.bytes });
  if (written !== bytes.length) throw new Error('the disk is full');
  sha256.update(bytes);
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
      await open(order.name);
      break;
    case 'write':
      write(order.bytes);
      break;
    case 'sha256':
      return { is: 'done', bytes: sha256.bytes, sha256: sha256.hex };
    case 'close':
      await close(order.discard);
      break;
  }
  return { is: 'done', bytes: sha256.bytes };
}

self.onmessage = async ({ data }: MessageEvent<ToKeepingWorker>) => {
  self.postMessage(await run(data).catch((): FromKeepingWorker => ({ is: 'failed' })));
};
