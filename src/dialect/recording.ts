import type { Role } from '../domain/conference';
import type { Outcome } from '../domain/failure';
import type { ItemId, ThreadId } from '../domain/ids';
import type { Body } from '../domain/message';
import type { Account } from '../domain/people';
import type { Provenance } from '../domain/provenance';
import type { Aor, FocusUri } from '../protocol/sip/uri';
import type { TraceEntry } from '../trace/entry';
import type { IncomingFile, IncomingMessage, Report } from './dialect';

/** What a recorded message tells: what a living dialect would have reported, or what the person of the recording did. */
export type Told =
  | { is: 'reported'; report: Report }
  /** The 200 that says it was kept is not waited for: the recording has it, or the end of the connection. */
  | { is: 'received'; message: IncomingMessage | IncomingFile }
  | { is: 'signedIn' }
  | { is: 'signedOut' }
  /** Our name, as the server has it. */
  | { is: 'named'; displayName: string }
  /** We wrote something; `settled` follows with the answer. Told again for what was sent again. */
  | ({ is: 'said'; id: ItemId; body: Body; to: SaidTo } & Provenance)
  /** `number` is the focus's, as in `ConferencesPort.send`. */
  | { is: 'settled'; id: ItemId; outcome: Outcome<{ number: number | null }> }
  /** Our answer to an invitation that was reported. */
  | { is: 'accepted'; thread: ThreadId }
  | { is: 'declined'; thread: ThreadId }
  /** `key` null where nobody was asked in under one. */
  | { is: 'joining'; focus: FocusUri; key: string | null }
  | { is: 'joined'; focus: FocusUri; outcome: Outcome<{ role: Role; history: 'all' | 'none' }> }
  | { is: 'left'; focus: FocusUri }
  /** We asked somebody in, and what came of it. */
  | { is: 'calledIn'; focus: FocusUri; person: Aor }
  | { is: 'callAnswered'; focus: FocusUri; person: Aor; outcome: Outcome<void> };

export type SaidTo = { in: 'thread'; thread: ThreadId; peer: Aor; key: string } | { in: 'conference'; focus: FocusUri };

/** A dialect that reads instead of speaking: messages go in as they were on the wire, and nothing goes out. */
export interface Recording {
  /** Whose it is; `null` when nothing in it says so. */
  readonly owner: Account | null;
  /** In the order of the recording. What cannot be read tells nothing. */
  take(entry: TraceEntry): void;
}
