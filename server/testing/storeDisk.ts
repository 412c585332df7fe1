import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileDisk } from '../files/fileDisk';
import type { FileLimits } from '../files/files';
import type { FileTransfers } from '../http/files';

const limits: FileLimits = {
  size: 1_000_000,
  quota: 2_000_000,
  total: 3_000_000,
  lifetimeMs: 86_400_000,
  blocked: ['.exe', '.bat'],
};

/** A file store's place on the disk, gone with the test, and its HTTP side on a port of its own. */
export class StoreDisk {
  readonly directory = mkdtempSync(path.join(tmpdir(), 'confab-files-'));
  readonly disk = new FileDisk(path.join(this.directory, 'files'));
  readonly limits: FileLimits;
  #server: Server | null = null;

  constructor(changes: Partial<FileLimits> = {}) {
    this.limits = { ...limits, ...changes };
  }

  /** `transfers` is asked for with each request: of a home that is made after this. */
  async listen(transfers: () => FileTransfers | null): Promise<void> {
    const server = createServer((request, response) => {
      const handled = transfers()?.handle(request, response, request.url ?? '');
      handled?.catch(() => response.destroy());
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }

  get port(): number {
    const address = this.#server?.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening');
    return address.port;
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => (this.#server === null ? resolve(null) : this.#server.close(resolve)));
    rmSync(this.directory, { recursive: true, force: true });
  }
}
