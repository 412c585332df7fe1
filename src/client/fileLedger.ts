import {
  type FileItem,
  type FileRoute,
  type FileState,
  fileMayBecome,
  isFileOver,
  type Transfer,
} from '../domain/file';
import type { ConversationId, ItemId, MediaSessionId, TabId } from '../domain/ids';
import { fileIn, itemsOfConversation } from '../state/selectors';
import type { Floor } from './floor';
import { keepBeside, orderOfNumber } from './transcripts';

/** What else is known of a file with its new state: how the store names it, and its number in the conference. */
interface Known {
  route?: FileRoute;
  number?: number | null;
}

/** Files in the ledger and on disk, how far those are that are under way, and which of them wait for a connection. */
export class FileLedger {
  readonly #floor: Floor;
  /** Stops the waiting. */
  readonly #waiting = new Map<ItemId, () => void>();

  constructor(floor: Floor) {
    this.#floor = floor;
  }

  *#files(conversation: ConversationId): Iterable<FileItem> {
    for (const item of itemsOfConversation(this.#floor.state(), conversation)) if (item.kind === 'file') yield item;
  }

  get #conversations(): ConversationId[] {
    return Object.keys(this.#floor.state().transcripts) as ConversationId[];
  }

  find(conversation: ConversationId, id: ItemId): FileItem | undefined {
    return fileIn(this.#floor.state(), conversation, id);
  }

  /** The file itself, wherever it is. */
  findAnywhere(fits: (item: FileItem) => boolean): FileItem | undefined {
    for (const conversation of this.#conversations) {
      for (const item of this.#files(conversation)) if (fits(item)) return item;
    }
    return undefined;
  }

  transferOf({ id, conversation }: FileItem): Transfer {
    const idle = { conversation, tab: null, session: null, bytes: 0, bytesPerSecond: null };
    return this.#floor.state().transfers[id] ?? idle;
  }

  sessionOf(item: FileItem): MediaSessionId | null {
    return this.transferOf(item).session;
  }

  underWay(id: ItemId, transfer: Transfer): void {
    this.#floor.record({ type: 'transfer.changed', id, transfer });
  }

  changeTransfer(id: ItemId, change: Partial<Transfer>): void {
    const transfer = this.#floor.state().transfers[id];
    if (transfer !== undefined) this.underWay(id, { ...transfer, ...change });
  }

  /** Moves a file on, here and on disk. False, and nothing happens, when it is past that. */
  become(item: FileItem, state: FileState, known: Known = {}): boolean {
    const now = this.find(item.conversation, item.id) ?? item;
    if (!fileMayBecome(now.state.is, state.is)) return false;
    const { id, conversation } = now;
    const { route = now.route, number = null } = known;
    const place =
      number === null ? {} : { number, order: orderOfNumber(this.#floor.state(), conversation, number, now) };
    this.#floor.record({ type: 'file.changed', conversation, id, state, route, ...place });
    keepBeside(this.#floor, { ...now, state, route, ...place });
    return true;
  }

  over(item: FileItem, state: FileState, known: Known = {}): boolean {
    if (!this.become(item, state, known)) return false;
    this.forget(item.id);
    return true;
  }

  /** It is not under way any more. */
  forget(id: ItemId): void {
    this.stopWaiting(id);
    this.#floor.record({ type: 'transfer.changed', id, transfer: null });
  }

  /** The way broke: it waits for another, but not for ever. `isFree`: any tab may go on with it. */
  interrupt(item: FileItem, { bytes, isFree, waitsMs }: { bytes: number; isFree: boolean; waitsMs: number }): void {
    const now = this.find(item.conversation, item.id);
    if (now === undefined || isFileOver(now.state)) return;
    const transfer = this.transferOf(item);
    const tab = isFree ? null : transfer.tab;
    this.underWay(item.id, { ...transfer, tab, session: null, bytes, bytesPerSecond: null });
    this.become(item, { is: 'interrupted', bytes });
    this.stopWaiting(item.id);
    const giveUp = (): void => {
      this.over(item, { is: 'failed', failure: { is: 'connectionLost' } });
    };
    this.#waiting.set(item.id, this.#floor.world.after(waitsMs, giveUp));
  }

  stopWaiting(id: ItemId): void {
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
  }

  /** Files whose bytes are a tab's. */
  heldBy(tab: TabId): FileItem[] {
    const transfers = Object.entries(this.#floor.state().transfers) as [ItemId, Transfer][];
    return transfers.flatMap(([id, transfer]) => {
      const item = transfer.tab === tab ? this.find(transfer.conversation, id) : undefined;
      return item ?? [];
    });
  }

  /** Files that the history has as under way, and no tab of this engine's time has. */
  forgotten(conversation?: ConversationId): FileItem[] {
    const { transfers } = this.#floor.state();
    const all = conversation === undefined ? this.#conversations : [conversation];
    return all.flatMap((one) =>
      [...this.#files(one)].filter(({ id, state }) => {
        return !isFileOver(state) && transfers[id] === undefined;
      }),
    );
  }

  /** Signed out: nobody waits any more. */
  stop(): void {
    for (const stop of this.#waiting.values()) stop();
    this.#waiting.clear();
  }
}
