import { formatRelayedData, longestPointerMessage } from '../../../src/protocol/shared/relayedData';
import type { Clock } from '../../clock';
import type { MediaPeer } from '../forwarder';

/** Messages a second. A pointer that follows the mouse says something for each picture, ink a little more. */
const limits = { passed: 120, borne: 500 };

/** What is said on the pointer channels (SHR-10): held to size and rate, and with its author. */
export class Pointers {
  readonly #clock: Clock;
  readonly #flooding: (peer: string) => void;
  readonly #counts = new Map<string, { second: number; count: number }>();

  constructor(clock: Clock, flooding: (peer: string) => void) {
    this.#clock = clock;
    this.#flooding = flooding;
  }

  /** What to pass on of a peer's message; `null` for nothing. */
  take({ id, aor }: MediaPeer, message: string | Buffer): string | null {
    const second = Math.floor(this.#clock.now() / 1000);
    const known = this.#counts.get(id);
    const count = known?.second === second ? known.count + 1 : 1;
    this.#counts.set(id, { second, count });
    if (count === limits.borne) this.#flooding(id);
    if (count > limits.passed || typeof message !== 'string') return null;
    return Buffer.byteLength(message) > longestPointerMessage ? null : formatRelayedData(aor, message);
  }

  forget(peer: string): void {
    this.#counts.delete(peer);
  }
}
