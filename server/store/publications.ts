import type { ExpireType } from '../../src/protocol/lync/publish';
import { MalformedBody } from '../../src/protocol/malformed';
import type { Aor } from '../../src/protocol/sip/uri';
import { formatXml, parseXml, toNode, type XmlElement, type XmlNode } from '../../src/protocol/xml';
import { type Database, inTransaction } from './database';

/** One publication as it stands. */
export interface Published {
  category: string;
  instance: number;
  container: number;
  version: number;
  expireType: ExpireType;
  publishTime: string;
  /** Ready to be written into any document. */
  content: XmlNode;
  /** As it was read, for those who look inside. */
  element: XmlElement;
  /** The epid that published it: it goes with that endpoint when `expireType` is `endpoint`. */
  endpoint: string;
}

interface Row {
  category: string;
  instance: number;
  container: number;
  version: number;
  publish_time: string;
  content: string;
}

/** What each person has published: in memory, and what is `static` in the database too; and when each was last here. */
export class Publications {
  readonly #database: Database;
  readonly #known = new Map<Aor, Map<string, Published>>();

  constructor(database: Database) {
    this.#database = database;
  }

  of(owner: Aor): ReadonlyMap<string, Published> {
    return this.#of(owner);
  }

  #of(owner: Aor): Map<string, Published> {
    let all = this.#known.get(owner);
    if (all === undefined) {
      all = this.#read(owner);
      this.#known.set(owner, all);
    }
    return all;
  }

  #read(owner: Aor): Map<string, Published> {
    const rows = this.#database.prepare('SELECT * FROM publication WHERE owner = ?').all(owner) as Row[];
    const all = new Map<string, Published>();
    for (const row of rows) {
      const element = readContent(row.content);
      if (element === null) continue;
      const { category, instance, container, version } = row;
      const published = {
        category,
        instance,
        container,
        version,
        publishTime: row.publish_time,
        element,
        endpoint: '',
      };
      all.set(keyOf(row), { ...published, expireType: 'static', content: toNode(element) });
    }
    return all;
  }

  put(owner: Aor, published: Published): void {
    const before = this.#of(owner).get(keyOf(published));
    this.#of(owner).set(keyOf(published), published);
    const { category, instance, container, version, publishTime, content } = published;
    if (published.expireType === 'static') {
      this.#database
        .prepare('INSERT OR REPLACE INTO publication VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(owner, category, instance, container, version, publishTime, formatXml(content));
    } else if (before?.expireType === 'static') {
      this.#deleteRow(owner, published);
    }
  }

  delete(owner: Aor, address: PublicationAddress): void {
    const before = this.#of(owner).get(keyOf(address));
    this.#of(owner).delete(keyOf(address));
    if (before?.expireType === 'static') this.#deleteRow(owner, address);
  }

  #deleteRow(owner: Aor, { category, instance, container }: PublicationAddress): void {
    this.#database
      .prepare('DELETE FROM publication WHERE owner = ? AND category = ? AND instance = ? AND container = ?')
      .run(owner, category, instance, container);
  }

  /** Runs many changes in one transaction. */
  batch(work: () => void): void {
    inTransaction(this.#database, work);
  }

  /** Takes away what fits; answers it. */
  lapse(owner: Aor, fits: (published: Published) => boolean): Published[] {
    const gone = [...this.#of(owner).values()].filter(fits);
    for (const published of gone) this.delete(owner, published);
    return gone;
  }

  /** A removed person's rows went with the account, but for what the sign-out after it wrote. */
  forget(owner: Aor): void {
    this.#known.delete(owner);
    this.#database.prepare('DELETE FROM last_active WHERE owner = ?').run(owner);
  }

  /** When the last endpoint of a person left; ISO time, `null` when nobody knows. */
  lastActiveOf(owner: Aor): string | null {
    const row = this.#database.prepare('SELECT at FROM last_active WHERE owner = ?').get(owner);
    return (row as { at: string } | undefined)?.at ?? null;
  }

  setLastActive(owner: Aor, at: string): void {
    this.#database.prepare('INSERT OR REPLACE INTO last_active VALUES (?, ?)').run(owner, at);
  }
}

function readContent(text: string): XmlElement | null {
  try {
    return parseXml(text, 'publication');
  } catch (error) {
    if (error instanceof MalformedBody) return null;
    throw error;
  }
}

export type PublicationAddress = Pick<Published, 'category' | 'instance' | 'container'>;

export function keyOf({ category, instance, container }: PublicationAddress): string {
  return `${category} ${instance} ${container}`;
}
