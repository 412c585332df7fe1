import type { Participant, Role } from '../domain/conference';
import type { Failure, Outcome } from '../domain/failure';
import type { FileFacts, StoreTicket } from '../domain/file';
import type { GroupId, ItemId, MediaSessionId, ThreadId } from '../domain/ids';
import type { Body } from '../domain/message';
import type { Account, Card, Contact, FoundPerson, Group, Presence, Self, SettableStatus } from '../domain/people';
import type { Capabilities, Policy } from '../domain/policy';
import type { Provenance } from '../domain/provenance';
import type { MediaEnd, Relays } from '../domain/sharing';
import type { Step } from '../domain/signIn';
import type { Surface } from '../protocol/lync/sharingSdp';
import type { FileMessage } from '../protocol/shared/fileMessage';
import type { TicketRequest } from '../protocol/shared/fileTicket';
import type { SharingControl } from '../protocol/shared/sharingControl';
import type { Aor, FocusUri, Gruu } from '../protocol/sip/uri';

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
  /** Where this endpoint alone is reached; `null` until it is signed in, and where the server tells none. */
  readonly endpoint: Gruu | null;
  /** Says something to a quiet endpoint of the same person, by way of the server; settles with its answer. Nobody is told. */
  greet(endpoint: Gruu): Promise<Outcome<void>>;
  /** The network seems to be back: try now instead of waiting out the back-off. */
  reconnectNow(): void;
  readonly contacts: ContactsPort;
  readonly presence: PresencePort;
  readonly directory: DirectoryPort;
  readonly im: ImPort;
  readonly conferences: ConferencesPort;
  readonly media: MediaPort;
  readonly sharing: SharingPort;
  readonly store: FileStorePort;
  readonly files: FilesPort;
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
  /** This endpoint shows a program: others see "Presenting" until it stops, signs out or is lost. */
  setPresenting(on: boolean): void;
}

export interface DirectoryPort {
  find(text: string): Promise<Outcome<readonly FoundPerson[]>>;
}

export interface OutgoingMessage {
  id: ItemId;
  body: Body;
}

/** A file of ours in the store, told to whom it is for. */
export interface OutgoingFile {
  id: ItemId;
  file: FileMessage;
}

