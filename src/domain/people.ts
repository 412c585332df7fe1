import type { Aor } from '../protocol/sip/uri';
import type { GroupId } from './ids';
import type { Provenance } from './provenance';

/** What Lync shows, by the ranges of [MS-PRES] availability (`lync-wire` 4.5). `unknown` means nobody has told us. */
export type Status =
  | 'available'
  | 'inactive'
  | 'busy'
  | 'busy-inactive'
  | 'do-not-disturb'
  | 'be-right-back'
  | 'away'
  | 'off-work'
  | 'offline'
  | 'unknown';

/** What a person may pick; `reset` hands the status back to the machine. */
export type SettableStatus = 'available' | 'busy' | 'do-not-disturb' | 'be-right-back' | 'off-work' | 'away' | 'reset';

export interface Presence extends Provenance {
  status: Status;
  /** A refinement: `in-a-conference`, `in-a-meeting`, `on-the-phone`, `in-presentation`, ... or the person's own words. */
  activity?: { token: string } | { custom: string };
  /** Epoch ms; since when the person is idle or away. */
  lastActive?: number;
  /** With `unknown` after a lost connection: what it was, told at `knownAt`. */
  last?: Status;
  /** Epoch ms; when we were told. */
  knownAt: number;
}

export interface Card {
  displayName?: string;
  title?: string;
  department?: string;
  company?: string;
  office?: string;
  email?: string;
  workPhone?: string;
}

export interface Contact {
  aor: Aor;
  /** The name this user gave; empty means: the display name of the card. */
  alias: string;
  groups: readonly GroupId[];
}

export interface Group {
  id: GroupId;
  /** As on the wire; `~` is the built-in group that the screen calls "Other contacts". */
  name: string;
}

/** A person as the directory found them. */
export interface FoundPerson {
  aor: Aor;
  displayName: string;
  title?: string;
  department?: string;
  email?: string;
}

/** Oneself: what others see (the aggregate), what was picked, and the note. */
export interface Self {
  presence: Presence;
  /** What the person picked; `reset` when nothing. */
  picked: SettableStatus;
  note: string;
}

export interface Account {
  aor: Aor;
  displayName: string;
}
