import type { ConversationId } from '../domain/ids';
import type { SharingStop } from '../domain/message';
import { notSharing, type OwnShare, type PeerShare, type Sharing } from '../domain/sharing';
import type { Aor } from '../protocol/sip/uri';
import type { Floor } from './floor';
import { addLine } from './transcripts';

/** So long a share waits for its connection to come back. */
const waitsForMs = 60_000;

/** What is shared where, in the ledger; who is presenting; and what waits for a connection. */
export class SharingLedger {
  readonly #floor: Floor;
  /** What waits, by conversation and side: stops the waiting. */
  readonly #waiting = new Map<string, () => void>();

  constructor(floor: Floor) {
    this.#floor = floor;
  }

  of(id: ConversationId): Sharing {
    return this.#floor.state().sharing[id] ?? notSharing;
  }

  get conversations(): ConversationId[] {
    return Object.keys(this.#floor.state().sharing) as ConversationId[];
  }

  set(id: ConversationId, change: Partial<Sharing>): void {
    const next = { ...this.of(id), ...change };
    const sharing = next.own === null && next.theirs === null ? null : next;
    this.#floor.record({ type: 'sharing.changed', conversation: id, sharing });
    const isPresenting = this.conversations.some((each) => this.of(each).own?.state === 'live');
    this.#floor.dialect()?.presence.setPresenting(isPresenting);
  }

  changeOwn(id: ConversationId, change: Partial<OwnShare>): void {
    const { own } = this.of(id);
    if (own !== null) this.set(id, { own: { ...own, ...change } });
  }

  changeTheirs(id: ConversationId, change: Partial<PeerShare>): void {
    const { theirs } = this.of(id);
    if (theirs !== null) this.set(id, { theirs: { ...theirs, ...change } });
  }

  tellStarted(id: ConversationId, who: Aor | undefined, surface: PeerShare['surface']): void {
    if (who !== undefined) addLine(this.#floor, id, { is: 'sharingStarted', who, surface });
  }

  tellStopped(id: ConversationId, who: Aor | undefined, why: SharingStop = 'stopped'): void {
    if (who !== undefined) addLine(this.#floor, id, { is: 'sharingStopped', who, why });
  }

  /** Waits for a lost connection, then gives up. */
  wait(id: ConversationId, side: 'own' | 'theirs', giveUp: () => void): void {
    this.stopWaiting(id, side);
    const stop = this.#floor.world.after(waitsForMs, () => {
      this.#waiting.delete(`${side} ${id}`);
      giveUp();
    });
    this.#waiting.set(`${side} ${id}`, stop);
  }

  waits(id: ConversationId, side: 'own' | 'theirs'): boolean {
    return this.#waiting.has(`${side} ${id}`);
  }

  stopWaiting(id: ConversationId, side: 'own' | 'theirs'): void {
    this.#waiting.get(`${side} ${id}`)?.();
    this.#waiting.delete(`${side} ${id}`);
  }

  /** Signed out. */
  stop(): void {
    for (const stop of this.#waiting.values()) stop();
    this.#waiting.clear();
  }
}
