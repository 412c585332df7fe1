import type { Checkup } from '../domain/checkup';
import type { Conversation } from '../domain/conversation';
import type { Invitation } from '../domain/facts';
import type { Transfer } from '../domain/file';
import type { ConversationId, InvitationId, ItemId, MediaSessionId } from '../domain/ids';
import { type Logging, usualLogging } from '../domain/logging';
import type { Item } from '../domain/message';
import type { Account, Card, Contact, Group, Presence, Self } from '../domain/people';
import type { Capabilities, Policy } from '../domain/policy';
import type { MediaSession, Sharing } from '../domain/sharing';
import type { SignIn } from '../domain/signIn';
import type { Aor } from '../protocol/sip/uri';

/** About 200 items, sorted by `order`. Only the page that changes is copied. */
export interface Page {
  items: readonly Item[];
}

export interface Transcript {
  /** Oldest first; never empty pages but for a transcript without items, which has none. */
  pages: readonly Page[];
  /** Nothing older is on this device. */
  atStart: boolean;
}

/** The ledger: the engine holds one and every tab a copy. Plain, serialisable, never mutated. */
export interface State {
  signIn: SignIn;
  logging: Logging;
  account: Account | null;
  capabilities: Capabilities;
  policy: Policy;
  self: Self;
  groups: readonly Group[];
  contacts: Readonly<Record<Aor, Contact>>;
  presence: Readonly<Record<Aor, Presence>>;
  notes: Readonly<Record<Aor, string>>;
  cards: Readonly<Record<Aor, Card>>;
  conversations: Readonly<Record<ConversationId, Conversation>>;
  transcripts: Readonly<Record<ConversationId, Transcript>>;
  invitations: Readonly<Record<InvitationId, Invitation>>;
  /** Sessions of media, whichever tab holds them. */
  media: Readonly<Record<MediaSessionId, MediaSession>>;
  /** Where something is shared. */
  sharing: Readonly<Record<ConversationId, Sharing>>;
  /** Files under way. */
  transfers: Readonly<Record<ItemId, Transfer>>;
  /** The doctor's last walk, or the one under way. */
  checkup: Checkup | null;
  /** False until the first contact list of this sign-in has come. */
  contactsLoaded: boolean;
}

export const emptyState: State = {
  signIn: { is: 'starting' },
  logging: { ...usualLogging, since: 0, hasNews: false },
  account: null,
  capabilities: {
    contactGroups: false,
    directory: false,
    conferences: false,
    notes: false,
    changePassword: false,
    sharing: false,
    fileStore: false,
  },
  policy: {
    conferences: false,
    meetingSize: 0,
    fileTransfer: false,
    fileSize: null,
    blockedEndings: [],
    mostLogged: null,
    sharing: false,
  },
  self: { presence: { status: 'unknown', knownAt: 0 }, picked: 'reset', note: '' },
  groups: [],
  contacts: {},
  presence: {},
  notes: {},
  cards: {},
  conversations: {},
  transcripts: {},
  invitations: {},
  media: {},
  sharing: {},
  transfers: {},
  checkup: null,
  contactsLoaded: false,
};
