import type { FileStorePort } from '../dialect/dialect';
import { type Failure, failed, type Outcome, ok } from '../domain/failure';
import type { StoreTicket } from '../domain/file';
import type { FileMessage } from '../protocol/shared/fileMessage';
import { endingOf } from '../protocol/shared/fileName';
import type { FileAudience, FileFacts, TicketRequest } from '../protocol/shared/fileTicket';
import type { Aor } from '../protocol/sip/uri';
import type { ConferenceTown } from './fakeConferences';

interface Stored {
  readonly owner: Aor;
  readonly to: FileAudience;
  readonly facts: FileFacts;
  bytes: Uint8Array;
  /** Of all of it; `null` while it is not complete. */
  sha256: string | null;
}

const refusal = (status: number, id: number): Outcome<never> =>
  failed({ is: 'rejected', status, reason: '', diagnostics: { id, reason: '' } });

/** The file store of the fake town. What goes over HTTP in the world is done by `put` and `get` here. */
export class FakeStore {
  readonly #town: ConferenceTown;
  readonly #files = new Map<string, Stored>();
  readonly #tickets = new Map<string, { id: string; by: Aor; isUpload: boolean }>();

  constructor(town: ConferenceTown) {
    this.#town = town;
  }

  /** FIL-2, FIL-3. */
  ticket(by: Aor, request: TicketRequest): Outcome<StoreTicket> {
    const refused = this.#refusalOf(by, request);
    if (refused !== null) return refused;
    const id = request.is === 'upload' ? this.#reserve(by, request) : request.id;
    const ticket = this.#town.world.id();
    this.#tickets.set(ticket, { id, by, isUpload: request.is !== 'download' });
    return ok({
      id,
      url: `https://store.example/files/${id}`,
      ticket,
      received: this.#files.get(id)?.bytes.length ?? 0,
    });
  }

  #reserve(owner: Aor, { to, file }: Extract<TicketRequest, { is: 'upload' }>): string {
    const id = (this.#files.size + 1).toString(16).padStart(32, '0');
    this.#files.set(id, { owner, to, facts: file, bytes: new Uint8Array(), sha256: null });
    return id;
  }

  #refusalOf(by: Aor, request: TicketRequest): Outcome<never> | null {
    const { fileTransfer, fileSize, blockedEndings } = this.#town.policyOf(by);
    if (!fileTransfer) return refusal(403, 60_001);
    if (request.is !== 'upload') {
      const file = this.#files.get(request.id);
      if (file === undefined || (request.is === 'download' && file.sha256 === null)) return refusal(404, 60_000);
      if (request.is === 'resume' && file.owner !== by) return refusal(403, 3014);
      return this.#isFor(file, by) ? null : refusal(403, 3014);
    }
    const { to, file } = request;
    if (to.is === 'conference' && this.#town.conferences.get(to.focus)?.hasPerson(by) !== true)
      return refusal(403, 3014);
    if (fileSize !== null && file.size > fileSize) return refusal(413, 60_002);
    return blockedEndings.includes(endingOf(file.name)) ? refusal(403, 60_003) : null;
  }

  #isFor({ owner, to }: Stored, person: Aor): boolean {
    if (to.is === 'peer') return person === owner || person === to.peer;
    return this.#town.conferences.get(to.focus)?.hasPerson(person) === true;
  }

  /** What comes by PUT, from where the store is; the status of the answer. */
  async put({ ticket }: StoreTicket, bytes: Uint8Array): Promise<number> {
    const grant = this.#tickets.get(ticket);
    const file = this.#files.get(grant?.id ?? '');
    if (grant?.isUpload !== true || file === undefined) return 401;
    if (!this.#isFor(file, grant.by)) return 403;
    file.bytes = new Uint8Array([...file.bytes, ...bytes]);
    if (file.bytes.length === file.facts.size) file.sha256 = await sha256Of(file.bytes);
    return 200;
  }

  /** What a GET is answered: the bytes, or a status. */
  get({ ticket }: StoreTicket): Uint8Array | number {
    const grant = this.#tickets.get(ticket);
    const file = this.#files.get(grant?.id ?? '');
    if (grant === undefined || grant.isUpload || file === undefined) return 401;
    return this.#isFor(file, grant.by) ? file.bytes : 403;
  }

  /** FIL-6: what the store knows of a complete file of this author's in this conference. */
  known(author: Aor, to: FileAudience, { id }: FileMessage): FileMessage | null {
    const file = this.#files.get(id);
    if (file === undefined || file.owner !== author || file.sha256 === null || !isSame(file.to, to)) return null;
    const { name, size, type } = file.facts;
    return { id, name, size, type, sha256: file.sha256 };
  }
}

function isSame(one: FileAudience, other: FileAudience): boolean {
  return one.is === 'conference' && other.is === 'conference' && one.focus === other.focus;
}

async function sha256Of(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What the port needs of an endpoint. */
export interface StoreEndpoint {
  readonly aor: Aor;
  readonly town: ConferenceTown;
  wire<T>(work: () => Outcome<T> | Promise<Outcome<T>>): Promise<Outcome<T>>;
}

/** One endpoint's way to the store. */
export class FakeStorePort implements FileStorePort {
  readonly #endpoint: StoreEndpoint;

  constructor(endpoint: StoreEndpoint) {
    this.#endpoint = endpoint;
  }

  ticket(request: TicketRequest): Promise<Outcome<StoreTicket>> {
    const { aor, town } = this.#endpoint;
    return this.#endpoint.wire(() => town.store.ticket(aor, request));
  }
}

export const noFileOfYours: Failure = {
  is: 'rejected',
  status: 403,
  reason: 'Forbidden',
  diagnostics: { id: 3014, reason: 'No file of yours for this conference' },
};
