import type { ContactList, ListedContact, ListedGroup } from '../../src/protocol/lync/contactList';
import type { Aor } from '../../src/protocol/sip/uri';
import { type Database, inTransaction } from './database';

interface GroupRow {
  id: number;
  name: string;
  external_uri: string;
}

interface ContactRow {
  aor: Aor;
  name: string;
  groups: string;
  subscribed: number;
  external_uri: string;
}

/** Everybody's contact lists. Every list has group 1, `~`, "Other contacts". */
export class ContactLists {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(owner: Aor): ContactList {
    const groups = this.groups(owner);
    const contacts = this.#all<ContactRow>('SELECT * FROM contact WHERE owner = ? ORDER BY aor', owner);
    return { deltaNum: this.deltaNum(owner), groups, contacts: contacts.map(contactOf) };
  }

  groups(owner: Aor): ListedGroup[] {
    this.#ensure(owner);
    const groups = this.#all<GroupRow>('SELECT * FROM contact_group WHERE owner = ? ORDER BY id', owner);
    return groups.map(({ id, name, external_uri }) => ({ id, name, externalUri: external_uri }));
  }

  contact(owner: Aor, aor: Aor): ListedContact | undefined {
    const row = this.#database.prepare('SELECT * FROM contact WHERE owner = ? AND aor = ?').get(owner, aor);
    return row === undefined ? undefined : contactOf(row as ContactRow);
  }

  countContacts(owner: Aor): number {
    const row = this.#database.prepare('SELECT COUNT(*) AS count FROM contact WHERE owner = ?').get(owner);
    return (row as { count: number }).count;
  }

  #all<Row>(sql: string, owner: Aor): Row[] {
    return this.#database.prepare(sql).all(owner) as Row[];
  }

  #ensure(owner: Aor): void {
    const made = this.#database.prepare('INSERT OR IGNORE INTO contact_list VALUES (?, 1)').run(owner);
    if (made.changes > 0) {
      this.#database.prepare("INSERT OR IGNORE INTO contact_group VALUES (?, 1, '~', '')").run(owner);
    }
  }

  deltaNum(owner: Aor): number {
    const row = this.#database.prepare('SELECT delta_num FROM contact_list WHERE owner = ?').get(owner);
    return (row as { delta_num: number } | undefined)?.delta_num ?? 1;
  }

  /** Runs a change and counts the list's version up, or does neither. Answers the new version. */
  change(owner: Aor, work: () => void): number {
    return inTransaction(this.#database, () => {
      this.#ensure(owner);
      work();
      this.#database.prepare('UPDATE contact_list SET delta_num = delta_num + 1 WHERE owner = ?').run(owner);
      return this.deltaNum(owner);
    });
  }

  putContact(owner: Aor, contact: ListedContact): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO contact VALUES (?, ?, ?, ?, ?, ?)')
      .run(owner, contact.aor, contact.name, contact.groups.join(' '), contact.subscribed ? 1 : 0, contact.externalUri);
  }

  deleteContact(owner: Aor, aor: Aor): void {
    this.#database.prepare('DELETE FROM contact WHERE owner = ? AND aor = ?').run(owner, aor);
  }

  putGroup(owner: Aor, group: ListedGroup): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO contact_group VALUES (?, ?, ?, ?)')
      .run(owner, group.id, group.name, group.externalUri);
  }

  deleteGroup(owner: Aor, id: number): void {
    this.#database.prepare('DELETE FROM contact_group WHERE owner = ? AND id = ?').run(owner, id);
  }
}

function contactOf({ aor, name, groups, subscribed, external_uri }: ContactRow): ListedContact {
  return {
    aor,
    name,
    groups: groups.split(' ').map(Number),
    subscribed: subscribed === 1,
    externalUri: external_uri,
  };
}
