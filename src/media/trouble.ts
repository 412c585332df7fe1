import type { Relays } from '../domain/sharing';
import type { World } from '../world';

/** So long a way that broke may come back by itself. */
const waitsMs = 3_000;

export interface Troubles {
  /** The way is lost. */
  onLost(): void;
  /** The way stands, but its relays take these credentials no longer than twice this long. */
  onStale(): void;
}

/**
 * Tells when a peer connection needs a new way (an ICE restart): it failed, or stays broken, at once when the network
 * changed; or the credentials of its relays grow old.
 */
export class Trouble {
  readonly #connection: RTCPeerConnection;
  readonly #world: World;
  readonly #troubles: Troubles;
  #stopTimer: () => void = () => undefined;
  #stopRenewal: () => void = () => undefined;

  constructor(connection: RTCPeerConnection, world: World, troubles: Troubles) {
    this.#connection = connection;
    this.#world = world;
    this.#troubles = troubles;
    connection.addEventListener('connectionstatechange', this.#look);
    addEventListener('online', this.#lookNow);
  }

  /** The relays that the connection may go by from now on. */
  goesBy({ servers, renewAt }: Relays): void {
    this.#stopRenewal();
    const left = renewAt - this.#world.now();
    if (servers.length === 0 || left <= 0) return;
    this.#stopRenewal = this.#world.after(left, () => this.#troubles.onStale());
  }

  #look = (): void => {
    this.#stopTimer();
    const { connectionState } = this.#connection;
    if (connectionState === 'failed') this.#troubles.onLost();
    if (connectionState === 'disconnected') this.#stopTimer = this.#world.after(waitsMs, this.#lookNow);
    if (connectionState === 'closed') this.stop();
  };

  #lookNow = (): void => {
    const { connectionState } = this.#connection;
    if (connectionState === 'disconnected' || connectionState === 'failed') this.#troubles.onLost();
  };

  stop(): void {
    this.#stopTimer();
    this.#stopRenewal();
    this.#connection.removeEventListener('connectionstatechange', this.#look);
    removeEventListener('online', this.#lookNow);
  }
}
