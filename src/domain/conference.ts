import type { Aor } from '../protocol/sip/uri';
import type { Failure } from './failure';
import type { Provenance } from './provenance';

export type Role = 'presenter' | 'attendee';

/** A person in the roster (not a device). */
export interface Participant extends Provenance {
  aor: Aor;
  displayName: string;
  role: Role;
  /** Has a connected `session-type="chat"` endpoint ([MS-CONFBAS], `lync-wire` CNF-18). */
  inChat: boolean;
  /** Shows a program or looks at it; `inactive`: one of the two, but has paused or cannot see it now. */
  sharing: 'sharer' | 'viewer' | 'inactive' | null;
}

/**
 * Our own place in a conference:
 *
 *     creating ──► joining ──► joined ──► left | removed | ended
 *         │           │          └─► rejoining (connection lost) ──► joined | failed
 *         └───────────┴─► failed
 */
export type Membership =
  | { is: 'creating' }
  | { is: 'joining' }
  | { is: 'joined'; since: number }
  | { is: 'rejoining' }
  | { is: 'left' }
  | { is: 'removed' }
  | { is: 'ended' }
  | { is: 'failed'; failure: Failure };

/** Somebody we asked in and who has not come (yet). */
export interface Invitee {
  aor: Aor;
  state: { is: 'inviting' } | { is: 'failed'; failure: Failure };
}

export interface Conference {
  membership: Membership;
  subject: string;
  organizer: Aor | null;
  /** Own role as granted by the focus. */
  role: Role;
  locked: boolean;
  /** Who is there; once we are out, who was there last: the conference is called by them. */
  roster: readonly Participant[];
  invitees: readonly Invitee[];
  /** What newcomers get of what was said before them: the conference's rule, told by the focus. */
  history: 'all' | 'none';
  /** The most people its policy lets in; `null` when not told. */
  maxSize: number | null;
  /** Who may show programs. */
  sharing: 'everyone' | 'presenters' | 'nobody';
}
