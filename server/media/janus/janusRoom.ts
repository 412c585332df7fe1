import { randomBytes, randomInt } from 'node:crypto';
import type { Clock } from '../../clock';
import { cleanOffer, cleanViewerAnswer } from '../cleanSdp';
import type { MediaFact, MediaPeer, RoomLimits } from '../forwarder';
import { JanusFailure, type JanusMessage, type JanusSession } from './janusSession';

const good = { transportCc: true };
/** How long a viewer's offer may wait for the sharer's connection: Janus subscribes to none that is not up. */
const upWithinMs = 5_000;

interface JanusFeed {
  readonly handle: number;
  /** Janus's own number of it. */
  readonly id: number;
  /** Resolves when its connection is up. */
  readonly up: Promise<void>;
}

/** One video room of Janus: publishers and subscribers, each with a handle of its own. */
export class JanusRoom {
  readonly #name: string;
  readonly #session: JanusSession;
  readonly #clock: Clock;
  readonly #tell: (fact: MediaFact) => void;
  readonly #feeds = new Map<string, JanusFeed>();
  readonly #viewers = new Map<string, { handle: number; feed: string }>();
  /** Numbers, since Janus takes names only when it is told to. */
  readonly #room = randomInt(1, 2 ** 47);
  readonly #secret = randomBytes(16).toString('hex');
  readonly #pin = randomBytes(16).toString('hex');
  /** Of sharers that left while somebody looked at them. */
  readonly #retired: number[] = [];
  #control = 0;
  #presenting: string | null = null;

  private constructor(name: string, session: JanusSession, clock: Clock, tell: (fact: MediaFact) => void) {
    this.#name = name;
    this.#session = session;
    this.#clock = clock;
    this.#tell = tell;
  }

