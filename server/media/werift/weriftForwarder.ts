import type { Clock } from '../../clock';
import {
  type Made,
  type MediaFact,
  type MediaForwarder,
  type MediaPeer,
  made,
  notMade,
  type RoomLimits,
} from '../forwarder';
import type { MediaNetwork } from './peerConnection';
import { Room } from './room';

/** Media in this very process, on werift. */
export class WeriftForwarder implements MediaForwarder {
  readonly can = { pointers: true };
  readonly #network: MediaNetwork;
  readonly #clock: Clock;
  readonly #rooms = new Map<string, Room>();
  readonly #listeners: ((fact: MediaFact) => void)[] = [];

  constructor(network: MediaNetwork, clock: Clock) {
    this.#network = network;
    this.#clock = clock;
  }

  prepare(): void {
    // There is nothing to start.
  }

  async open(room: string, limits: RoomLimits): Promise<Made<void>> {
    const tell = (fact: MediaFact): void => {
      for (const listener of this.#listeners) listener(fact);
    };
    if (!this.#rooms.has(room)) this.#rooms.set(room, new Room(room, limits, this.#network, this.#clock, tell));
    return made(undefined);
  }

  async publish(name: string, peer: MediaPeer, offer: string): Promise<Made<string>> {
    const room = this.#rooms.get(name);
    return room === undefined ? noRoom(name) : attempt(() => room.publish(peer, offer));
  }

  async present(name: string, peer: string): Promise<Made<void>> {
    const room = this.#rooms.get(name);
    if (room === undefined) return noRoom(name);
    return room.present(peer) ? made(undefined) : noPeer(peer);
  }

  async watch(name: string, peer: MediaPeer): Promise<Made<string>> {
    const room = this.#rooms.get(name);
    if (room === undefined) return noRoom(name);
    if (!room.isPresented) return notMade('nothingToWatch', name);
    return attempt(() => room.watch(peer));
  }

  async accept(name: string, peer: string, answer: string): Promise<Made<void>> {
    const viewer = this.#rooms.get(name)?.viewer(peer);
    return viewer === undefined ? noPeer(peer) : attempt(() => viewer.accept(answer));
  }

  async pause(name: string, peer: string, paused: boolean): Promise<Made<void>> {
    const viewer = this.#rooms.get(name)?.viewer(peer);
    if (viewer === undefined) return noPeer(peer);
    viewer.pause(paused);
    return made(undefined);
  }

  async grant(name: string, peer: string, granted: boolean): Promise<Made<void>> {
    const viewer = this.#rooms.get(name)?.viewer(peer);
    if (viewer === undefined) return noPeer(peer);
    viewer.isGranted = granted;
    return made(undefined);
  }

  async leave(name: string, peer: string): Promise<void> {
    await this.#rooms.get(name)?.leave(peer);
  }

  async close(name: string): Promise<void> {
    const room = this.#rooms.get(name);
    this.#rooms.delete(name);
    await room?.close();
  }

  onFact(run: (fact: MediaFact) => void): void {
    this.#listeners.push(run);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#rooms.keys()].map((name) => this.close(name)));
  }
}

/** werift throws at SDP that it cannot take; so do our own readers. */
async function attempt<T>(make: () => Promise<T>): Promise<Made<T>> {
  try {
    return made(await make());
  } catch (error) {
    return notMade('unusable', error instanceof Error ? error.message : String(error));
  }
}

const noRoom = (name: string) => notMade('unknown', `there is no room ${name}`);
const noPeer = (peer: string) => notMade('unknown', `there is no peer ${peer}`);
