import type { FileRefusal, Report } from '../dialect/dialect';
import { type FileItem, whyForbidden } from '../domain/file';
import type { ConversationId, ItemId, MediaSessionId, TabId } from '../domain/ids';
import { provenanceOf } from '../domain/provenance';
import type { Aor } from '../protocol/sip/uri';
import { conversationFrom } from './conversations';
import type { FileLedger } from './fileLedger';
import { changeConversation, type Floor } from './floor';
import type { Invitations } from './invitations';
import { addItem, keepBeside, nextOrder } from './transcripts';

type Offered = Extract<Report, { type: 'file.offered' }>;

/** What one person may have waiting for us. */
const mostWaiting = 10;

interface Ringing {
  item: FileItem;
  peer: Aor;
  session: MediaSessionId;
  offer: string;
}

/** Files that others want to send us, until they are taken or refused. */
export class IncomingFiles {
  readonly #floor: Floor;
  readonly #ledger: FileLedger;
  readonly #invitations: Invitations;
  readonly #ringing = new Map<ItemId, Ringing>();

  constructor(floor: Floor, ledger: FileLedger, invitations: Invitations) {
    this.#floor = floor;
    this.#ledger = ledger;
    this.#invitations = invitations;
  }

  /** `onLost` interrupts a file whose way is broken, as the other end's new offer of it says. */
  takeOffer(report: Offered, onLost: (item: FileItem) => void): void {
    const { peer, file, session } = report;
    const forbidden = whyForbidden(file, this.#floor.state().policy);
    if (forbidden !== null) return this.#decline(session, forbidden.policy === 'fileSize' ? 'tooLarge' : 'forbidden');
    const id = fileIdOf(peer, file.transfer);
    const known = this.#ledger.findAnywhere((item) => item.id === id);
    if (known !== undefined) return this.#takeAgain(known, report, onLost);
    const waiting = [...this.#ringing.values()].filter((one) => one.peer === peer);
    if (waiting.length >= mostWaiting) return this.#decline(session, 'busy');
    const item = this.#add(id, report);
    this.#ring(item, report);
    this.#ask(item, session);
  }

  #add(id: ItemId, report: Offered): FileItem {
    const { peer, file } = report;
    const conversation = conversationFrom(this.#floor, peer, report.key);
    const unread = this.#floor.state().conversations[conversation]?.unread ?? 0;
    const { name, size, type } = file;
    const item: FileItem = {
      kind: 'file',
      id,
      conversation,
      order: nextOrder(this.#floor.state(), conversation),
      author: peer,
      own: false,
      at: this.#floor.world.now(),
      file: { name, size, type },
      route: { is: 'peer', peer },
      state: { is: 'offered' },
      ...provenanceOf(report),
    };
    addItem(this.#floor, item, { unread: unread + 1 });
    keepBeside(this.#floor, item);
    return item;
  }

  /** FTR-3: the same file, tried again. */
  #takeAgain(known: FileItem, report: Offered, onLost: (item: FileItem) => void): void {
    const { session, file } = report;
    if (known.file.name !== file.name || known.file.size !== file.size) return this.#decline(session, 'forbidden');
    switch (known.state.is) {
      case 'done':
        return this.#decline(session, 'held');
      case 'declined':
      case 'cancelled':
        return this.#decline(session, 'declined');
      case 'moving':
        onLost(known);
        return this.#ring(known, report);
      case 'interrupted':
        this.refuse(known.id, 'busy');
        return this.#ring(known, report);
      case 'offered':
        this.refuse(known.id, 'busy');
        break;
      case 'missed':
      case 'failed':
        this.#ledger.become(known, { is: 'offered' });
        break;
    }
    this.#ring(known, report);
    this.#ask(known, session);
  }

  #ring(item: FileItem, { session, offer, peer }: Offered): void {
    this.#ringing.set(item.id, { item, peer, session, offer });
    this.#ledger.underWay(item.id, { ...this.#ledger.transferOf(item), session, bytesPerSecond: null });
  }

  #ask({ id, conversation, author, file }: FileItem, session: MediaSessionId): void {
    this.#invitations.ask({
      ...{ is: 'file', from: author, text: file.name, thread: session, conversation },
      accept: () => {
        changeConversation(this.#floor, conversation, { open: true });
        return conversation;
      },
      // A toast that lapses is gone; the card waits as long as it rings.
      decline: (why) => {
        if (why === 'ignored') this.decline(conversation, id);
      },
      missed: () => undefined,
    });
  }

  /** What rings for this file, for the tab that takes it now; `null` when nothing does, or another tab has its beginning. */
  accept(item: FileItem, tab: TabId): { session: MediaSessionId; offer: string } | null {
    const { id, conversation } = item;
    const ringing = this.#ringing.get(id);
    const transfer = this.#ledger.transferOf(item);
    if (ringing === undefined || (transfer.tab !== null && transfer.tab !== tab)) return null;
    const { session, offer } = ringing;
    this.#ringing.delete(id);
    this.#invitations.takeAccepted(session);
    changeConversation(this.#floor, conversation, { open: true });
    this.#ledger.underWay(id, { ...transfer, tab });
    return { session, offer };
  }

  /** False when it cannot be declined any more. */
  decline(conversation: ConversationId, id: ItemId): boolean {
    const item = this.#ledger.find(conversation, id);
    if (item === undefined || !this.#ringing.has(id)) return false;
    this.refuse(id, 'declined');
    return this.#ledger.over(item, { is: 'declined' });
  }

  /** Stops the ringing, if it rings. */
  refuse(id: ItemId, why: FileRefusal): void {
    const ringing = this.#ringing.get(id);
    if (ringing === undefined) return;
    this.#ringing.delete(id);
    this.#invitations.takeAccepted(ringing.session);
    this.#ledger.changeTransfer(id, { session: null });
    this.#decline(ringing.session, why);
  }

  #decline(session: MediaSessionId, why: FileRefusal): void {
    this.#floor.dialect()?.files.decline(session, why);
  }

  takeWithdrawn(session: MediaSessionId, elsewhere: boolean): void {
    const ringing = [...this.#ringing.values()].find((one) => one.session === session);
    if (ringing === undefined) return;
    const { id, conversation } = ringing.item;
    this.#ringing.delete(id);
    this.#invitations.takeWithdrawn(session, elsewhere);
    const item = this.#ledger.find(conversation, id);
    if (item?.state.is === 'interrupted') return this.#ledger.changeTransfer(id, { session: null });
    // MPO-2: what another device of ours has taken is there.
    if (elsewhere) return this.#remove(ringing.item);
    if (item !== undefined && this.#ledger.over(item, { is: 'missed' })) {
      changeConversation(this.#floor, conversation, { missed: true });
    }
  }

  #remove({ conversation, id }: FileItem): void {
    this.#floor.record({ type: 'transfer.changed', id, transfer: null }, { type: 'item.removed', conversation, id });
    this.#floor
      .history()
      .removeItem(id)
      .catch(() => undefined);
  }

  /** Signed out. */
  stop(): void {
    this.#ringing.clear();
  }
}

/** Of our own making, so that nobody's file takes the place of anything else that we have. */
export function fileIdOf(peer: Aor, transfer: string): ItemId {
  return `file ${peer} ${transfer}` as ItemId;
}
