import type { Container, ContainerMember, Subscriber } from '../../src/protocol/lync/roamingSelf';
import { type Aor, domainOf } from '../../src/protocol/sip/uri';
import { type Database, inTransaction } from './database';

/** Always there, and told in this order. */
const standard = [32_000, 400, 300, 200, 100];
/** More of them would make one's own document too big. */
const mostSubscribers = 500;
/** SLF-6: with these in place a native client asks for nothing. */
const defaults: Partial<Record<number, ContainerMember>> = {
  200: { type: 'sameEnterprise', value: '' },
  100: { type: 'federated', value: '' },
};

/** Who sees what of whom ([MS-PRES] 2.2, `lync-wire` 4.1), and who has been told that somebody watches. */
export class Containers {
  readonly #database: Database;
  readonly #known = new Map<Aor, Container[]>();

  constructor(database: Database) {
    this.#database = database;
  }

  of(owner: Aor): readonly Container[] {
    const known = this.#known.get(owner);
    if (known !== undefined) return known;
    const versions = this.#database.prepare('SELECT id, version FROM container WHERE owner = ?').all(owner) as {
      id: number;
      version: number;
    }[];
    const members = this.#database
      .prepare('SELECT container, type, value FROM container_member WHERE owner = ?')
      .all(owner) as {
      container: number;
      type: ContainerMember['type'];
      value: string;
    }[];
    const others = versions.map(({ id }) => id).filter((id) => !standard.includes(id));
    const containers = [...standard, ...others].map((id) => {
      const version = versions.find((row) => row.id === id)?.version ?? 0;
      const own = members.filter((row) => row.container === id).map(({ type, value }) => ({ type, value }));
      const member = version === 0 ? defaults[id] : undefined;
      return { id, version, members: member === undefined ? own : [member, ...own] };
    });
    this.#known.set(owner, containers);
    return containers;
  }

  #put(owner: Aor, container: Container): void {
    const { id, version, members } = container;
    this.#database.prepare('INSERT OR REPLACE INTO container VALUES (?, ?, ?)').run(owner, id, version);
    this.#database.prepare('DELETE FROM container_member WHERE owner = ? AND container = ?').run(owner, id);
    const insert = this.#database.prepare('INSERT OR IGNORE INTO container_member VALUES (?, ?, ?, ?)');
    for (const { type, value } of members) insert.run(owner, id, type, value);
  }

  /** Those not yet acknowledged first. */
  subscribersOf(owner: Aor): Subscriber[] {
    const rows = this.#database
      .prepare('SELECT aor, acknowledged FROM subscriber WHERE owner = ? ORDER BY acknowledged, aor LIMIT ?')
      .all(owner, mostSubscribers) as { aor: Aor; acknowledged: number }[];
    return rows.map(({ aor, acknowledged }) => {
      const type = domainOf(aor) === domainOf(owner) ? 'sameEnterprise' : 'federated';
      return { aor, displayName: '', acknowledged: acknowledged === 1, type };
    });
  }

  /** True when this person was not a subscriber before. */
  addSubscriber(owner: Aor, aor: Aor): boolean {
    return this.#database.prepare('INSERT OR IGNORE INTO subscriber VALUES (?, ?, 0)').run(owner, aor).changes > 0;
  }

  isSubscriber(owner: Aor, aor: Aor): boolean {
    return this.#database.prepare('SELECT 1 FROM subscriber WHERE owner = ? AND aor = ?').get(owner, aor) !== undefined;
  }

  acknowledge(owner: Aor, aor: Aor, acknowledged: boolean): void {
    this.#database
      .prepare('UPDATE subscriber SET acknowledged = ? WHERE owner = ? AND aor = ?')
      .run(acknowledged ? 1 : 0, owner, aor);
  }

  /** All of these containers or none. */
  putAll(owner: Aor, containers: readonly Container[]): void {
    inTransaction(this.#database, () => {
      for (const container of containers) this.#put(owner, container);
    });
    this.#known.delete(owner);
  }

  /** A removed person's rows went with the account. */
  forget(owner: Aor): void {
    this.#known.delete(owner);
  }
}
