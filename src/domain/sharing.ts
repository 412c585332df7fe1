import type { Surface } from '../protocol/lync/sharingSdp';
import type { Aor } from '../protocol/sip/uri';
import type { ConversationId, MediaSessionId, TabId } from './ids';

/** A session whose media a tab holds. With the tab it ends. */
export interface MediaSession {
  conversation: ConversationId;
  tab: TabId;
  /** SDP of an offer that the tab has to answer (a re-INVITE of the other end). */
  offer: string | null;
}

/** How a session ended that we did not end. */
export type MediaEnd =
  /** The other end hung up. */
  | 'ended'
  /** Somebody else shows now (`lync-wire` 7.1: 21000). */
  | 'takenOver'
  /** A connection broke: the other end's, or ours. */
  | 'lost';

/**
 * What we show in a conversation:
 *
 *     calling ──► live ──► (stopped: gone)
 *        │          └─► interrupted (connection lost) ──► calling | gone
 *        └─► gone (refused, nobody answered)
 */
export interface OwnShare {
  /** The tab that captures. */
  tab: TabId;
  /** `null` while interrupted. */
  session: MediaSessionId | null;
  state: 'calling' | 'live' | 'interrupted';
  /** To whom: a running share of two people moves to the conference that they become. */
  to: 'peer' | 'conference';
  surface: Surface;
  isPaused: boolean;
  /** False: the other ends do not know how to ask for control, or to point. */
  canPoint: boolean;
  /** Who asks for control, the first one first. */
  asking: readonly Aor[];
  controller: Aor | null;
}

/**
 * Our own view of what somebody else shows:
 *
 *     offered ──► connecting ──► live ──► (ended: gone)          two people: it rings, we accept
 *     available ─► connecting ──► live ──► available | gone      conference: whoever likes looks
 *        interrupted (connection lost) ──► offered | available | gone
 */
export type View =
  /** `again`: the tab that looked before the connection broke, and looks again without asking. */
  | { is: 'offered'; session: MediaSessionId; again: TabId | null }
  /** `isDismissed`: the person closed it, and it does not open by itself any more. */
  | { is: 'available'; isDismissed: boolean }
  | { is: 'connecting' | 'live'; session: MediaSessionId; tab: TabId }
  | { is: 'interrupted'; tab: TabId };

/** What somebody else shows in a conversation. */
export interface PeerShare {
  sharer: Aor;
  /** `null` when not told. */
  surface: Surface | null;
  isPaused: boolean;
  view: View;
  /** False: the sharer's program does not know of pointing. */
  canPoint: boolean;
  /** We have asked for control and wait. */
  isAsking: boolean;
  controller: Aor | null;
}

/** One presenter at a time; both are there only while one takes over from the other. */
export interface Sharing {
  own: OwnShare | null;
  theirs: PeerShare | null;
}

export const notSharing: Sharing = { own: null, theirs: null };

/** Where a peer connection finds a way when there is none directly (RFC 8656), for some time. */
export interface Relay {
  urls: readonly string[];
  username: string;
  credential: string;
}

export interface Relays {
  servers: readonly Relay[];
  /** Epoch ms: ask again after it. */
  renewAt: number;
}
