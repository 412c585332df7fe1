import type { Container, ContainerMember, Subscriber } from '../../src/protocol/lync/roamingSelf';
import { type Aor, bareAddress, domainOf } from '../../src/protocol/sip/uri';
import type { Database } from './database';

const ids = [32000, 400, 300, 200, 100] as const;
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
    const containers = ids.map((id) => {
      const version = versions.find((row) => row.id === id)?.version ?? 0;
      const own = members.filter((row) => row.container === id).map(({ type, value }) => ({ type, value }));
      const standard = version === 0 ? defaults[id] : undefined;
      return { id, version, members: standard === undefined ? own : [standard, ...own] };
    });
    this.#known.set(owner, containers);
    return containers;
  }

  put(owner: Aor, container: Container): void {
    const { id, version, members } = container;
    this.#database.prepare('INSERT OR REPLACE INTO container VALUES (?, ?, ?)').run(owner, id, version);
    this.#database.prepare('DELETE FROM container_member WHERE owner = ? AND container = ?').run(owner, id);
    const insert = this.#database.prepare('INSERT OR IGNORE INTO container_member VALUES (?, ?, ?, ?)');
    for (const { type, value } of members) insert.run(owner, id, type, value);
    this.#known.delete(owner);
  }

  /** The container a watcher reads: the most specific kind of member first, then the highest number (`lync-wire` 4.1). */
  levelOf(owner: Aor, watcher: Aor): number {
    if (owner === watcher) return 400;
    const containers = this.of(owner);
    const isSameEnterprise = domainOf(owner) === domainOf(watcher);
    const fits: ((member: ContainerMember) => boolean)[] = [
      ({ type, value }) => type === 'user' && value === bareAddress(watcher),
      ({ type, value }) => type === 'domain' && value === domainOf(watcher),
      ({ type }) => type === (isSameEnterprise ? 'sameEnterprise' : 'federated'),
      ({ type }) => type === 'everyone',
    ];
    for (const fit of fits) {
      const found = containers.filter(({ members }) => members.some(fit)).map(({ id }) => id);
      if (found.length > 0) return Math.max(...found);
    }
    return 0;
  }

  subscribersOf(owner: Aor): Subscriber[] {
    const rows = this.#database.prepare('SELECT aor, acknowledged FROM subscriber WHERE owner = ?').all(owner) as {
      aor: Aor;
      acknowledged: number;
    }[];
    return rows.map(({ aor, acknowledged }) => {
      const type = domainOf(aor) === domainOf(owner) ? 'sameEnterprise' : 'federated';
      return { aor, displayName: '', acknowledged: acknowledged === 1, type };
    });
  }

  /** True when this person was not a subscriber before. */
  addSubscriber(owner: Aor, aor: Aor): boolean {
    return this.#database.prepare('INSERT OR IGNORE INTO subscriber VALUES (?, ?, 0)').run(owner, aor).changes > 0;
  }

  acknowledge(owner: Aor, aor: Aor): boolean {
    return (
      this.#database.prepare('UPDATE subscriber SET acknowledged = 1 WHERE owner = ? AND aor = ?').run(owner, aor)
        .changes > 0
    );
  }
}
