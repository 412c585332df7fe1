import { failed, type Outcome } from '../../domain/failure';
import type { StoreTicket } from '../../domain/file';
import { MalformedBody } from '../../protocol/malformed';
import { fileTicketType, formatTicketRequest, parseTicket, type TicketRequest } from '../../protocol/shared/fileTicket';
import type { FileStorePort } from '../dialect';
import { type LyncContext, reading } from './context';

const answeredWithinMs = 15_000;

/** Tickets for the home server's file store (SPEC.md, FIL-2). */
export class FileStore implements FileStorePort {
  readonly #context: LyncContext;
  readonly #server: string;
  readonly #storeUri: () => string | null;

  /** `server` is the WebSocket's URL; `storeUri` is `null` where the server has no store for this person (FIL-1). */
  constructor(context: LyncContext, server: string, storeUri: () => string | null) {
    this.#context = context;
    this.#server = server;
    this.#storeUri = storeUri;
  }

  async ticket(request: TicketRequest): Promise<Outcome<StoreTicket>> {
    if (!this.#context.isLive()) return failed({ is: 'offline' });
    const storeUri = this.#storeUri();
    if (storeUri === null) return failed({ is: 'unsupported', what: 'fileStore' });
    const content = { contentType: fileTicketType, body: formatTicketRequest(request) };
    const outcome = await this.#context.ua.service(storeUri, content, answeredWithinMs);
    return reading(outcome, ({ body }) => {
      const { id, ticket, received } = parseTicket(body);
      if (request.is !== 'upload' && request.id !== id) throw new MalformedBody('file ticket', 'it is of another file');
      return { id, url: this.#urlOf(id), ticket, received };
    });
  }

  /** FIL-4. */
  #urlOf(id: string): string {
    return new URL(`/files/${id}`, this.#server.replace(/^ws/, 'http')).href;
  }
}
