import { request as httpRequest, type IncomingMessage } from 'node:http';
import {
  type FileAudience,
  type FileFacts,
  fileTicketType,
  formatTicketRequest,
  parseTicket,
  type Ticket,
  type TicketRequest,
} from '../../src/protocol/shared/fileTicket';
import type { SipMessage } from '../codec';
import type { FileDisk } from '../files/fileDisk';
import type { FileLimits } from '../files/files';
import type { FileTransfers } from '../http/files';
import type { Policy } from '../store/accounts';
import type { TestEndpoint } from './endpoint';
import { Meeting } from './meeting';
import { StoreDisk } from './storeDisk';

export const storeUri = 'sip:fe1.contoso.example@contoso.example;gruu;opaque=srvr:FileStore:fs1';

export interface Got {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** A meeting whose house has a file store, with its HTTP side on a port of its own. */
export class StoreMeeting extends Meeting {
  readonly #store: StoreDisk;

  constructor(policy: Partial<Policy> = {}, changes: Partial<FileLimits> = {}) {
    const store = new StoreDisk(changes);
    super(policy, { files: store });
    this.#store = store;
  }

  listen(): Promise<void> {
    return this.#store.listen(() => this.transfers);
  }

  get disk(): FileDisk {
    return this.#store.disk;
  }

  urlOf(id: string): string {
    return `http://127.0.0.1:${this.#store.port}/files/${id}`;
  }

  get directory(): string {
    return this.#store.directory;
  }

  get transfers(): FileTransfers {
    const { transfers } = this.home.home;
    if (transfers === null) throw new Error('no file store');
    return transfers;
  }

  /**
   * A request over HTTP. With `cut` its connection breaks when that has settled, before the end; `rest` is sent when it is
   * there. `onHead` is called before any bytes of the answer's body are read.
   */
  http(
    method: string,
    id: string,
    ticket: string | null,
    more: {
      headers?: Record<string, string>;
      body?: Iterable<Buffer>;
      rest?: () => Promise<Iterable<Buffer>>;
      cut?: () => Promise<unknown>;
      onHead?: () => void;
    } = {},
  ): Promise<Got> {
    return new Promise((resolve, reject) => {
      const headers = { ...(ticket === null ? {} : { Authorization: `Bearer ${ticket}` }), ...more.headers };
      const request = httpRequest(
        { port: this.#store.port, method, path: `/files/${id}`, headers, agent: false },
        (response) => {
          more.onHead?.();
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
          );
          response.on('error', reject);
        },
      );
      request.on('error', reject);
      void (async () => {
        for (const piece of more.body ?? []) {
          if (!request.write(piece)) await new Promise((drained) => request.once('drain', drained));
        }
        for (const piece of (await more.rest?.()) ?? []) request.write(piece);
        await more.cut?.();
        if (more.cut === undefined) request.end();
        else request.destroy();
      })();
    });
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

export function facts(changes: Partial<FileFacts> = {}): FileFacts {
  return { name: 'plan.pdf', size: 10, type: 'application/pdf', sha256: null, ...changes };
}

/** SERVICE to the store. */
export function ask(endpoint: TestEndpoint, request: TicketRequest): Promise<SipMessage> {
  const body = formatTicketRequest(request);
  return endpoint.request('SERVICE', storeUri, { contentType: fileTicketType, body }).answered();
}

/** The ticket. Throws when refused. */
export async function ticketFor(endpoint: TestEndpoint, request: TicketRequest): Promise<Ticket> {
  const answer = await ask(endpoint, request);
  if (answer.status !== 200) throw new Error(`no ticket: ${answer.status} ${answer.header('ms-diagnostics')}`);
  return parseTicket(answer.body);
}

/** A whole upload. */
export async function put(
  meeting: StoreMeeting,
  endpoint: TestEndpoint,
  to: FileAudience,
  bytes: Buffer,
  changes: Partial<FileFacts> = {},
): Promise<{ id: string; answer: Got }> {
  const file = facts({ size: bytes.length, ...changes });
  const { id, ticket } = await ticketFor(endpoint, { is: 'upload', to, file });
  return { id, answer: await meeting.http('PUT', id, ticket, { body: [bytes] }) };
}
