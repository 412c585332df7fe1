import type { Report } from '../dialect/dialect';
import type { Party } from '../domain/conversation';
import { done, type Failure, failed, type Outcome, ok } from '../domain/failure';
import { type FileItem, type FileRoute, type FileState, whyForbidden } from '../domain/file';
import type { ConversationId, ItemId, MediaSessionId, TabId } from '../domain/ids';
import type { FileMessage } from '../protocol/shared/fileMessage';
import { isFileName } from '../protocol/shared/fileName';
import type { FileNote, NewFile } from './commands';
import { FileLedger } from './fileLedger';
import type { Floor } from './floor';
import { IncomingFiles } from './incomingFiles';
import type { Invitations } from './invitations';
import type { MediaEnding, MediaSessions } from './media';
import { StoredFiles } from './storedFiles';
import { addItem, keepBeside, nextOrder } from './transcripts';

/** So long a file waits for its connection; the end that gets it waits a little longer, since the other calls. */
const [senderWaitsMs, receiverWaitsMs] = [120_000, 180_000];
/** So long who heard the last word has to hang up. */
const hangsUpWithinMs = 10_000;

/** Files: what we send, what we are sent, and how each ends. The bytes are the tabs'. Those of conferences are `stored`. */
export class Files {
  readonly #floor: Floor;
  readonly #media: MediaSessions;
  readonly #ledger: FileLedger;
  readonly #incoming: IncomingFiles;
  readonly stored: StoredFiles;

