import type { ExpireType } from '../../src/protocol/lync/publish';
import { MalformedBody } from '../../src/protocol/malformed';
import type { Aor } from '../../src/protocol/sip/uri';
import { formatXml, parseXml, toNode, type XmlElement, type XmlNode } from '../../src/protocol/xml';
import type { Database } from './database';

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

/** What each person has published: in memory, and `static` ones in the database too. */
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
    this.#of(owner).set(keyOf(published), published);
    const { category, instance, container, version, publishTime, content } = published;
    if (published.expireType !== 'static') return;
    this.#database
      .prepare('INSERT OR REPLACE INTO publication VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(owner, category, instance, container, version, publishTime, formatXml(content));
  }

  delete(owner: Aor, address: Pick<Published, 'category' | 'instance' | 'container'>): void {
    this.#of(owner).delete(keyOf(address));
    this.#database
      .prepare('DELETE FROM publication WHERE owner = ? AND category = ? AND instance = ? AND container = ?')
      .run(owner, address.category, address.instance, address.container);
  }

  /** Takes away what fits; answers the categories it was of. */
  lapse(owner: Aor, fits: (published: Published) => boolean): Set<string> {
    const gone = [...this.#of(owner).values()].filter(fits);
    for (const published of gone) this.delete(owner, published);
    return new Set(gone.map(({ category }) => category));
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

export function keyOf({
  category,
  instance,
  container,
}: Pick<Published, 'category' | 'instance' | 'container'>): string {
  return `${category} ${instance} ${container}`;
}
