import {
  fileTicketType,
  formatTicket,
  parseTicketRequest,
  type TicketRequest,
} from '../../src/protocol/shared/fileTicket';
import type { Aor } from '../../src/protocol/sip/uri';
import { diagnosticsOf, type Refusal } from '../diagnostics';
import type { Reply, Role, RoleContext, RoleRequest } from '../role';
import type { FileRecord } from '../store/files';
import { type Files, fileRefusals } from './files';
import { type FileTickets, type Grant, ticketSeconds } from './fileTickets';

/** The service's URI, told in provisioning to those who may send files. */
export function fileStoreUriOf({ domain, serverUri }: Pick<RoleContext, 'domain' | 'serverUri'>): string {
  return `sip:${serverUri.split(':')[0]}@${domain};gruu;opaque=srvr:FileStore:fs1`;
}

/** Gives tickets for the file store (`src/dialect/SPEC.md` 8). */
export class FileStore implements Role {
  readonly #context: RoleContext;
  readonly #files: Files;
  readonly #tickets: FileTickets;

  constructor(context: RoleContext, files: Files, tickets: FileTickets) {
    this.#context = context;
    this.#files = files;
    this.#tickets = tickets;
  }

  handle(request: RoleRequest, reply: Reply): void {
    if (request.method !== 'SERVICE') return reply(501, 'Not Implemented');
    if (request.contentType !== fileTicketType) return reply(415, 'Unsupported Media Type');
    const wish = parseTicketRequest(request.body);
    this.#serve(request.from.aor, wish, reply).catch((error: unknown) => {
      this.#context.log.warn({ error }, 'the file store failed');
      this.#refuse(reply, fileRefusals.full);
    });
  }

  async #serve(aor: Aor, wish: TicketRequest, reply: Reply): Promise<void> {
    const record = await this.#recordFor(aor, wish);
    if ('status' in record) return this.#refuse(reply, record);
    const grant: Grant = { aor, file: record.id, to: wish.is === 'download' ? 'download' : 'upload' };
    const { id, name, size, type, sha256 } = record;
    const received = await this.#files.received(record);
    const ticket = this.#tickets.issue(grant);
    const body = formatTicket({
      id,
      ticket,
      lifetime: ticketSeconds,
      file: { name, size, type, sha256 },
      received,
    });
    reply(200, 'OK', { contentType: fileTicketType, body });
  }

  #recordFor(aor: Aor, wish: TicketRequest): FileRecord | Refusal | Promise<FileRecord | Refusal> {
    if (wish.is === 'upload') return this.#files.reserve(aor, wish.to, wish.file);
    return wish.is === 'resume' ? this.#files.ofOwner(wish.id, aor) : this.#files.forReader(wish.id, aor);
  }

  #refuse(reply: Reply, refusal: Refusal): void {
    const source = this.#context.serverUri.split(':')[0] ?? '';
    reply(refusal.status, refusal.reason, { headers: diagnosticsOf(refusal, source) });
  }
}
