import type { UnreadableReason } from '../../trace/formats/traceFormat';
import type { FromReadWorker, ToReadWorker } from '../../trace/readWorker';
import { TraceModel } from './traceModel';

export type OpenedState =
  | { is: 'reading' }
  | { is: 'read'; skipped: number }
  | { is: 'unreadable'; reason: UnreadableReason }
  | { is: 'gone' };

/** A trace in a file, read in a worker piece by piece; a store for React's `useSyncExternalStore`. */
export class OpenedTrace {
  readonly id = crypto.randomUUID();
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly model = new TraceModel();
  /** Bytes that were read, and entries in them. */
  read = 0;
  total = 0;
  state: OpenedState = { is: 'reading' };
  readonly #worker: Worker;

  constructor(file: File) {
    this.name = file.name;
    this.size = file.size;
    this.#worker = new Worker(new URL('../../trace/readWorker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = ({ data }: MessageEvent<FromReadWorker>) => void this.#take(data);
    this.#worker.onerror = () => this.#end({ is: 'gone' });
    this.#ask({ is: 'read', file });
  }

  #ask(message: ToReadWorker): void {
    this.#worker.postMessage(message);
  }

  async #take(step: FromReadWorker): Promise<void> {
    switch (step.is) {
      case 'entries':
        this.read = step.read;
        this.model.take(step.entries.map((entry, at) => ({ ...entry, seq: this.total + at + 1 })));
        this.total += step.entries.length;
        await this.model.settled();
        return this.#ask({ is: 'next' });
      case 'done':
        return this.#end({ is: 'read', skipped: step.skipped });
      default:
        return this.#end(step);
    }
  }

  #end(state: OpenedState): void {
    this.state = state;
    this.#worker.terminate();
    this.model.chooseLanes();
    this.model.caughtUp();
  }

  /** Stops reading; what was read goes with it. */
  close(): void {
    this.#worker.terminate();
  }
}
