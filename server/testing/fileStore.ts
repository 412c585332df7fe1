import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
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
import { FileDisk } from '../files/fileDisk';
import type { FileLimits } from '../files/files';
import type { FileTransfers } from '../http/files';
import type { Policy } from '../store/accounts';
import type { TestEndpoint } from './endpoint';
import { Meeting } from './meeting';

export const storeUri = 'sip:fe1.contoso.example@contoso.example;gruu;opaque=srvr:FileStore:fs1';

const limits: FileLimits = {
  size: 1_000_000,
  quota: 2_000_000,
  total: 3_000_000,
  lifetimeMs: 86_400_000,
  blocked: ['.exe', '.bat'],
};

export interface Got {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** A meeting whose house has a file store, with its HTTP side on a port of its own. */
export class StoreMeeting extends Meeting {
  readonly disk: FileDisk;
  readonly directory: string;
  #server: Server | null = null;

  constructor(policy: Partial<Policy> = {}, changes: Partial<FileLimits> = {}) {
    const directory = mkdtempSync(path.join(tmpdir(), 'confab-files-'));
    const disk = new FileDisk(path.join(directory, 'files'));
    super(policy, { files: { disk, limits: { ...limits, ...changes } } });
    this.disk = disk;
    this.directory = directory;
  }

  async listen(): Promise<void> {
    this.#server = createServer((request, response) => {
      this.transfers.handle(request, response, request.url ?? '').catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
  }

  get transfers(): FileTransfers {
    const { transfers } = this.home.home;
    if (transfers === null) throw new Error('no file store');
    return transfers;
  }

  get port(): number {
    const address = this.#server?.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening');
    return address.port;
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
        { port: this.port, method, path: `/files/${id}`, headers, agent: false },
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

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => (this.#server === null ? resolve(null) : this.#server.close(resolve)));
    rmSync(this.directory, { recursive: true, force: true });
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
