import type { Aor } from '../../src/protocol/sip/uri';

/** One end of media in a room: a sharer's or a viewer's. `id` is the caller's own, unlike any other in the room. */
export interface MediaPeer {
  readonly id: string;
  readonly aor: Aor;
}

export type MediaFailure =
  /** The SDP cannot be used: nothing that we could decode, or no SDP at all. */
  | 'unusable'
  /** Nobody presents. */
  | 'nothingToWatch'
  /** No such room, or no such peer in it. */
  | 'unknown'
  /** The engine is gone, or does not answer. */
  | 'engine';

/** `detail` is for the log. */
export type Made<T> = { ok: true; value: T } | { ok: false; why: MediaFailure; detail: string };

export function made<T>(value: T): Made<T> {
  return { ok: true, value };
}

export function notMade<T = never>(why: MediaFailure, detail: string): Made<T> {
  return { ok: false, why, detail };
}

export type MediaFact =
  /** The first packets of a sharer came. */
  | { is: 'feed.flowing'; room: string; peer: string }
  | { is: 'peer.connected'; room: string; peer: string }
  /** ICE or DTLS has failed: nothing comes through any more. The peer is still to be left. */
  | { is: 'peer.lost'; room: string; peer: string }
  /** It sends more data than anybody needs: to be put out. */
  | { is: 'peer.flooding'; room: string; peer: string }
  /** The engine has lost these rooms and whatever was in them. */
  | { is: 'engine.lost'; rooms: readonly string[] };

export interface RoomLimits {
  /** Bits a second of a sharer's picture. */
  readonly maxBitrate: number;
}

/**
 * What carries the media of conferences: one sharer's picture and sound to every viewer of a room. Everything is SDP text
 * and the caller's own ids. Viewers are offered to, since some engines can do nothing else. Key frames, loss and bandwidth
 * are the engine's own affair.
 */
export interface MediaForwarder {
  readonly can: {
    /** Data channel `pointer`, as SHR-10 has it. */
    readonly pointers: boolean;
  };
  /** Somebody may share soon: what takes time to start is started. */
  prepare(): void;
  /** Makes a room; one that is there stays as it is. */
  open(room: string, limits: RoomLimits): Promise<Made<void>>;
  /** Takes a sharer's offer and gives the answer; again for the same peer renegotiates (ICE restart). */
  publish(room: string, peer: MediaPeer, offer: string): Promise<Made<string>>;
  /** Shows everybody this sharer's picture from now on. No viewer's SDP changes. */
  present(room: string, peer: string): Promise<Made<void>>;
  /** Gives an offer for a viewer, without anything to look at `nothingToWatch`; again for the same peer restarts its ICE. */
  watch(room: string, peer: MediaPeer): Promise<Made<string>>;
  /** Takes the viewer's answer to the last offer. */
  accept(room: string, peer: string, answer: string): Promise<Made<void>>;
  /** Sends a viewer nothing, or everything again from a key frame on. */
  pause(room: string, peer: string, paused: boolean): Promise<Made<void>>;
  /** Whether what this viewer says on the pointer channel is passed on. */
  grant(room: string, peer: string, granted: boolean): Promise<Made<void>>;
  /** One that is not there is no failure; so with `close`. */
  leave(room: string, peer: string): Promise<void>;
  close(room: string): Promise<void>;
  onFact(run: (fact: MediaFact) => void): void;
  /** Ends all rooms. */
  stop(): Promise<void>;
}
