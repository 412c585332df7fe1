import type { Dialect } from '../dialect/dialect';
import type { Room } from '../domain/checkup';
import type { Fact } from '../domain/facts';
import type { History } from '../history/history';
import type { Aor } from '../protocol/sip/uri';
import type { World } from '../world';
import type { Ask } from './discovery';
import type { Log } from './logging';
import type { VaultLike } from './savedSignIn';
import type { DialectRequest } from './signIn';

/** What the client asks of the device; the engine gives the real thing, tests a small one. */
export interface Device {
  world: World;
  ask: Ask;
  post(url: string, body: unknown): Promise<{ status: number } | null>;
  pageOrigin: string;
  createDialect(request: DialectRequest): Promise<Dialect>;
  openHistory(aor: Aor): History;
  /** Names this endpoint among the person's own. */
  epidOf(aor: Aor): Promise<string>;
  deleteAllHistory(): Promise<void>;
  log: Log;
  vault: VaultLike;
  /** Room for what is kept; writes something to see. */
  room(): Promise<Room>;
  /** Given to tabs, which keep it for the browser's session. */
  sessionId(): string;
  /** Facts in order, for every tab. */
  publish(facts: readonly Fact[]): void;
}
