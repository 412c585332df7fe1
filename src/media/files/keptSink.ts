import type { DigestKind } from './digest';
import type { FileSink } from './fileSink';
import type { FromKeepingWorker, ToKeepingWorker } from './keepingWorker';
import { keptName } from './keptFiles';

/** Keeps a file in this site's own store, written and digested beside the page. What was there goes on. */
export class KeptSink implements FileSink {
  readonly place = 'browser';
  readonly #worker = new Worker(new URL('./keepingWorker.ts', import.meta.url), { type: 'module' });
  #bytes = 0;
  #last: Promise<unknown> = Promise.resolve();

  private constructor() {}

  /** Rejects when the device refuses. */
  static async open(person: string, item: string, kind: DigestKind): Promise<KeptSink> {
    const sink = new KeptSink();
    await sink.#order({ is: 'open', name: await keptName(person, item), kind });
    return sink;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async settled(): Promise<number> {
    await this.#last;
    return this.#bytes;
  }

  /** One after another. */
  #order(order: ToKeepingWorker, transfer: Transferable[] = []): Promise<string> {
    const done = this.#last.then(() => this.#carryOut(order, transfer));
    this.#last = done.catch(() => undefined);
    return done;
  }

  #carryOut(order: ToKeepingWorker, transfer: Transferable[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const failed = (): void => reject(new DOMException('not written', 'QuotaExceededError'));
      this.#worker.onerror = failed;
      this.#worker.onmessage = ({ data }: MessageEvent<FromKeepingWorker>) => {
        if (data.is === 'failed') return failed();
        this.#bytes = data.bytes;
        resolve(data.digest ?? '');
      };
      this.#worker.postMessage(order, transfer);
    });
  }

  async write(piece: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#order({ is: 'write', piece }, [piece.buffer]);
  }

  digest(): Promise<string> {
    return this.#order({ is: 'digest' });
  }

  keep(): Promise<void> {
    return this.#close(false);
  }

  discard(): Promise<void> {
    return this.#close(true);
  }

  async #close(discard: boolean): Promise<void> {
    await this.#order({ is: 'close', discard });
    this.#worker.terminate();
  }
}
