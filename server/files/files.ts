import { randomBytes } from 'node:crypto';
import { endingOf } from '../../src/protocol/shared/fileName';
import type { FileAudience, FileFacts } from '../../src/protocol/shared/fileTicket';
import type { Aor } from '../../src/protocol/sip/uri';
import type { Conferences } from '../conference/conferences';
import type { Refusal } from '../diagnostics';
import type { RoleContext } from '../role';
import type { Accounts } from '../store/accounts';
import type { FileRecord, FileRecords } from '../store/files';
import type { FileDisk } from './fileDisk';

export interface FileLimits {
  /** Bytes of one file. */
  readonly size: number;
  /** Bytes of one person's files, and of all. */
  readonly quota: number;
  readonly total: number;
  /** How long a file stays at most. */
  readonly lifetimeMs: number;
  /** Endings that nobody may send: `.exe`, ... */
  readonly blocked: readonly string[];
}

const mostOpen = 20;
/** What does not become complete goes sooner. */
const unfinishedMs = 86_400_000;
/** What the disk keeps for everything else. */
const keptFree = 512 * 1024 * 1024;
const sweptEveryMs = 600_000;

const refusal = (status: number, reason: string, id: number, text: string): Refusal => ({ status, reason, id, text });

/** Ids from the range that [MS-OCER] leaves to applications. */
export const fileRefusals = {
  unknown: refusal(404, 'Not Found', 60_000, 'There is no such file'),
  notForYou: refusal(403, 'Forbidden', 3014, 'This file is not for you'),
  policy: refusal(403, 'Forbidden', 60_001, 'Your organization does not let you send or receive files'),
  tooLarge: refusal(413, 'Request Entity Too Large', 60_002, 'The file is too large'),
  blocked: refusal(403, 'Forbidden', 60_003, 'Your organization does not let this kind of file pass'),
  quota: refusal(403, 'Forbidden', 60_004, 'You have no room for this file: delete one, or wait until one expires'),
  full: refusal(503, 'Service Unavailable', 60_005, 'The file store is full'),
  tooMany: refusal(403, 'Forbidden', 60_006, 'Too many uploads of yours are not finished'),
} as const;

/** The file store: who may put what into it, and get what out of it. The bytes go by `http/files.ts`. */
export class Files {
  readonly records: FileRecords;
  readonly disk: FileDisk;
  readonly limits: FileLimits;
  readonly #context: RoleContext;
  readonly #accounts: Accounts;
  readonly #conferences: Conferences;

  constructor(
    context: RoleContext,
    accounts: Accounts,
    conferences: Conferences,
    store: { records: FileRecords; disk: FileDisk; limits: FileLimits },
  ) {
    this.#context = context;
    this.#accounts = accounts;
    this.#conferences = conferences;
    this.records = store.records;
    this.disk = store.disk;
    this.limits = store.limits;
    this.#sweepLater(0);
  }

  /** Bytes of one file of a person. */
  largestFor(aor: Aor): number {
    return Math.min(this.limits.size, this.#accounts.find(aor)?.policy.fileSize ?? Number.POSITIVE_INFINITY);
  }

  /** Makes room for a file, or says why not. */
  async reserve(owner: Aor, to: FileAudience, facts: FileFacts): Promise<FileRecord | Refusal> {
    const free = await this.disk.free();
    const no = this.#refusalOf(owner, to, facts);
    if (no !== null) return no;
    if (free - facts.size < keptFree) return fileRefusals.full;
    const record: FileRecord = {
      ...facts,
      id: randomBytes(16).toString('hex'),
      owner,
      to,
      isComplete: false,
      expiresAt: this.#context.now() + Math.min(this.limits.lifetimeMs, unfinishedMs),
    };
    this.records.add(record);
    return record;
  }

  /** A file that is there, for whoever may put more into it. */
  ofOwner(id: string, aor: Aor): FileRecord | Refusal {
    const record = this.#find(id);
    if (record === undefined) return fileRefusals.unknown;
    if (record.owner !== aor || !this.#isIn(record.to, aor)) return fileRefusals.notForYou;
    return this.#maySend(aor) ? record : fileRefusals.policy;
  }

  /** A file that is there and complete, for whoever may have it. */
  forReader(id: string, aor: Aor): FileRecord | Refusal {
    const record = this.#find(id);
    if (record === undefined || !record.isComplete) return fileRefusals.unknown;
    const isFor = record.to.is === 'peer' ? [record.owner, record.to.peer].includes(aor) : this.#isIn(record.to, aor);
    if (!isFor) return fileRefusals.notForYou;
    return this.#maySend(aor) ? record : fileRefusals.policy;
  }

  /** Bytes of it that are there. */
  async received({ id, size, isComplete }: FileRecord): Promise<number> {
    return isComplete ? size : this.disk.sizeOf(id);
  }

  /** All of it is there. False when it was taken back or expired meanwhile. */
  async complete(id: string, sha256: string): Promise<boolean> {
    const isKept = this.records.complete(id, sha256, this.#context.now() + this.limits.lifetimeMs);
    if (!isKept) await this.disk.remove(id);
    return isKept;
  }

  async remove(id: string): Promise<void> {
    this.records.remove(id);
    await this.disk.remove(id);
  }

  /** Takes off the disk what nobody can get any more: expired, of a conference that is over, of a person who is gone. */
  async sweep(): Promise<void> {
    this.records.removeExpired(this.#context.now());
    // The records are read last: what is on the disk by then had its record before.
    const there = await this.disk.all();
    const kept = this.records.all();
    for (const id of there) if (!kept.has(id)) await this.disk.remove(id);
  }

  #sweepLater(ms: number): void {
    this.#context.after(ms, () => {
      this.sweep().catch((error: unknown) => this.#context.log.warn({ error }, 'sweeping the file store failed'));
      this.#sweepLater(sweptEveryMs);
    });
  }

  #find(id: string): FileRecord | undefined {
    const record = this.records.find(id);
    return record === undefined || record.expiresAt < this.#context.now() ? undefined : record;
  }

  #refusalOf(owner: Aor, to: FileAudience, { name, size }: FileFacts): Refusal | null {
    if (!this.#maySend(owner)) return fileRefusals.policy;
    if (!this.#isIn(to, owner)) return fileRefusals.notForYou;
    if (size > this.largestFor(owner)) return fileRefusals.tooLarge;
    if (this.limits.blocked.includes(endingOf(name))) return fileRefusals.blocked;
    if (this.records.openOf(owner) >= mostOpen) return fileRefusals.tooMany;
    if (this.records.bytesOf(owner) + size > this.limits.quota) return fileRefusals.quota;
    return this.records.bytesOf(null) + size > this.limits.total ? fileRefusals.full : null;
  }

  #maySend(aor: Aor): boolean {
    const account = this.#accounts.find(aor);
    return account !== undefined && !account.disabled && account.policy.files;
  }

  /** In the conference now, or a peer of this house. */
  #isIn(to: FileAudience, aor: Aor): boolean {
    if (to.is === 'peer') return this.#accounts.find(to.peer) !== undefined;
    return this.#conferences.find(to.focus)?.participants.has(aor) === true;
  }
}
