import type { RtpPacket } from 'werift';
import type { Clock } from '../../clock';
import type { MediaFact, MediaPeer, RoomLimits } from '../forwarder';
import { BitrateLimit, commonLimit } from './bitrateLimit';
import { Feed } from './feed';
import type { MediaNetwork } from './peerConnection';
import { Pointers } from './pointers';
import { Viewer } from './viewer';

const reportEveryMs = 500;
const lowestBitrate = 250_000;
const firstBitrate = 1_500_000;

/** One conference's media: any number of viewers look at the one who presents. */
export class Room {
  readonly #name: string;
  readonly #limits: RoomLimits;
  readonly #network: MediaNetwork;
  readonly #clock: Clock;
  readonly #tell: (fact: MediaFact) => void;
  readonly #feeds = new Map<string, { feed: Feed; uplink: BitrateLimit }>();
  readonly #viewers = new Map<string, { viewer: Viewer; downlink: BitrateLimit }>();
  readonly #pointers: Pointers;
  #presenting: string | null = null;
  #cancelReport: (() => void) | null = null;

  constructor(name: string, limits: RoomLimits, network: MediaNetwork, clock: Clock, tell: (fact: MediaFact) => void) {
    this.#name = name;
    this.#limits = limits;
    this.#network = network;
    this.#clock = clock;
    this.#tell = tell;
    this.#pointers = new Pointers(clock, (peer) => this.#tell({ is: 'peer.flooding', room: name, peer }));
    this.#report();
  }

  async publish(peer: MediaPeer, offer: string): Promise<string> {
    const known = this.#feeds.get(peer.id);
    if (known !== undefined) return known.feed.negotiate(offer);
    const feed = this.#makeFeed(peer);
    const answer = await feed.negotiate(offer).catch(async (error: unknown) => {
      await feed.close();
      throw error;
    });
    this.#feeds.set(peer.id, { feed, uplink: this.#newLimit() });
    return answer;
  }

  /** False when there is no such sharer. */
  present(peer: string): boolean {
    const next = this.#feeds.get(peer);
    if (next === undefined) return false;
    if (this.#presenting === peer) return true;
    this.#presenting = peer;
    for (const { viewer } of this.#viewers.values()) viewer.isGranted = false;
    next.feed.keyFrames.want();
    return true;
  }

  get isPresented(): boolean {
    return this.#presenting !== null;
  }

  async watch(peer: MediaPeer): Promise<string> {
    const known = this.#viewers.get(peer.id);
    if (known !== undefined) return known.viewer.offer();
    const viewer = this.#makeViewer(peer);
    const offer = await viewer.offer();
    this.#viewers.set(peer.id, { viewer, downlink: this.#newLimit() });
    return offer;
  }

  viewer(peer: string): Viewer | undefined {
    return this.#viewers.get(peer)?.viewer;
  }

  async leave(peer: string): Promise<void> {
    const [feed, viewer] = [this.#feeds.get(peer)?.feed, this.viewer(peer)];
    if (this.#presenting === peer) this.#presenting = null;
    this.#feeds.delete(peer);
    this.#viewers.delete(peer);
    this.#pointers.forget(peer);
    await Promise.all([feed?.close(), viewer?.close()]);
  }

  async close(): Promise<void> {
    this.#cancelReport?.();
    await Promise.all([...this.#feeds.keys(), ...this.#viewers.keys()].map((peer) => this.leave(peer)));
  }

  #newLimit(): BitrateLimit {
    return new BitrateLimit({ floor: lowestBitrate, ceiling: this.#limits.maxBitrate, start: firstBitrate });
  }

  #makeFeed(peer: MediaPeer): Feed {
    const fact = { room: this.#name, peer: peer.id };
    return new Feed(peer, this.#network, this.#clock, {
      flowing: () => this.#tell({ is: 'feed.flowing', ...fact }),
      connected: () => this.#tell({ is: 'peer.connected', ...fact }),
      lost: () => this.#tell({ is: 'peer.lost', ...fact }),
      packet: (kind, packet) => this.#forward(peer.id, kind, packet),
      said: (message) => {
        if (this.#presenting !== peer.id) return;
        const text = this.#pointers.take(peer, message);
        if (text !== null) for (const { viewer } of this.#viewers.values()) viewer.say(text);
      },
    });
  }

  #makeViewer(peer: MediaPeer): Viewer {
    const fact = { room: this.#name, peer: peer.id };
    return new Viewer(peer, this.#network, {
      connected: () => {
        this.#tell({ is: 'peer.connected', ...fact });
        this.#presented?.feed.keyFrames.want();
      },
      lost: () => this.#tell({ is: 'peer.lost', ...fact }),
      needsKeyFrame: () => this.#presented?.feed.keyFrames.want(),
      said: (message) => this.#pass(peer, message),
    });
  }

  /** A granted viewer's words go to the sharer and to everybody else; a flood is told, granted or not. */
  #pass(peer: MediaPeer, message: string | Buffer): void {
    const text = this.#pointers.take(peer, message);
    if (text === null || this.viewer(peer.id)?.isGranted !== true) return;
    this.#presented?.feed.say(text);
    for (const { viewer } of this.#viewers.values()) if (viewer.peer.id !== peer.id) viewer.say(text);
  }

  get #presented(): { feed: Feed; uplink: BitrateLimit } | undefined {
    return this.#presenting === null ? undefined : this.#feeds.get(this.#presenting);
  }

  #forward(feed: string, kind: 'video' | 'audio', packet: RtpPacket): void {
    if (feed !== this.#presenting) return;
    const now = this.#clock.now();
    let isWaitedFor = false;
    for (const { viewer } of this.#viewers.values()) isWaitedFor = viewer.send(kind, packet, feed, now) || isWaitedFor;
    if (isWaitedFor) this.#presented?.feed.keyFrames.want();
  }

  /** What the sharer may send follows from its own way and those of its viewers. */
  #report(): void {
    const startedAt = this.#clock.now();
    this.#cancelReport = this.#clock.after(reportEveryMs, () => {
      const ms = Math.max(1, this.#clock.now() - startedAt);
      for (const { feed, uplink } of this.#feeds.values()) uplink.report(feed.report(ms));
      for (const { viewer, downlink } of this.#viewers.values()) downlink.report(viewer.report(ms));
      const looking = [...this.#viewers.values()].filter(({ viewer }) => viewer.isLooking);
      const viewers = commonLimit(
        looking.map(({ downlink }) => downlink.value),
        this.#limits.maxBitrate,
      );
      const presented = this.#presented;
      presented?.feed.limit(Math.min(presented.uplink.value, viewers));
      this.#putOutOverfilled();
      this.#report();
    });
  }

  #putOutOverfilled(): void {
    const peers = [...this.#feeds.values()].map(({ feed }) => feed);
    for (const { peer, isOverfilled } of [...peers, ...[...this.#viewers.values()].map(({ viewer }) => viewer)]) {
      if (isOverfilled) this.#tell({ is: 'peer.flooding', room: this.#name, peer: peer.id });
    }
  }
}
