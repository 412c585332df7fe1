import type { FileAudience, FileFacts } from '../../src/protocol/shared/fileTicket';
import type { Aor, FocusUri } from '../../src/protocol/sip/uri';
import type { Database } from './database';

export interface FileRecord extends FileFacts {
  id: string;
  owner: Aor;
  to: FileAudience;
  isComplete: boolean;
  /** Epoch ms. */
  expiresAt: number;
}

interface Row extends FileFacts {
  id: string;
  owner: Aor;
  focus: FocusUri | null;
  peer: Aor | null;
  complete: number;
  expires_at: number;
}

/** What is known of the files in the store; a conference that goes takes its own along. */
export class FileRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find(id: string): FileRecord | undefined {
    const row = this.#database.prepare('SELECT * FROM file WHERE id = ?').get(id) as Row | undefined;
    return row === undefined ? undefined : recordOf(row);
  }

  add({ id, owner, to, name, type, size, sha256, expiresAt }: FileRecord): void {
    const [focus, peer] = to.is === 'conference' ? [to.focus, null] : [null, to.peer];
    this.#database
      .prepare(
        'INSERT INTO file (id, owner, focus, peer, name, type, size, sha256, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(id, owner, focus, peer, name, type, size, sha256, expiresAt);
  }

  /** False when there is no such file. */
  complete(id: string, sha256: string, expiresAt: number): boolean {
    const { changes } = this.#database
      .prepare('UPDATE file SET complete = 1, sha256 = ?, expires_at = ? WHERE id = ?')
      .run(sha256, expiresAt, id);
    return changes > 0;
  }

  remove(id: string): void {
    this.#database.prepare('DELETE FROM file WHERE id = ?').run(id);
  }

  /** Bytes, whether they came already or not; of all people when nobody is named. */
  bytesOf(owner: Aor | null): number {
    const row = this.#database
      .prepare('SELECT SUM(size) AS bytes FROM file WHERE ? IS NULL OR owner = ?')
      .get(owner, owner) as { bytes: number | null };
    return row.bytes ?? 0;
  }

  /** How many uploads of a person are not complete. */
  openOf(owner: Aor): number {
    const row = this.#database
      .prepare('SELECT COUNT(*) AS count FROM file WHERE owner = ? AND complete = 0')
      .get(owner) as { count: number };
    return row.count;
  }

  all(): Set<string> {
    const rows = this.#database.prepare('SELECT id FROM file').all() as { id: string }[];
    return new Set(rows.map(({ id }) => id));
  }

  removeExpired(now: number): void {
    this.#database.prepare('DELETE FROM file WHERE expires_at < ?').run(now);
  }
}

function recordOf({ focus, peer, complete, expires_at, ...row }: Row): FileRecord {
  const to: FileAudience = focus === null ? { is: 'peer', peer: peer as Aor } : { is: 'conference', focus };
  return { ...row, to, isComplete: complete === 1, expiresAt: expires_at };
}
