import type { CheckupWish, RelayTried } from '../domain/checkup';
import type { Role } from '../domain/conference';
import type { Failure, Outcome } from '../domain/failure';
import type { FileFacts, FilePlace, StoreTicket } from '../domain/file';
import type { ConversationId, GroupId, InvitationId, ItemId, MediaSessionId, TabId } from '../domain/ids';
import type { Level, LoggingChoice } from '../domain/logging';
import type { MediaNote } from '../domain/mediaNote';
import type { Body } from '../domain/message';
import type { FoundPerson, SettableStatus } from '../domain/people';
import type { Relays } from '../domain/sharing';
import type { SignInRequest } from '../domain/signIn';
import type { Surface } from '../protocol/lync/sharingSdp';
import type { SharingControl } from '../protocol/shared/sharingControl';
import type { Aor } from '../protocol/sip/uri';

/**
 * What a person can do. The engine implements it (`client/client.ts`); a tab holds a proxy of it (`link/`). Every command
 * settles with a final answer; what it changed arrives as facts, before the outcome does.
 */
export interface GivenMessage {
  id: ItemId;
  isAgain: boolean;
}

export interface Commands {
  // Signing in
  signIn(request: SignInRequest): Promise<Outcome<void>>;
  cancelSignIn(): Promise<Outcome<void>>;
  signOut(): Promise<Outcome<void>>;
  /** Signs out and deletes the saved password, the history and every setting of this device. */
  forgetMe(): Promise<Outcome<void>>;
  changePassword(current: string, next: string): Promise<Outcome<void>>;
  /** The network changed or the computer woke: look at the connection now. */
  checkConnection(): Promise<Outcome<void>>;

  // The log of this device
  setLogging(change: Partial<LoggingChoice>): Promise<Outcome<void>>;
  clearLog(): Promise<Outcome<void>>;
  /** Somebody looks at the log: what is in it is no news any more. */
  seeLog(): Promise<Outcome<void>>;
  /** Something went wrong in a tab. */
  noteTrouble(text: string): Promise<Outcome<void>>;
  /** What the media of a tab does, for the log. */
  noteMedia(note: MediaNote, level: Level): Promise<Outcome<void>>;

  // The doctor
  /** Looks at every link on the way to a conversation; settles when it has, or was told to stop. */
  startCheckup(wish: CheckupWish): Promise<Outcome<void>>;
  cancelCheckup(): Promise<Outcome<void>>;
  /** For the tab that began it: settles when it is its turn, with the relays to try; `cancelled` when it never is. */
  checkupRelays(): Promise<Outcome<Relays>>;
  tellCheckupRelays(tried: readonly RelayTried[]): Promise<Outcome<void>>;

  // Oneself
  setStatus(status: SettableStatus): Promise<Outcome<void>>;
  setNote(text: string): Promise<Outcome<void>>;
  /** Somebody moved a mouse or pressed a key in a tab (sent at most every 15 s). */
  touched(): Promise<Outcome<void>>;

  // People
  findPeople(text: string): Promise<Outcome<readonly FoundPerson[]>>;
  watch(people: readonly Aor[]): Promise<Outcome<void>>;
  addContact(person: Aor, group: GroupId): Promise<Outcome<void>>;
  removeContact(person: Aor): Promise<Outcome<void>>;
  /** Out of `from` (when given) and into `to`. */
  moveContact(person: Aor, from: GroupId | null, to: GroupId): Promise<Outcome<void>>;
  removeFromGroup(person: Aor, group: GroupId): Promise<Outcome<void>>;
  createGroup(name: string): Promise<Outcome<GroupId>>;
  renameGroup(group: GroupId, name: string): Promise<Outcome<void>>;
  removeGroup(group: GroupId): Promise<Outcome<void>>;

  // Conversations
  /** The open conversation with this person, or a new one. Nothing is sent. */
  openConversation(peer: Aor): Promise<Outcome<ConversationId>>;
  /**
   * Settles when the message's fate is known; the message itself is in the transcript at once. The tab may give it its id,
   * and say that it gave it before: then it is sent unless it is there.
   */
  send(conversation: ConversationId, body: Body, given?: GivenMessage): Promise<Outcome<void>>;
  retry(conversation: ConversationId, message: ItemId): Promise<Outcome<void>>;
  /** Throws away a message of one's own that did not arrive. */
  discard(conversation: ConversationId, message: ItemId): Promise<Outcome<void>>;
  setTyping(conversation: ConversationId, typing: boolean): Promise<Outcome<void>>;
  /** The conversation that it leads to. What somebody wants to show is then looked at by `watchSharing`. */
  accept(invitation: InvitationId): Promise<Outcome<ConversationId>>;
  ignore(invitation: InvitationId): Promise<Outcome<void>>;
  markRead(conversation: ConversationId): Promise<Outcome<void>>;
  loadOlder(conversation: ConversationId): Promise<Outcome<void>>;
  /** Ends it on the wire (BYE, leave); its history stays. */
  closeConversation(conversation: ConversationId): Promise<Outcome<void>>;

