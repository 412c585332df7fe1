import type { IncomingMessage, ServerResponse } from 'node:http';
import { TooMuch } from '../files/fileDisk';
import type { Files } from '../files/files';
import type { FileRecord } from '../store/files';
import { plain, received, refuse } from './fileAnswers';
import { type Gate, NotAllowed } from './fileGate';
import { contentRangeOf } from './ranges';

interface Going {
  stop(): void;
  /** Never rejects. */
  ended: Promise<unknown>;
}

/** PUT, HEAD and DELETE of a file that its owner brings. */
export class FileUploads {
  readonly #files: Files;
  /** What goes on, by file: the next PUT ends the one before, e.g. over a connection that broke without a word. */
  readonly #going = new Map<string, Going>();

  constructor(files: Files) {
    this.#files = files;
  }

  async handle(id: string, gate: Gate, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method } = request;
    if (method !== 'PUT' && method !== 'HEAD' && method !== 'DELETE') return refuse(response, 405, 'malformed');
    // Of several that come at once one goes on: nothing is awaited between the last look and `#put`.
    for (let going = this.#going.get(id); method !== 'HEAD' && going !== undefined; going = this.#going.get(id)) {
      going.stop();
      await going.ended;
    }
    const record = this.#files.records.find(id);
    if (record === undefined) return refuse(response, 404, 'gone');
    if (method === 'PUT') return this.#put(record, gate, request, response);
    if (method === 'DELETE') await this.#files.remove(id);
    const offset = method === 'HEAD' ? { 'Upload-Offset': await this.#files.received(record) } : {};
    response.writeHead(method === 'HEAD' ? 200 : 204, { ...plain, ...offset });
    response.end();
  }

  #put(record: FileRecord, gate: Gate, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { id } = record;
    const coming = this.#receive(record, gate, request, response).finally(() => this.#going.delete(id));
    this.#going.set(id, { stop: () => void request.destroy(), ended: coming.catch(() => undefined) });
    return coming;
  }

  async #receive(record: FileRecord, gate: Gate, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { id, size } = record;
    const before = await this.#files.received(record);
    // All of it is here: its last answer was lost, or we were stopped before the digest.
    if (before === size && size > 0) return this.#complete(record, response);
    const part = contentRangeOf(request.headers['content-range'], size);
    if (part === null) return refuse(response, 400, 'malformed');
    if (part.from !== before) return refuse(response, 416, 'offset', { 'Upload-Offset': String(before) });
    let now: number;
    try {
      now = await this.#files.disk.append(
        id,
        gate(request.iterator({ destroyOnReturn: false })),
        part.to - part.from + 1,
      );
    } catch (error) {
      return this.#broken(error, id, before, request, response);
    }
    return now < size ? received(response, now, null) : this.#complete(record, response);
  }

  async #broken(
    error: unknown,
    id: string,
    before: number,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (error instanceof NotAllowed) return refuse(response, error.status, error.word);
    if (error instanceof TooMuch) {
      await this.#files.disk.cut(id, before);
      return refuse(response, 413, 'size');
    }
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return refuse(response, 507, 'full');
    // The sender is gone, and may come back for the rest.
    if (request.destroyed && !request.complete) return;
    throw error;
  }

  /** What is on the disk is read back: that is what people will get. */
  async #complete({ id, size, sha256, isComplete }: FileRecord, response: ServerResponse): Promise<void> {
    if (isComplete) return received(response, size, sha256);
    const digest = await this.#files.disk.digestOf(id);
    if (sha256 !== null && sha256 !== digest) {
      await this.#files.remove(id);
      return refuse(response, 422, 'digest');
    }
    if (!(await this.#files.complete(id, digest))) return refuse(response, 404, 'gone');
    received(response, size, digest);
  }
}
