import Dexie, { type Table } from 'dexie';
import type { Aor } from '../protocol/sip/uri';

/** What lets this device sign in again without asking. */
export interface SavedSignIn {
  aor: Aor;
  /** Absent in what was saved before there was one. */
  userName?: string | null;
  password: string;
  /** `null`: automatic configuration. */
  server: string | null;
}

interface Row {
  id: 'saved' | 'session';
  /** For `session`: only a tab that holds this id may use it. */
  sessionId: string;
  iv: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
}

class VaultDatabase extends Dexie {
  keys!: Table<{ id: 'key'; key: CryptoKey }, string>;
  rows!: Table<Row, string>;
  settings!: Table<{ id: string; value: string }, string>;

  constructor() {
    super('confab-device');
    this.version(1).stores({ keys: 'id', rows: 'id', settings: 'id' });
  }
}

/**
 * Passwords on this device: AES-GCM under a key that the browser will not give out (non-extractable), never as text. Two
 * uses: "save my password", and a copy that lets a reload of a tab sign in again, which dies with the browser's session.
 */
export class Vault {
  readonly #database = new VaultDatabase();
  #keyPromise: Promise<CryptoKey> | null = null;

  /** Made once, also when two ask at the same time: what was sealed with a key that another replaced could not be opened. */
  #key(): Promise<CryptoKey> {
    this.#keyPromise ??= this.#keptOrNewKey();
    return this.#keyPromise;
  }

  async #keptOrNewKey(): Promise<CryptoKey> {
    const kept = await this.#database.keys.get('key');
    if (kept !== undefined) return kept.key;
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    await this.#database.keys.put({ id: 'key', key });
    return key;
  }

  async put(id: Row['id'], signIn: SavedSignIn, sessionId: string): Promise<void> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const bytes = new TextEncoder().encode(JSON.stringify(signIn));
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await this.#key(), bytes);
    await this.#database.rows.put({ id, sessionId, iv, sealed });
  }

  /** The saved sign-in, or the session's when a tab holds its id. Deletes a session copy that nobody holds. */
  async take(sessionId: string | null): Promise<SavedSignIn | null> {
    const session = await this.#database.rows.get('session');
    if (session !== undefined && sessionId !== null && session.sessionId === sessionId) return this.#open(session);
    await this.#database.rows.delete('session');
    const saved = await this.#database.rows.get('saved');
    return saved === undefined ? null : this.#open(saved);
  }

  async #open(row: Row): Promise<SavedSignIn | null> {
    try {
      const bytes = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: row.iv }, await this.#key(), row.sealed);
      return JSON.parse(new TextDecoder().decode(bytes)) as SavedSignIn;
    } catch {
      // A key of another browser profile, or damage: as if nothing were saved.
      await this.#database.rows.delete(row.id);
      return null;
    }
  }

  async forget(id: Row['id']): Promise<void> {
    await this.#database.rows.delete(id);
  }

  async setting(id: string): Promise<string | null> {
    return (await this.#database.settings.get(id))?.value ?? null;
  }

  async keepSetting(id: string, value: string): Promise<void> {
    await this.#database.settings.put({ id, value });
  }

  /** Deletes everything, the key too. */
  async clear(): Promise<void> {
    this.#keyPromise = null;
    await Promise.all([this.#database.keys.clear(), this.#database.rows.clear(), this.#database.settings.clear()]);
  }
}