  // Conferences
  /** Asks people in; a conversation of two becomes a conference and keeps everything said. */
  invite(conversation: ConversationId, people: readonly Aor[]): Promise<Outcome<void>>;
  meetNow(): Promise<Outcome<ConversationId>>;
  rejoin(conversation: ConversationId): Promise<Outcome<void>>;
  removeParticipant(conversation: ConversationId, person: Aor): Promise<Outcome<void>>;
  setLocked(conversation: ConversationId, locked: boolean): Promise<Outcome<void>>;
  setRole(conversation: ConversationId, person: Aor, role: Role): Promise<Outcome<void>>;
  leaveConference(conversation: ConversationId): Promise<Outcome<void>>;
  endConference(conversation: ConversationId): Promise<Outcome<void>>;

  // Sharing. SDP is made by the peer connection of a tab; its sessions end with the tab.
  /** Settles with the answer of the peer (who is asked first) or of the conference. */
  startSharing(conversation: ConversationId, share: NewShare): Promise<Outcome<{ answer: string }>>;
  /** Something else is shown now, or it is paused; the offer that says so to the other end goes by `reofferMedia`. */
  changeSharing(
    conversation: ConversationId,
    change: { surface?: Surface; isPaused?: boolean },
  ): Promise<Outcome<void>>;
  stopSharing(conversation: ConversationId): Promise<Outcome<void>>;
  /** Looks at what somebody shows; settles with the offer, to be answered by `answerMedia`. */
  watchSharing(conversation: ConversationId, tab: TabId): Promise<Outcome<{ session: MediaSessionId; offer: string }>>;
  stopWatching(conversation: ConversationId): Promise<Outcome<void>>;
  /** Who may point: a viewer asks and gives up, the sharer answers and takes back. */
  controlSharing(conversation: ConversationId, control: SharingControl): Promise<Outcome<void>>;

  // Files. Their bytes are read and written by a tab, which tells how far they are; they end with it.
  /** Puts a file into the transcript, as failed when it may not be sent. */
  addFile(conversation: ConversationId, file: NewFile): Promise<Outcome<void>>;
  /** Offers one of ours to the other person; settles with the answer, and the first byte that is wanted. */
  offerFile(
    conversation: ConversationId,
    id: ItemId,
    given: { tab: TabId; session: MediaSessionId; offer: string },
  ): Promise<Outcome<{ answer: string; from: number }>>;
  /** Takes one that is offered; settles with the offer, to be answered by `answerFile`. */
  receiveFile(
    conversation: ConversationId,
    id: ItemId,
    tab: TabId,
  ): Promise<Outcome<{ session: MediaSessionId; offer: string }>>;
  /** `from` is the first byte that is not there yet. */
  answerFile(session: MediaSessionId, from: number, answer: string): Promise<Outcome<void>>;
  /** One of ours that found no way to the peer: from now on it goes through the server's store. */
  storeFile(conversation: ConversationId, id: ItemId): Promise<Outcome<void>>;
  /** Leave to bring one of ours to the server's store, from where it is. */
  bringFile(conversation: ConversationId, id: ItemId, tab: TabId): Promise<Outcome<StoreTicket>>;
  /** All of it is in the store: whom it is for is told. */
  tellFile(conversation: ConversationId, id: ItemId, sha256: string): Promise<Outcome<void>>;
  /** Leave to get one out of the store. */
  getFile(conversation: ConversationId, id: ItemId, tab: TabId): Promise<Outcome<StoreTicket>>;
  declineFile(conversation: ConversationId, id: ItemId): Promise<Outcome<void>>;
  cancelFile(conversation: ConversationId, id: ItemId): Promise<Outcome<void>>;
  noteFile(conversation: ConversationId, id: ItemId, note: FileNote): Promise<Outcome<void>>;

  // Sessions of media, whatever their kind
  /** Where a peer connection may relay; none where the server has none. */
  relays(): Promise<Outcome<Relays>>;
  answerMedia(session: MediaSessionId, answer: string): Promise<Outcome<void>>;
  /** Offers a change; settles with the answer. 491: the other end offers too, wait and offer anew. */
  reofferMedia(session: MediaSessionId, offer: string): Promise<Outcome<string>>;
  /** Asks the other end for a fresh offer, to be answered by `answerMedia`. */
  refreshMedia(session: MediaSessionId): Promise<Outcome<string>>;
}

/** A share that a tab begins; it makes the id, so that it can be given up while it rings. */
export interface NewShare {
  tab: TabId;
  session: MediaSessionId;
  surface: Surface;
  offer: string;
}

/** A file that somebody chose in a tab, which makes the id. */
export interface NewFile {
  id: ItemId;
  tab: TabId;
  file: FileFacts;
}

/** What a tab tells of a file whose bytes it has. */
export type FileNote =
  | { is: 'moved'; bytes: number; bytesPerSecond: number | null }
  /** The connection broke; so many bytes are at the end that gets it. */
  | { is: 'lost'; bytes: number }
  /** All is there. `place` is of a received one. */
  | { is: 'done'; place: FilePlace | null }
  /** `heard`: the other end said so, and waits for us to hang up. */
  | { is: 'failed'; failure: Failure; heard: boolean };