export interface ImPort {
  /**
   * The thread with a peer under a conversation key (`Ms-Conversation-ID`). The same key and peer give the same thread.
   * No SIP is sent until something is said.
   */
  thread(peer: Aor, key: string): ThreadId;
  /** Sends one message; settles when the peer (not a proxy) has answered. One at a time per thread, in order of calls. */
  send(thread: ThreadId, message: OutgoingMessage | OutgoingFile): Promise<Outcome<void>>;
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
  /**
   * Asks one person in (`application/ms-conf-invite+xml`); settles with that person's answer. Who takes part in an IM session of
   * ours, `thread`, is asked at that endpoint alone, while it stands.
   */
  invite(focus: FocusUri, key: string, subject: string, person: Aor, thread?: ThreadId): Promise<Outcome<void>>;
  /** `number` is the focus's number of the message; `null` from a focus that does not number. */
  send(focus: FocusUri, message: OutgoingMessage | OutgoingFile): Promise<Outcome<{ number: number | null }>>;
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

/**
 * Sessions whose SDP a tab's peer connection makes: whatever their kind, they are answered, changed and ended by these
 * verbs. SDP is the browser's own text; what the dialect adds to it and reads in it is the dialect's. A session that we begin
 * has its id from the caller, one that somebody else begins from the dialect.
 */
export interface MediaPort {
  /** Answers the offer that waits: of a session that rings, of a verb below that brought one, or of `media.reoffered`. */
  answer(session: MediaSessionId, answer: string): Promise<Outcome<void>>;
  /** Offers a change; settles with the answer. 491 when the other end offers at the same time: wait, and offer anew. */
  reoffer(session: MediaSessionId, offer: string): Promise<Outcome<string>>;
  /** Asks the other end for a fresh offer, which `answer` answers. */
  refresh(session: MediaSessionId): Promise<Outcome<string>>;
  /** Hangs up, or withdraws what rings; nothing is reported of it any more. */
  end(session: MediaSessionId): void;
  /** The same, and the other end is told that it was lost: what was under way may go on in another session. */
  drop(session: MediaSessionId): void;
  /** Where to relay media; none when the server has none. */
  relays(): Promise<Outcome<Relays>>;
}

export interface SharingPort {
  /** Shows something to a peer (it rings up to a minute) or in a conference that we are in; settles with the answer. */
  show(session: MediaSessionId, to: Audience, surface: Surface, offer: string): Promise<Outcome<Shown>>;
  /** Looks at what is shown in a conference that we are in; settles with the offer, which `media.answer` answers. */
  watch(session: MediaSessionId, focus: FocusUri, key: string): Promise<Outcome<Shown>>;
  /** Refuses a waiting `sharing.offered`. */
  decline(session: MediaSessionId): void;
  /** Who may point: a viewer asks and gives up, a sharer answers and takes back. */
  control(session: MediaSessionId, control: SharingControl): Promise<Outcome<void>>;
}

/** The server's file store: what is sent in conferences (SPEC.md 8). Its bytes go over HTTP, by a tab. */
export interface FileStorePort {
  /** Leave to bring a file for a conference that we are in, to go on bringing one of ours, or to get one. */
  ticket(request: TicketRequest): Promise<Outcome<StoreTicket>>;
}

/** Files between two people. A session carries one file, once; what its media carries is the tabs' (SPEC.md 9). */
export interface FilesPort {
  /** Offers a file to a peer (it rings for some minutes); settles with the answer, and the first byte that is wanted. */
  offer(
    session: MediaSessionId,
    to: { peer: Aor; key: string },
    file: OfferedFile,
    offer: string,
  ): Promise<Outcome<{ sdp: string; from: number }>>;
  /** Answers a waiting `file.offered`: the file is wanted from this byte on. */
  accept(session: MediaSessionId, from: number, answer: string): Promise<Outcome<void>>;
  /** Refuses a waiting `file.offered`. */
  decline(session: MediaSessionId, why: FileRefusal): void;
}

export interface OfferedFile extends FileFacts {
  /** The same in every attempt to get this file across. */
  transfer: string;
}

/** `held`: it is here already, whole. `busy`: too many wait. */
export type FileRefusal = 'declined' | 'busy' | 'forbidden' | 'tooLarge' | 'held';

export type Audience = { is: 'peer'; peer: Aor; key: string } | { is: 'conference'; focus: FocusUri; key: string };

/** What the other end answered: its SDP, what is shown (where it says so), and whether it knows of pointing. */
export interface Shown {
  sdp: string;
  surface: Surface | null;
  canPoint: boolean;
}

/** What somebody else says, not yet answered: the wire says 200 only when `keep` has resolved. */
type Incoming = Provenance & {
  from: Aor;
  /** The author's id where the author is a Confab client: the same id is the same message. */
  id: ItemId | null;
} & (
    | { in: 'thread'; thread: ThreadId; peer: Aor; key: string }
    /** `number` null: the focus does not number. `sentAt` epoch ms where the focus tells (older messages). */
    | { in: 'conference'; focus: FocusUri; number: number | null; sentAt: number | null }
  );

export type IncomingMessage = Incoming & { body: Body };

/** A file of somebody else in the store. */
export type IncomingFile = Incoming & { file: FileMessage };

/** What a dialect needs of the floor above. */
export interface DialectHost {
  report(report: Report): void;
  /** Resolves when the message is on disk (or was there before). Rejects when it cannot be kept. */
  keep(message: IncomingMessage | IncomingFile): Promise<void>;
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
  | ({ type: 'im.invited'; thread: ThreadId; peer: Aor; key: string; text: string } & Provenance)
  | { type: 'im.withdrawn'; thread: ThreadId; elsewhere: boolean }
  | { type: 'im.typing'; thread: ThreadId; typing: boolean }
  | { type: 'im.ended'; thread: ThreadId }
  /** `thread` answers it. `key` null when the inviter named no conversation. */
  | ({
      type: 'conference.invited';
      thread: ThreadId;
      focus: FocusUri;
      from: Aor;
      key: string | null;
      subject: string;
    } & Provenance)
  | { type: 'conference.withdrawn'; thread: ThreadId; elsewhere: boolean }
  | {
      type: 'conference.changed';
      focus: FocusUri;
      subject: string;
      organizer: Aor | null;
      locked: boolean;
      maxSize: number | null;
      /** Who may show programs. */
      sharing: 'everyone' | 'presenters' | 'nobody';
      roster: readonly Participant[];
    }
  | { type: 'conference.typing'; focus: FocusUri; who: Aor; typing: boolean }
  /** The MCU accepted a message but one recipient did not get it ([MS-CONFIM]). */
  | { type: 'conference.undelivered'; focus: FocusUri; id: ItemId; recipient: Aor; failure: Failure }
  /** Our place is gone. `lost` = the focus or MCU dialog broke: join again when live. */
  | { type: 'conference.left'; focus: FocusUri; why: 'removed' | 'ended' | 'lost' }
  /** The other end of a session offers a change; answer it with `media.answer`. */
  | { type: 'media.reoffered'; session: MediaSessionId; offer: string }
  | { type: 'media.ended'; session: MediaSessionId; why: MediaEnd }
  /** A peer wants to show something; answer `offer` with `media.answer`, or `sharing.decline`. */
  | {
      type: 'sharing.offered';
      session: MediaSessionId;
      peer: Aor;
      key: string;
      surface: Surface | null;
      offer: string;
      canPoint: boolean;
    }
  | { type: 'sharing.withdrawn'; session: MediaSessionId; elsewhere: boolean }
  /** A peer wants to send a file; answer with `files.accept` or `files.decline`. */
  | ({
      type: 'file.offered';
      session: MediaSessionId;
      peer: Aor;
      key: string;
      file: OfferedFile;
      offer: string;
    } & Provenance)
  | { type: 'file.withdrawn'; session: MediaSessionId; elsewhere: boolean }
  /** The sharer of a session paused, or went on. In a conference the roster says it. */
  | { type: 'sharing.paused'; session: MediaSessionId; paused: boolean }
  | { type: 'sharing.controlled'; session: MediaSessionId; from: Aor; control: SharingControl };