  constructor(floor: Floor, media: MediaSessions, invitations: Invitations) {
    this.#floor = floor;
    this.#media = media;
    this.#ledger = new FileLedger(floor);
    this.#incoming = new IncomingFiles(floor, this.#ledger, invitations);
    this.stored = new StoredFiles(floor, this.#ledger);
  }

  // ---- Ours -------------------------------------------------------------------------------------------------------------

  /** Puts a file of ours into the transcript; what may not be sent is there as failed. `offer` or `stored.bring` then sends it. */
  add(conversation: ConversationId, { id, tab, file }: NewFile): Outcome<void> {
    const { account, conversations } = this.#floor.state();
    const party = conversations[conversation]?.party;
    if (account === null || party === undefined) return failed({ is: 'offline' });
    if (this.#ledger.find(conversation, id) !== undefined) return failed({ is: 'cancelled' });
    if (!isFileName(file.name)) return failed({ is: 'invalid', what: 'file' });
    const route = this.#routeTo(party);
    if (route === null) return failed({ is: 'unsupported', what: 'fileStore' });
    const forbidden = whyForbidden(file, this.#floor.state().policy);
    const item: FileItem = {
      kind: 'file',
      id,
      conversation,
      order: nextOrder(this.#floor.state(), conversation),
      author: account.aor,
      own: true,
      at: this.#floor.world.now(),
      file,
      route,
      state: forbidden === null ? { is: 'offered' } : { is: 'failed', failure: forbidden },
    };
    addItem(this.#floor, item, { open: true });
    keepBeside(this.#floor, item);
    if (forbidden !== null) return failed(forbidden);
    this.#ledger.underWay(id, { ...this.#ledger.transferOf(item), tab });
    return done;
  }

  /** `null` where the server keeps no files for conferences. */
  #routeTo(party: Party): FileRoute | null {
    if (party.is === 'pairwise') return { is: 'peer', peer: party.peer };
    return this.#floor.state().capabilities.fileStore ? inStore : null;
  }

  /** Offers a file of ours that waits, was interrupted, or failed; settles with the answer and the first byte wanted. */
  async offer(
    conversation: ConversationId,
    id: ItemId,
    { tab, session, offer }: { tab: TabId; session: MediaSessionId; offer: string },
  ): Promise<Outcome<{ answer: string; from: number }>> {
    const item = this.#ledger.find(conversation, id);
    const record = this.#floor.state().conversations[conversation];
    const dialect = this.#floor.dialect();
    if (item?.own !== true || item.route.is !== 'peer' || record === undefined) return failed({ is: 'cancelled' });
    const transfer = this.#ledger.transferOf(item);
    if (transfer.session !== null) return failed({ is: 'cancelled' });
    if (dialect === null) return failed({ is: 'offline' });
    if (item.state.is === 'failed') this.#ledger.become(item, { is: 'offered' });
    this.#ledger.underWay(id, { ...transfer, tab, session, bytesPerSecond: null });
    this.#media.begin(session, { conversation, tab }, (why) => this.#ended(conversation, id, session, why), true);
    const { peer } = item.route;
    const to = { peer, key: record.key };
    const answered = await dialect.files.offer(session, to, { transfer: id, ...item.file }, offer);
    if (!this.#media.isOpen(session)) return failed({ is: 'cancelled' });
    if (!answered.ok) {
      this.#media.forget(session);
      this.#refused(item, transfer.bytes, answered.failure);
      return answered;
    }
    const { sdp: answer, from } = answered.value;
    this.#ledger.stopWaiting(id);
    this.#ledger.changeTransfer(id, { bytes: from });
    this.#ledger.become(item, { is: 'moving' });
    return ok({ answer, from });
  }

  /** There is no way to the peer: the server's store has one to everybody. */
  store(conversation: ConversationId, id: ItemId): Outcome<void> {
    const item = this.#ledger.find(conversation, id);
    const { capabilities } = this.#floor.state();
    if (item?.own !== true || item.route.is !== 'peer') return failed({ is: 'cancelled' });
    if (!capabilities.fileStore) return failed({ is: 'unsupported', what: 'fileStore' });
    const session = this.#ledger.sessionOf(item);
    if (session !== null && this.#media.isOpen(session)) this.#media.drop(session);
    const { tab } = this.#ledger.transferOf(item);
    this.#ledger.stopWaiting(id);
    this.#ledger.become(item, { is: 'offered' }, { route: inStore });
    this.#ledger.underWay(id, { conversation, tab, session: null, bytes: 0, bytesPerSecond: null });
    return done;
  }

  /** What a peer offered, and found no way for, is in the store now. */
  takeStored(item: FileItem, { id: file, sha256 }: FileMessage): void {
    if (item.own || item.route.is !== 'peer' || item.state.is === 'done') return;
    const session = this.#ledger.sessionOf(item);
    if (session !== null && this.#media.isOpen(session)) this.#media.end(session);
    if (this.#ledger.become(item, { is: 'offered' }, { route: { is: 'store', file, sha256 } }))
      this.#ledger.forget(item.id);
  }

  #refused(offered: FileItem, bytes: number, failure: Failure): void {
    const item = this.#ledger.find(offered.conversation, offered.id);
    if (item === undefined) return;
    const status = failure.is === 'rejected' ? failure.status : 0;
    // FTR-6: its end was not heard, but all of it is there.
    if (status === 410) return this.#over(item, { is: 'done', at: this.#floor.world.now(), place: null });
    if (status === 603) return this.#over(item, { is: 'declined' });
    const isLost = failure.is === 'offline' || failure.is === 'connectionLost';
    if (item.state.is === 'interrupted') return this.#ledger.changeTransfer(item.id, { session: null });
    if (isLost) return this.#interrupt(item, bytes);
    this.#over(item, { is: 'failed', failure });
  }

  // ---- Theirs -----------------------------------------------------------------------------------------------------------

  take(report: Extract<Report, { type: `file.${string}` }>): void {
    if (report.type === 'file.offered') {
      return this.#incoming.takeOffer(report, (item) => this.#interrupt(item, this.#ledger.transferOf(item).bytes));
    }
    const { session, elsewhere } = report;
    // A tab has it, and has not answered yet.
    if (this.#media.isOpen(session)) this.#media.take({ type: 'media.ended', session, why: 'lost' });
    else this.#incoming.takeWithdrawn(session, elsewhere);
  }

  /** A session ended that rang. */
  takeEnded(session: MediaSessionId): void {
    this.#incoming.takeWithdrawn(session, false);
  }

  /** Takes what is offered, in this tab; settles with its offer, which `answer` answers. */
  receive(conversation: ConversationId, id: ItemId, tab: TabId): Outcome<{ session: MediaSessionId; offer: string }> {
    const item = this.#ledger.find(conversation, id);
    const ringing = item === undefined ? null : this.#incoming.accept(item, tab);
    if (item === undefined || ringing === null) return failed({ is: 'cancelled' });
    const { session } = ringing;
    this.#ledger.stopWaiting(id);
    this.#media.begin(session, { conversation, tab }, (why) => this.#ended(conversation, id, session, why), true);
    this.#ledger.become(item, { is: 'moving' });
    return ok(ringing);
  }

  /** `from` is the first byte that we do not have. */
  async answer(session: MediaSessionId, from: number, answer: string): Promise<Outcome<void>> {
    return this.#floor.dialect()?.files.accept(session, from, answer) ?? failed({ is: 'offline' });
  }

  decline(conversation: ConversationId, id: ItemId): Outcome<void> {
    return this.#incoming.decline(conversation, id) ? done : failed({ is: 'cancelled' });
  }

  // ---- Both -------------------------------------------------------------------------------------------------------------

  cancel(conversation: ConversationId, id: ItemId): Outcome<void> {
    const item = this.#ledger.find(conversation, id);
    if (item === undefined) return failed({ is: 'cancelled' });
    if (!item.own && item.route.is === 'store') {
      this.stored.putBack(item);
      return done;
    }
    this.#incoming.refuse(id, 'declined');
    this.#over(item, { is: 'cancelled', byUs: true });
    return done;
  }

  /** What the tab that has the bytes tells of them. */
  note(conversation: ConversationId, id: ItemId, note: FileNote): Outcome<void> {
    const item = this.#ledger.find(conversation, id);
    if (item === undefined) return failed({ is: 'cancelled' });
    switch (note.is) {
      case 'moved': {
        const { bytes, bytesPerSecond } = note;
        this.#ledger.changeTransfer(id, { bytes, bytesPerSecond });
        return done;
      }
      case 'lost':
        this.#interrupt(item, note.bytes);
        return done;
      case 'done':
        // The receiver says so to the sender, who hangs up.
        this.#over(item, { is: 'done', at: this.#floor.world.now(), place: note.place }, item.own);
        return done;
      case 'failed':
        this.#over(item, { is: 'failed', failure: note.failure }, note.heard);
        return done;
    }
  }

  /** Who has heard the last word hangs up, so that it arrives; who has said it waits a little for that. */
  #over(item: FileItem, state: FileState, hangsUp = true): void {
    const session = this.#ledger.sessionOf(item);
    if (!this.#ledger.over(item, state) || session === null) return;
    const hangUp = (): void => {
      if (this.#media.isOpen(session)) this.#media.end(session);
    };
    if (hangsUp) hangUp();
    else this.#floor.world.after(hangsUpWithinMs, hangUp);
  }

  /** A session ended that this end did not end. */
  #ended(conversation: ConversationId, id: ItemId, session: MediaSessionId, why: MediaEnding): void {
    const item = this.#ledger.find(conversation, id);
    if (item === undefined || this.#ledger.sessionOf(item) !== session) return;
    if (why === 'tabGone' && item.own) return this.#over(item, pageClosed);
    if (why === 'ended' || why === 'takenOver') return this.#over(item, { is: 'cancelled', byUs: false });
    this.#interrupt(item, this.#ledger.transferOf(item).bytes, why === 'tabGone');
  }

  /** The way broke. `isFree`: any tab may go on with it. */
  #interrupt(item: FileItem, bytes: number, isFree = false): void {
    const session = this.#ledger.sessionOf(item);
    if (session !== null && this.#media.isOpen(session)) this.#media.drop(session);
    const waitsMs = item.own ? senderWaitsMs : receiverWaitsMs;
    this.#ledger.interrupt(item, { bytes, isFree, waitsMs });
  }

  /** Tabs that hold files without a session: what was chosen in them goes with them. */
  tabGone(tab: TabId): void {
    for (const item of this.#ledger.heldBy(tab)) {
      if (item.own) this.#over(item, pageClosed);
      else if (item.route.is === 'store') this.stored.putBack(item);
      else this.#ledger.changeTransfer(item.id, { tab: null });
    }
  }

  /** Read from the history: what was under way when the engine ended waits for the other end, or is over. */
  recover(conversation?: ConversationId): void {
    for (const item of this.#ledger.forgotten(conversation)) {
      if (item.own) this.#over(item, pageClosed);
      else if (item.route.is === 'store') this.stored.putBack(item);
      else if (item.state.is === 'offered') this.#over(item, { is: 'missed' });
      else this.#interrupt(item, item.state.is === 'interrupted' ? item.state.bytes : 0, true);
    }
  }

  /** Signed out. */
  stop(): void {
    this.#ledger.stop();
    this.#incoming.stop();
  }
}

const inStore: FileRoute = { is: 'store', file: null, sha256: null };
const pageClosed: FileState = { is: 'failed', failure: { is: 'file', what: 'pageClosed' } };
