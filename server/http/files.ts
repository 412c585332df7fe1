import type { IncomingMessage, ServerResponse } from 'node:http';
import { isFileId } from '../files/fileDisk';
import type { Files } from '../files/files';
import type { FileTickets, Grant } from '../files/fileTickets';
import type { FileRecord } from '../store/files';
import { refuse } from './fileAnswers';
import { download } from './fileDownload';
import { NotAllowed } from './fileGate';
import { FileUploads } from './fileUploads';

export const filesPath = '/files/';

const mostAtOnce = 8;

/**
 * The bytes of the file store, under `/files/ID` with `Authorization: Bearer TICKET`:
 *
 * - `PUT`, whole or from where the store is (`Content-Range: bytes FROM-TO/TOTAL`, RFC 9110 §14.5): 200 with
 *   `{"received": N}`, and `"sha256"` when it is complete; 416 with `Upload-Offset: N` when it is not from there. One that
 *   takes longer than 30 s is cut (the listener's limit for every request), and what came stays: send pieces.
 * - `HEAD` with a ticket for uploading: `Upload-Offset: N`. `DELETE`: takes the file back.
 * - `GET` with a ticket for downloading, whole or a `Range`; `Repr-Digest` is the SHA-256 (RFC 9530).
 *
 * Failures are `{"error": WORD}`: `ticket`, `gone`, `forbidden`, `offset`, `size`, `digest`, `busy`, `full`, `malformed`.
 * A transfer ends in the middle when its person is not in the conference any more, or when the file goes.
 */
export class FileTransfers {
  /** Silence for so long ends a transfer: it can be gone on with. */
  idleMs = 60_000;
  readonly #files: Files;
  readonly #tickets: FileTickets;
  readonly #uploads: FileUploads;
  readonly #atOnce = new Map<string, number>();

  constructor(files: Files, tickets: FileTickets) {
    this.#files = files;
    this.#tickets = tickets;
    this.#uploads = new FileUploads(files);
  }

  async handle(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> {
    const id = pathname.slice(filesPath.length);
    const grant = this.#grantOf(request, id);
    if (grant === null) return refuse(response, 401, 'ticket', { 'WWW-Authenticate': 'Bearer' });
    const atOnce = this.#atOnce.get(grant.aor) ?? 0;
    if (atOnce >= mostAtOnce) return refuse(response, 429, 'busy', { 'Retry-After': '5' });
    this.#atOnce.set(grant.aor, atOnce + 1);
    request.setTimeout(this.idleMs, () => request.destroy());
    response.setTimeout(this.idleMs, () => response.destroy());
    try {
      await this.#serve(grant, request, response);
    } finally {
      const left = (this.#atOnce.get(grant.aor) ?? 1) - 1;
      if (left > 0) this.#atOnce.set(grant.aor, left);
      else this.#atOnce.delete(grant.aor);
    }
  }

  async #serve(grant: Grant, request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const record = this.#allowed(grant);
      const gate = (bytes: AsyncIterable<Buffer>) => this.#whileAllowed(grant, bytes);
      if (grant.to === 'download') await download(this.#files.disk, record, gate, request, response);
      else await this.#uploads.handle(record.id, gate, request, response);
    } catch (error) {
      if (!(error instanceof NotAllowed)) throw error;
      refuse(response, error.status, error.word);
    }
  }

  #grantOf(request: IncomingMessage, id: string): Grant | null {
    const [, ticket = ''] = /^Bearer ([A-Za-z0-9_-]{20,100})$/i.exec(request.headers.authorization ?? '') ?? [];
    const grant = ticket === '' || !isFileId(id) ? null : this.#tickets.check(ticket);
    return grant?.file === id ? grant : null;
  }

  #allowed({ to, file, aor }: Grant): FileRecord {
    const record = to === 'upload' ? this.#files.ofOwner(file, aor) : this.#files.forReader(file, aor);
    if ('status' in record) throw new NotAllowed(record);
    return record;
  }

  async *#whileAllowed(grant: Grant, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of bytes) {
      this.#allowed(grant);
      yield piece;
    }
  }
}
