import type { SignInFailure, SignInRequest } from '../domain/signIn';
import { type Aor, aorOf } from '../protocol/sip/uri';
import type { SavedSignIn as Saved } from './vault';

export interface VaultLike {
  put(id: 'saved' | 'session', signIn: Saved, sessionId: string): Promise<void>;
  take(sessionId: string | null): Promise<Saved | null>;
  forget(id: 'saved' | 'session'): Promise<void>;
  setting(id: string): Promise<string | null>;
  keepSetting(id: string, value: string): Promise<void>;
  clear(): Promise<void>;
}

/** Where the server of a person was found last time. */
const serverKey = (aor: Aor): string => `server:${aor}`;

/**
 * What lets this device sign in again without asking: for the session of its tabs, or for good when the person wants that.
 * A browser without storage still works; it only asks again after a reload.
 */
export class SavedSignIn {
  readonly #vault: VaultLike;
  readonly #sessionId: () => string;

  constructor({ vault, sessionId }: { vault: VaultLike; sessionId(): string }) {
    this.#vault = vault;
    this.#sessionId = sessionId;
  }

  /** For a tab that kept this session id, or none. */
  async take(sessionId: string | null): Promise<SignInRequest | null> {
    const saved = await this.#vault.take(sessionId).catch(() => null);
    if (saved === null) return null;
    const { aor: address, userName = null, password, server } = saved;
    return { address, userName, password, server, savePassword: false };
  }

  /** Done before anybody sees that we are in: a tab closed right then must not lose it. */
  async keep({ address, userName = null, password, server, savePassword }: SignInRequest): Promise<void> {
    const aor = aorOf(address);
    if (aor === null) return;
    const saved = { aor, userName, password, server };
    const kept = savePassword ? this.#vault.put('saved', saved, '') : this.#vault.forget('saved');
    await Promise.allSettled([kept, this.#vault.put('session', saved, this.#sessionId())]);
  }

  /** `session`: until somebody signs in again; `saved`: that, too, is over. */
  async forget(...what: ('session' | 'saved')[]): Promise<void> {
    await Promise.allSettled(what.map((id) => this.#vault.forget(id)));
  }

  serverOf = (aor: Aor): Promise<string | null> =>
    this.#vault.setting(serverKey(aor)).then(
      (url) => url || null,
      () => null,
    );

  keepServer = (aor: Aor, url: string): Promise<void> =>
    this.#vault.keepSetting(serverKey(aor), url).catch(() => undefined);

  /** A server that does not answer any more is not tried first again. */
  async doubtServer({ address }: SignInRequest, failure: SignInFailure['is'] | null): Promise<void> {
    const aor = aorOf(address);
    if (aor !== null && (failure === 'unreachable' || failure === 'notSip')) await this.keepServer(aor, '');
  }
}
