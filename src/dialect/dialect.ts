import type { Participant, Role } from '../domain/conference';
import type { Failure, Outcome } from '../domain/failure';
import type { GroupId, ItemId, ThreadId } from '../domain/ids';
import type { Body } from '../domain/message';
import type { Account, Card, Contact, FoundPerson, Group, Presence, Self, SettableStatus } from '../domain/people';
import type { Capabilities, Policy } from '../domain/policy';
import type { Step } from '../domain/signIn';
import type { Aor, FocusUri } from '../protocol/sip/uri';

/**
 * The seam between what a person can do and how one server family does it. Verbs go down and return an `Outcome` that is
 * settled only by a final answer from the wire; what happens is told upward through `DialectHost`.
 */
export interface Dialect {
  /** Registers and subscribes. May be called once; a lost connection is recovered inside and told by reports. */
  signIn(onStep: (step: Step) => void): Promise<Outcome<Account>>;
  /** Ends IM sessions, conferences and subscriptions, then the registration. Never fails: after it nothing is left. */
  signOut(): Promise<void>;
  /** The password was changed by this person here: what is authenticated from now on uses it. */
  setPassword(password: string): void;
  /** The network seems to be back: try now instead of waiting out the back-off. */
  reconnectNow(): void;
  readonly contacts: ContactsPort;
  readonly presence: PresencePort;
  readonly directory: DirectoryPort;
  readonly im: ImPort;
  readonly conferences: ConferencesPort;
}

export interface ContactsPort {
  /** Adds or replaces: the contact is afterwards in exactly these groups. */
  set(contact: Contact): Promise<Outcome<void>>;
  remove(aor: Aor): Promise<Outcome<void>>;
  addGroup(name: string): Promise<Outcome<GroupId>>;
  renameGroup(id: GroupId, name: string): Promise<Outcome<void>>;
  removeGroup(id: GroupId): Promise<Outcome<void>>;
}

export interface PresencePort {
  /** Watches people beside the contacts (roster, search results, pairwise peers). Idempotent. */
  watch(people: readonly Aor[]): void;
  setStatus(status: SettableStatus): Promise<Outcome<void>>;
  setNote(text: string): Promise<Outcome<void>>;
  /** What the machine is doing: published as machine state. */
  setActivity(activity: 'active' | 'inactive' | 'away'): void;
}

export interface DirectoryPort {
  find(text: string): Promise<Outcome<readonly FoundPerson[]>>;
}

export interface OutgoingMessage {
  id: ItemId;
  body: Body;
}

export interface ImPort {
  /**
   * The thread with a peer under a conversation key (`Ms-Conversation-ID`). The same key and peer give the same thread.
   * No SIP is sent until something is said.
   */
  thread(peer: Aor, key: string): ThreadId;
  /** Sends one message; settles when the peer (not a proxy) has answered. One at a time per thread, in order of calls. */
  send(thread: ThreadId, message: OutgoingMessage): Promise<Outcome<void>>;
  /** True when the peer knows a message by its id: sending it again after a loss cannot show it twice. */
  deduplicates(thread: ThreadId): boolean;
  setTyping(thread: ThreadId, typing: boolean): void;
  /** Answers a waiting `im.invited`. After accepting, its first text (if any) comes through `keep`. */
  accept(thread: ThreadId): void;
  decline(thread: ThreadId): void;
  /** BYE. The thread may be used again afterwards. */
  close(thread: ThreadId): void;
}

