import type { World } from '../world';

/** So long a way that broke may come back by itself. */
const waitsMs = 3_000;

/** Tells when a peer connection needs a new way (an ICE restart): it failed, or stays broken; at once when the network changed. */
export class Trouble {
  readonly #connection: RTCPeerConnection;
  readonly #world: World;
  readonly #onTrouble: () => void;
  #stopTimer: () => void = () => undefined;

  constructor(connection: RTCPeerConnection, world: World, onTrouble: () => void) {
    this.#connection = connection;
    this.#world = world;
    this.#onTrouble = onTrouble;
    connection.addEventListener('connectionstatechange', this.#look);
    addEventListener('online', this.#lookNow);
  }

  #look = (): void => {
    this.#stopTimer();
    const { connectionState } = this.#connection;
    if (connectionState === 'failed') this.#onTrouble();
    if (connectionState === 'disconnected') this.#stopTimer = this.#world.after(waitsMs, this.#lookNow);
    if (connectionState === 'closed') this.stop();
  };

  #lookNow = (): void => {
    const { connectionState } = this.#connection;
    if (connectionState === 'disconnected' || connectionState === 'failed') this.#onTrouble();
  };

  stop(): void {
    this.#stopTimer();
    this.#connection.removeEventListener('connectionstatechange', this.#look);
    removeEventListener('online', this.#lookNow);
  }
}
