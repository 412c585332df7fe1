import type { Aor, FocusUri } from '../../src/protocol/sip/uri';
import { type Database, inTransaction } from './database';

export type Role = 'presenter' | 'attendee';

export interface ConferenceRecord {
  focus: FocusUri;
  id: string;
  organizer: Aor;
  subject: string;
  admission: string;
  /** What newcomers get of what was said before them. */
  history: 'all' | 'none';
  locked: boolean;
  /** Epoch ms. */
  expiresAt: number;
}

/** Somebody who joined and neither left nor was removed. `firstNumber`: the last message before the first joining. */
export interface Member {
  role: Role;
  firstNumber: number;
}

export interface SaidMessage {
  number: number;
  author: Aor;
  /** The author's own id of the message, when given. */
  item: string | null;
  contentType: string;
  body: string;
  /** Epoch ms. */
  saidAt: number;
}

interface Row extends Omit<ConferenceRecord, 'locked' | 'expiresAt'> {
  locked: number;
  expires_at: number;
}

interface MessageRow extends Omit<SaidMessage, 'contentType' | 'saidAt'> {
  content_type: string;
  said_at: number;
}

/** Of each conference the newest messages are kept. */
const mostKept = 10_000;

/** Conferences and their logs in the database: all of it survives the server. */
export class ConferenceStore {
  readonly #database: Database;
  readonly #mostKept: number;

  constructor(database: Database, now: number, keep = mostKept) {
    this.#database = database;
    this.#mostKept = keep;
    database.prepare('DELETE FROM conference WHERE expires_at < ?').run(now);
  }

  find(focus: FocusUri): ConferenceRecord | undefined {
    const row = this.#database.prepare('SELECT * FROM conference WHERE focus = ?').get(focus) as Row | undefined;
    return row === undefined ? undefined : recordOf(row);
  }

  of(organizer: Aor): ConferenceRecord[] {
    const rows = this.#database.prepare('SELECT * FROM conference WHERE organizer = ?').all(organizer) as Row[];
    return rows.map(recordOf);
  }

  expired(now: number): FocusUri[] {
    const rows = this.#database.prepare('SELECT focus FROM conference WHERE expires_at < ?').all(now);
    return (rows as { focus: FocusUri }[]).map(({ focus }) => focus);
  }

  countOf(organizer: Aor): number {
    const row = this.#database.prepare('SELECT COUNT(*) AS count FROM conference WHERE organizer = ?').get(organizer);
    return (row as { count: number }).count;
  }

  add(record: ConferenceRecord): void {
    const { focus, id, organizer, subject, admission, history, locked, expiresAt } = record;
    this.#database
      .prepare('INSERT INTO conference VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(focus, id, organizer, subject, admission, history, locked ? 1 : 0, expiresAt);
  }

  setLocked(focus: FocusUri, locked: boolean): void {
    this.#database.prepare('UPDATE conference SET locked = ? WHERE focus = ?').run(locked ? 1 : 0, focus);
  }

  remove(focus: FocusUri): void {
    this.#database.prepare('DELETE FROM conference WHERE focus = ?').run(focus);
  }

  member(focus: FocusUri, aor: Aor): Member | undefined {
    const row = this.#database
      .prepare('SELECT role, first_number FROM conference_member WHERE focus = ? AND aor = ?')
      .get(focus, aor) as { role: Role; first_number: number } | undefined;
    return row === undefined ? undefined : { role: row.role, firstNumber: row.first_number };
  }

  putMember(focus: FocusUri, aor: Aor, member: Member): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO conference_member VALUES (?, ?, ?, ?)')
      .run(focus, aor, member.role, member.firstNumber);
  }

  removeMember(focus: FocusUri, aor: Aor): void {
    this.#database.prepare('DELETE FROM conference_member WHERE focus = ? AND aor = ?').run(focus, aor);
  }

  lastNumber(focus: FocusUri): number {
    const row = this.#database.prepare('SELECT MAX(number) AS last FROM conference_message WHERE focus = ?').get(focus);
    return (row as { last: number | null } | undefined)?.last ?? 0;
  }

  /** Commits a message and answers its number; what the author had sent before under the same item is not new. */
  say(focus: FocusUri, message: Omit<SaidMessage, 'number'>): { number: number; isNew: boolean } {
    const { author, item, contentType, body, saidAt } = message;
    return inTransaction(this.#database, () => {
      const known = this.#database
        .prepare('SELECT number FROM conference_message WHERE focus = ? AND author = ? AND item = ?')
        .get(focus, author, item) as { number: number } | undefined;
      if (known !== undefined) return { number: known.number, isNew: false };
      const number = this.lastNumber(focus) + 1;
      this.#database
        .prepare('INSERT INTO conference_message VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(focus, number, author, item, contentType, body, saidAt);
      this.#database
        .prepare('DELETE FROM conference_message WHERE focus = ? AND number <= ?')
        .run(focus, number - this.#mostKept);
      return { number, isNew: true };
    });
  }

  /** The messages that come next after a number, at most `count`. */
  next(focus: FocusUri, number: number, count: number): SaidMessage[] {
    const rows = this.#database
      .prepare('SELECT * FROM conference_message WHERE focus = ? AND number > ? ORDER BY number LIMIT ?')
      .all(focus, number, count) as MessageRow[];
    return rows.map(messageOf);
  }
}

function messageOf({ number, author, item, content_type, body, said_at }: MessageRow): SaidMessage {
  return { number, author, item, contentType: content_type, body, saidAt: said_at };
}

function recordOf({ locked, expires_at, ...row }: Row): ConferenceRecord {
  return { ...row, locked: locked === 1, expiresAt: expires_at };
}