  static async create(
    name: string,
    { maxBitrate }: RoomLimits,
    adminKey: string,
    session: JanusSession,
    clock: Clock,
    tell: (fact: MediaFact) => void,
  ): Promise<JanusRoom> {
    const room = new JanusRoom(name, session, clock, tell);
    room.#control = await session.attach(() => undefined);
    await session.message(room.#control, {
      request: 'create',
      room: room.#room,
      admin_key: adminKey,
      secret: room.#secret,
      pin: room.#pin,
      permanent: false,
      is_private: true,
      // One who shares and one who takes over.
      publishers: 4,
      bitrate: maxBitrate,
      bitrate_cap: true,
      videocodec: 'vp8',
      audiocodec: 'opus',
      fir_freq: 0,
    });
    return room;
  }

  get presenting(): string | null {
    return this.#presenting;
  }

  has(peer: string): boolean {
    return this.#feeds.has(peer) || this.#viewers.has(peer);
  }

  async publish(peer: MediaPeer, offer: string): Promise<string> {
    const jsep = { type: 'offer', sdp: cleanOffer(offer, good) };
    const known = this.#feeds.get(peer.id);
    if (known !== undefined) return sdpIn(await this.#session.message(known.handle, { request: 'configure' }, jsep));
    const id = randomInt(1, 2 ** 47);
    let isUp = (): void => undefined;
    const up = new Promise<void>((resolve) => {
      isUp = resolve;
    });
    const handle = await this.#session.attach(this.#factsOf(peer.id, isUp));
    const join = { request: 'joinandconfigure', ptype: 'publisher', room: this.#room, pin: this.#pin, id };
    try {
      const answer = sdpIn(await this.#session.message(handle, join, jsep));
      this.#feeds.set(peer.id, { handle, id, up });
      return answer;
    } catch (error) {
      await this.#session.detach(handle);
      throw error;
    }
  }

  /** Viewers of another sharer are switched as soon as this one's connection is up: it has its answer only after this. */
  async present(peer: string): Promise<void> {
    const feed = this.#feeds.get(peer);
    if (feed === undefined) throw new JanusFailure('no such feed');
    this.#presenting = peer;
    const viewers = [...this.#viewers].filter(([, viewer]) => viewer.feed !== peer);
    if (viewers.length === 0) return;
    void this.#whenUp(feed)
      .then(() => Promise.all(viewers.map(([viewer]) => this.#switch(viewer, peer, feed.id))))
      .catch(() => viewers.map(([viewer]) => this.#tell({ is: 'peer.lost', room: this.#name, peer: viewer })))
      .finally(() => this.#detachRetired());
  }

  async #switch(id: string, feed: string, number: number): Promise<void> {
    const viewer = this.#viewers.get(id);
    if (viewer === undefined || this.#presenting !== feed) return;
    viewer.feed = feed;
    await this.#session.message(viewer.handle, {
      request: 'switch',
      streams: [{ feed: number, mid: '0', sub_mid: '0' }],
    });
  }

  #detachRetired(): void {
    for (const handle of this.#retired.splice(0)) void this.#session.detach(handle);
  }

  async watch(peer: MediaPeer): Promise<string> {
    const known = this.#viewers.get(peer.id);
    if (known !== undefined) {
      return sdpIn(await this.#session.message(known.handle, { request: 'configure', restart: true }));
    }
    const presenting = this.#presenting ?? '';
    const feed = this.#feeds.get(presenting);
    if (feed === undefined) throw new JanusFailure('no such feed');
    await this.#whenUp(feed);
    const handle = await this.#session.attach(this.#factsOf(peer.id, () => undefined));
    const join = { request: 'join', ptype: 'subscriber', room: this.#room, pin: this.#pin };
    try {
      const offer = sdpIn(await this.#session.message(handle, { ...join, streams: [{ feed: feed.id }] }));
      this.#viewers.set(peer.id, { handle, feed: presenting });
      return offer;
    } catch (error) {
      await this.#session.detach(handle);
      throw error;
    }
  }

  async accept(peer: string, answer: string): Promise<void> {
    const jsep = { type: 'answer', sdp: cleanViewerAnswer(answer, good) };
    await this.#session.message(this.#viewerHandle(peer), { request: 'start' }, jsep);
  }

  async pause(peer: string, paused: boolean): Promise<void> {
    await this.#session.message(this.#viewerHandle(peer), { request: paused ? 'pause' : 'start' });
  }

  async leave(peer: string): Promise<void> {
    const handle = this.#feeds.get(peer)?.handle ?? this.#viewers.get(peer)?.handle;
    if (this.#presenting === peer) this.#presenting = null;
    this.#feeds.delete(peer);
    this.#viewers.delete(peer);
    if (handle === undefined) return;
    // Whoever looks at it is on the way to the next sharer, and Janus switches from nobody who is gone.
    const isLookedAt = [...this.#viewers.values()].some(({ feed }) => feed === peer);
    if (this.#presenting !== null && isLookedAt) this.#retired.push(handle);
    else await this.#session.detach(handle);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#viewers.keys(), ...this.#feeds.keys()].map((peer) => this.leave(peer)));
    this.#detachRetired();
    const destroy = { request: 'destroy', room: this.#room, secret: this.#secret };
    await this.#session.message(this.#control, destroy).catch(() => undefined);
    await this.#session.detach(this.#control);
  }

  #viewerHandle(peer: string): number {
    const viewer = this.#viewers.get(peer);
    if (viewer === undefined) throw new JanusFailure('no such viewer');
    return viewer.handle;
  }

  #factsOf(peer: string, isUp: () => void): (message: JanusMessage) => void {
    const fact = { room: this.#name, peer };
    let isFlowing = false;
    return ({ janus, type, receiving }) => {
      if (janus === 'webrtcup') {
        isUp();
        this.#tell({ is: 'peer.connected', ...fact });
      } else if (janus === 'media' && type === 'video' && receiving === true && !isFlowing) {
        isFlowing = true;
        this.#tell({ is: 'feed.flowing', ...fact });
      } else if (janus === 'hangup') this.#tell({ is: 'peer.lost', ...fact });
    };
  }

  async #whenUp({ up }: JanusFeed): Promise<void> {
    let cancel = (): void => undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = this.#clock.after(upWithinMs, () => reject(new JanusFailure('the sharer does not connect')));
    });
    await Promise.race([up, late]).finally(() => cancel());
  }
}

function sdpIn({ jsep }: JanusMessage): string {
  if (jsep === undefined) throw new JanusFailure('there is no SDP');
  return jsep.sdp;
}