export interface ConferencesPort {
  /** Makes a conference at the focus factory; joins nobody. */
  create(subject: string): Promise<Outcome<FocusUri>>;
  /**
   * Joins the focus, its roster and its IM MCU; settles when we are in the chat. `since` is the highest number we hold:
   * a focus that numbers its messages then sends what came after it, through `keep`, before anything new.
   */
  join(focus: FocusUri, key: string, since: number): Promise<Outcome<{ role: Role; history: 'all' | 'none' }>>;
  /** Asks one person in (`application/ms-conf-invite+xml`); settles with that person's answer. */
  invite(focus: FocusUri, key: string, subject: string, person: Aor): Promise<Outcome<void>>;
  /** `number` is the focus's number of the message; `null` from a focus that does not number. */
  send(focus: FocusUri, message: OutgoingMessage): Promise<Outcome<{ number: number | null }>>;
  setTyping(focus: FocusUri, typing: boolean): void;
  remove(focus: FocusUri, person: Aor): Promise<Outcome<void>>;
  setLocked(focus: FocusUri, locked: boolean): Promise<Outcome<void>>;
  setRole(focus: FocusUri, person: Aor, role: Role): Promise<Outcome<void>>;
  leave(focus: FocusUri): Promise<void>;
  /** Ends it for everybody. */
  end(focus: FocusUri): Promise<Outcome<void>>;
  /** Answers a waiting `conference.invited`; joining is a separate verb. */
  accept(invitation: ThreadId): void;
  decline(invitation: ThreadId): void;
}

/** A message of somebody else, not yet answered: the wire says 200 only when `keep` has resolved. */
export type IncomingMessage = {
  from: Aor;
  /** The author's id where the author is a Confab client: the same id is the same message. */
  id: ItemId | null;
  body: Body;
} & (
  | { in: 'thread'; thread: ThreadId; peer: Aor; key: string }
  /** `number` null: the focus does not number. `sentAt` epoch ms where the focus tells (older messages). */
  | { in: 'conference'; focus: FocusUri; number: number | null; sentAt: number | null }
);

/** What a dialect needs of the floor above. */
export interface DialectHost {
  report(report: Report): void;
  /** Resolves when the message is on disk (or was there before). Rejects when it cannot be kept. */
  keep(message: IncomingMessage): Promise<void>;
}

export type Report =
  /** The flow: `lost` = trying again by itself; `live` = registered and subscribed afresh; `ended` = for good. */
  | { type: 'connection.lost' }
  | { type: 'connection.live' }
  | { type: 'connection.ended'; why: 'disabled' | 'elsewhere' | 'passwordChanged'; failure?: Failure }
  | { type: 'capabilities.changed'; capabilities: Capabilities }
  | { type: 'policy.changed'; policy: Policy }
  | { type: 'self.changed'; self: Self }
  | { type: 'contacts.replaced'; groups: readonly Group[]; contacts: readonly Contact[] }
  | {
      type: 'contacts.changed';
      groups: readonly Group[];
      removedGroups: readonly GroupId[];
      contacts: readonly Contact[];
      removedContacts: readonly Aor[];
    }
  | { type: 'presence.changed'; people: readonly { aor: Aor; presence?: Presence; note?: string; card?: Card }[] }
  /** Somebody wants to talk; answer with `im.accept` or `im.decline`. `text` is the toast's. */
  | { type: 'im.invited'; thread: ThreadId; peer: Aor; key: string; text: string }
  | { type: 'im.withdrawn'; thread: ThreadId; elsewhere: boolean }
  | { type: 'im.typing'; thread: ThreadId; typing: boolean }
  | { type: 'im.ended'; thread: ThreadId }
  /** `thread` answers it. `key` null when the inviter named no conversation. */
  | { type: 'conference.invited'; thread: ThreadId; focus: FocusUri; from: Aor; key: string | null; subject: string }
  | { type: 'conference.withdrawn'; thread: ThreadId; elsewhere: boolean }
  | {
      type: 'conference.changed';
      focus: FocusUri;
      subject: string;
      organizer: Aor | null;
      locked: boolean;
      maxSize: number | null;
      roster: readonly Participant[];
    }
  | { type: 'conference.typing'; focus: FocusUri; who: Aor; typing: boolean }
  /** The MCU accepted a message but one recipient did not get it ([MS-CONFIM]). */
  | { type: 'conference.undelivered'; focus: FocusUri; id: ItemId; recipient: Aor; failure: Failure }
  /** Our place is gone. `lost` = the focus or MCU dialog broke: join again when live. */
  | { type: 'conference.left'; focus: FocusUri; why: 'removed' | 'ended' | 'lost' };
