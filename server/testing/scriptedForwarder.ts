import {
  type Made,
  type MediaFact,
  type MediaFailure,
  type MediaForwarder,
  type MediaPeer,
  made,
  notMade,
} from '../media/forwarder';

/** What a media engine would write: as short as it can be, and told apart by its `ice-ufrag`. */
export function engineSdp(direction: 'sendonly' | 'recvonly', ufrag: string, setup: 'actpass' | 'active'): string {
  return [
    'v=0',
    'o=- 7 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'a=mid:0',
    `a=ice-ufrag:${ufrag}`,
    'a=ice-pwd:75b07df539084fa7c33c20',
    `a=setup:${setup}`,
    `a=${direction}`,
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=mid:1',
    `a=setup:${setup}`,
    `a=${direction}`,
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'a=mid:2',
    `a=setup:${setup}`,
    '',
  ].join('\r\n');
}

/** A forwarder without media, in a test's hands: it keeps what it is told, and fails when told to. */
export class ScriptedForwarder implements MediaForwarder {
  readonly can = { pointers: true };
  /** `publish ROOM PEER`, ... in order; SDP left out. */
  readonly calls: string[] = [];
  readonly sdps: string[] = [];
  /** Fails the next call of a verb. */
  failNext: { verb: string; why: MediaFailure } | null = null;
  /** Holds the answers of a verb until `release`. */
  holds: string | null = null;
  readonly #held: (() => void)[] = [];
  readonly #listeners: ((fact: MediaFact) => void)[] = [];
  readonly #presenting = new Map<string, string>();
  #count = 0;

  prepare(): void {
    // It is always ready.
  }

  async open(room: string): Promise<Made<void>> {
    return this.#does('open', undefined, room);
  }

  async publish(room: string, peer: MediaPeer, offer: string): Promise<Made<string>> {
    this.sdps.push(offer);
    this.#count += 1;
    return this.#does('publish', engineSdp('recvonly', `ans${this.#count}`, 'active'), room, peer.aor);
  }

  async present(room: string, peer: string): Promise<Made<void>> {
    this.#presenting.set(room, peer);
    return this.#does('present', undefined, room);
  }

  async watch(room: string, peer: MediaPeer): Promise<Made<string>> {
    this.#count += 1;
    if (!this.#presenting.has(room)) return notMade('nothingToWatch', room);
    return this.#does('watch', engineSdp('sendonly', `off${this.#count}`, 'actpass'), room, peer.aor);
  }

  async accept(room: string, _peer: string, answer: string): Promise<Made<void>> {
    this.sdps.push(answer);
    return this.#does('accept', undefined, room);
  }

  async pause(room: string, _peer: string, paused: boolean): Promise<Made<void>> {
    return this.#does('pause', undefined, room, paused);
  }

  async grant(room: string, peer: string, granted: boolean): Promise<Made<void>> {
    return this.#does('grant', undefined, room, peer, granted);
  }

  async leave(room: string, peer: string): Promise<void> {
    this.calls.push(`leave ${room}`);
    if (this.#presenting.get(room) === peer) this.#presenting.delete(room);
  }

  async close(room: string): Promise<void> {
    this.calls.push(`close ${room}`);
    this.#presenting.delete(room);
  }

  onFact(run: (fact: MediaFact) => void): void {
    this.#listeners.push(run);
  }

  async stop(): Promise<void> {}

  tell(fact: MediaFact): void {
    for (const listener of this.#listeners) listener(fact);
  }

  /** The sharer's id in a room. */
  presenting(room: string): string {
    return this.#presenting.get(room) ?? '';
  }

  release(): void {
    this.holds = null;
    for (const go of this.#held.splice(0)) go();
  }

  async #does<T>(verb: string, value: T, ...args: unknown[]): Promise<Made<T>> {
    this.calls.push([verb, ...args].join(' '));
    if (this.holds === verb) await new Promise<void>((resolve) => this.#held.push(resolve));
    if (this.failNext?.verb !== verb) return made(value);
    const { why } = this.failNext;
    this.failNext = null;
    return notMade(why, 'scripted');
  }
}
