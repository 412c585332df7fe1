import { MalformedBody } from '../../../src/protocol/malformed';
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
import { JanusRoom } from './janusRoom';
import { JanusFailure, type JanusOptions, JanusSession } from './janusSession';

/** Of the video room: an SDP that it cannot use, or JSEP that makes no sense (`media-notes` 2). */
const unusableSdp = new Set([465, 466, 467, 437, 438]);

/** Media on a Janus gateway beside the server, for more viewers than one thread carries. It relays no pointers. */
export class JanusForwarder implements MediaForwarder {
  readonly can = { pointers: false };
  readonly #options: JanusOptions;
  readonly #clock: Clock;
  readonly #rooms = new Map<string, JanusRoom>();
  readonly #listeners: ((fact: MediaFact) => void)[] = [];
  #session: Promise<JanusSession> | null = null;

  constructor(options: JanusOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  prepare(): void {
    this.#connected().catch(() => undefined);
  }

  async open(name: string, limits: RoomLimits): Promise<Made<void>> {
    return attempt(async () => {
      const session = await this.#connected();
      if (this.#rooms.has(name)) return;
      const { secret } = this.#options;
      const tell = (fact: MediaFact) => this.#tell(fact);
      this.#rooms.set(name, await JanusRoom.create(name, limits, secret, session, this.#clock, tell));
    });
  }

  publish(name: string, peer: MediaPeer, offer: string): Promise<Made<string>> {
    return this.#in(name, null, (room) => room.publish(peer, offer));
  }

  present(name: string, peer: string): Promise<Made<void>> {
    return this.#in(name, peer, (room) => room.present(peer));
  }

  async watch(name: string, peer: MediaPeer): Promise<Made<string>> {
    if (this.#rooms.get(name)?.presenting === null) return notMade('nothingToWatch', name);
    return this.#in(name, null, (room) => room.watch(peer));
  }

  accept(name: string, peer: string, answer: string): Promise<Made<void>> {
    return this.#in(name, peer, (room) => room.accept(peer, answer));
  }

  pause(name: string, peer: string, paused: boolean): Promise<Made<void>> {
    return this.#in(name, peer, (room) => room.pause(peer, paused));
  }

  grant(name: string, peer: string): Promise<Made<void>> {
    return this.#in(name, peer, async () => undefined);
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
    const session = this.#session;
    this.#session = null;
    await session?.then(
      (opened) => opened.close(),
      () => undefined,
    );
  }

  /** The session, opened when there is none: each failure is tried anew with the next room. */
  #connected(): Promise<JanusSession> {
    if (this.#session !== null) return this.#session;
    const session = JanusSession.open(this.#options, this.#clock, () => this.#lost());
    this.#session = session;
    session.catch(() => {
      if (this.#session === session) this.#session = null;
    });
    return session;
  }

  #lost(): void {
    this.#session = null;
    const rooms = [...this.#rooms.keys()];
    this.#rooms.clear();
    if (rooms.length > 0) this.#tell({ is: 'engine.lost', rooms });
  }

  #tell(fact: MediaFact): void {
    for (const listener of this.#listeners) listener(fact);
  }

  #in<T>(name: string, peer: string | null, run: (room: JanusRoom) => Promise<T>): Promise<Made<T>> {
    const room = this.#rooms.get(name);
    if (room === undefined) return Promise.resolve(notMade('unknown', `there is no room ${name}`));
    if (peer !== null && !room.has(peer)) return Promise.resolve(notMade('unknown', `there is no peer ${peer}`));
    return attempt(() => run(room));
  }
}

async function attempt<T>(make: () => Promise<T>): Promise<Made<T>> {
  try {
    return made(await make());
  } catch (error) {
    if (error instanceof MalformedBody) return notMade('unusable', error.message);
    if (!(error instanceof JanusFailure)) throw error;
    return notMade(unusableSdp.has(error.code) ? 'unusable' : 'engine', `${error.message} (${error.code})`);
  }
}
