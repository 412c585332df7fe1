import { failed, type Outcome, ok } from '../../domain/failure';
import { type FileItem, isFileOver, type Transfer } from '../../domain/file';
import type { ConversationId, ItemId } from '../../domain/ids';
import { fileIn } from '../../state/selectors';
import type { State } from '../../state/state';
import type { MediaParts } from '../parts';
import type { DigestKind } from './digest';
import { DiskSink, pickPlace } from './diskSink';
import { FileReceiver } from './fileReceiver';
import { FileSender } from './fileSender';
import type { FileSink } from './fileSink';
import { deleteOldFiles, hasRoomFor, keptFile, keptName } from './keptFiles';
import { KeptSink } from './keptSink';
import { Source } from './outflow';
import { TabStore } from './tabStore';

/** So often a file that lost its connection is offered again, until the engine gives it up. */
const [firstAgainMs, againMs] = [1_000, 3_000];

export interface TabFilesParts extends MediaParts {
  subscribe(run: (state: State, before: State) => void): () => void;
}

interface Outgoing {
  conversation: ConversationId;
  source: Source;
  sender: FileSender | null;
  /** The last session found no way. */
  isWayless: boolean;
}

interface Incoming {
  conversation: ConversationId;
  sink: FileSink;
  receiver: FileReceiver | null;
}

/**
 * The files of this tab: what was chosen here, and what is written down here. It follows the ledger: what the engine ended is
 * closed here, and what was interrupted goes on from the byte that is there.
 */
export class TabFiles {
  readonly #parts: TabFilesParts;
  readonly #outgoing = new Map<ItemId, Outgoing>();
  readonly #incoming = new Map<ItemId, Incoming>();
  /** What this tab has begun to take and has no sink for yet. */
  readonly #opening = new Set<ItemId>();
  readonly #leaving = new Set<FileSender | FileReceiver>();
  /** Those of conferences. */
  readonly #store: TabStore;

  constructor(parts: TabFilesParts) {
    this.#parts = parts;
    this.#store = new TabStore(parts);
    parts.subscribe((state, before) => this.#follow(state, before));
    addEventListener('beforeunload', (event) => {
      if (this.#isBusy) event.preventDefault();
    });
    void deleteOldFiles(parts.world.now()).catch(() => undefined);
    this.#continueAll(parts.state());
  }

  /** Leaving this page would stop something. */
  get #isBusy(): boolean {
    const { transfers } = this.#parts.state();
    const isOn = (id: ItemId): boolean => transfers[id] !== undefined;
    const isWriting = [...this.#incoming].some(([id, { sink }]) => sink.place === 'disk' && isOn(id));
    return isWriting || [...this.#outgoing.keys()].some(isOn) || this.#store.isBusy;
  }

  #itemOf(conversation: ConversationId, id: ItemId): FileItem | undefined {
    return fileIn(this.#parts.state(), conversation, id);
  }

  // ---- Sending ----------------------------------------------------------------------------------------------------------

  /** Offers a file to whom the conversation is with; settles when it is taken, or is not. */
  async send(conversation: ConversationId, file: File): Promise<Outcome<void>> {
    const id = this.#parts.world.id() as ItemId;
    const { name, size, type } = file;
    const added = await this.#parts.commands.addFile(conversation, {
      id,
      tab: this.#parts.tab,
      file: { name, size, type },
    });
    if (!added.ok) return added;
    const item = this.#itemOf(conversation, id);
    const source = new Source(file, item === undefined ? 'pieces' : kindOf(item));
    if (item?.route.is === 'store') return this.#store.send(conversation, id, source);
    this.#outgoing.set(id, { conversation, source, sender: null, isWayless: false });
    return this.#offer(id);
  }

  /** True when this tab still has what it sent. */
  has(id: ItemId): boolean {
    return this.#outgoing.has(id) || this.#store.has(id);
  }

  /** Offers again what did not go. */
  async retry(id: ItemId): Promise<Outcome<void>> {
    return this.#store.has(id) ? this.#store.bring(id) : this.#offer(id);
  }

  async #offer(id: ItemId): Promise<Outcome<void>> {
    const outgoing = this.#outgoing.get(id);
    if (outgoing === undefined) return failed({ is: 'file', what: 'pageClosed' });
    if (outgoing.sender !== null) return ok(undefined);
    const { conversation, source } = outgoing;
    const sender = new FileSender(this.#parts, { conversation, id }, source);
    outgoing.sender = sender;
    const outcome = await sender.start();
    if (!outcome.ok && outgoing.sender === sender) outgoing.sender = null;
    return outcome;
  }

  #offerAgain(id: ItemId): void {
    const outgoing = this.#outgoing.get(id);
    if (outgoing === undefined) return;
    const item = this.#itemOf(outgoing.conversation, id);
    if (item?.state.is !== 'interrupted') return;
    if (outgoing.isWayless && this.#parts.state().capabilities.fileStore) return void this.#storeInstead(id, outgoing);
    if (this.#parts.state().signIn.is === 'signedIn') void this.#offer(id);
    this.#parts.world.after(againMs, () => this.#offerAgain(id));
  }

  /** FIL-7: where two have no way to each other, the server has one to both. */
  async #storeInstead(id: ItemId, { conversation, source }: Outgoing): Promise<void> {
    const stored = await this.#parts.commands.storeFile(conversation, id);
    if (!stored.ok) return;
    this.#outgoing.delete(id);
    await this.#store.send(conversation, id, new Source(source.file, 'whole'));
  }

  // ---- Receiving --------------------------------------------------------------------------------------------------------

  /** Takes what is offered and keeps it in this site until it is saved. */
  async receive(item: FileItem): Promise<Outcome<void>> {
    if (!(await hasRoomFor(item.file.size))) return failed({ is: 'file', what: 'noRoom' });
    return this.#take(item, () => this.#openKept(item));
  }

  /** Lets the person choose where it is saved; must be called from a click. */
  async receiveAs(item: FileItem): Promise<Outcome<void>> {
    const handle = await pickPlace(item.file.name);
    return handle === null ? failed({ is: 'cancelled' }) : this.#take(item, () => DiskSink.open(handle, kindOf(item)));
  }

  #openKept(item: FileItem): Promise<FileSink> {
    return KeptSink.open(this.#parts.state().account?.aor ?? '', item.id, kindOf(item));
  }

  async #take(item: FileItem, open: () => Promise<FileSink>): Promise<Outcome<void>> {
    if (item.route.is === 'store') return this.#store.get(item, open);
    const { commands, tab } = this.#parts;
    const { id, conversation } = item;
    if (this.#opening.has(id)) return failed({ is: 'cancelled' });
    this.#opening.add(id);
    try {
      const offered = await commands.receiveFile(conversation, id, tab);
      if (!offered.ok) return offered;
      const sink = this.#incoming.get(id)?.sink ?? (await open().catch(() => null));
      if (sink === null || sink.bytes > item.file.size) {
        await sink?.discard().catch(() => undefined);
        return await commands.noteFile(conversation, id, noRoom);
      }
      const { session, offer } = offered.value;
      const receiver = new FileReceiver(this.#parts, item, { session, sink });
      this.#incoming.set(id, { conversation, sink, receiver });
      const outcome = await receiver.start(offer);
      if (!outcome.ok) receiver.close();
      return outcome;
    } finally {
      this.#opening.delete(id);
    }
  }

  /** A received file, for the person to save; `null` when this browser does not have it any more. */
  async kept({ id }: FileItem): Promise<File | null> {
    return keptFile(await keptName(this.#parts.state().account?.aor ?? '', id));
  }

  // ---- What the engine tells --------------------------------------------------------------------------------------------

  #follow(state: State, before: State): void {
    if (state.media !== before.media) this.#closeEnded(state, before);
    if (state.transcripts === before.transcripts && state.transfers === before.transfers) return;
    this.#store.follow(before);
    for (const [id, { conversation }] of [...this.#outgoing]) this.#followOwn(id, conversation, before);
    for (const [id, incoming] of [...this.#incoming]) this.#followTheirs(id, incoming);
    if (state.transfers !== before.transfers) this.#continueAll(state);
  }

  /** Connections whose sessions are over. */
  #closeEnded({ media }: State, before: State): void {
    const hasEnded = ({ session }: FileSender | FileReceiver): boolean =>
      media[session] === undefined && before.media[session] !== undefined;
    for (const outgoing of this.#outgoing.values()) {
      if (outgoing.sender === null || !hasEnded(outgoing.sender)) continue;
      outgoing.isWayless = outgoing.sender.isWayless;
      outgoing.sender.close();
      outgoing.sender = null;
    }
    for (const incoming of this.#incoming.values()) {
      if (incoming.receiver === null || !hasEnded(incoming.receiver)) continue;
      incoming.receiver.close();
      incoming.receiver = null;
    }
    for (const end of this.#leaving) {
      if (media[end.session] !== undefined) continue;
      end.close();
      this.#leaving.delete(end);
    }
  }

  /** What is over keeps its connection until the engine has hung up: our last word is on it. */
  #leave(end: FileSender | FileReceiver | null): void {
    if (end === null) return;
    if (this.#parts.state().media[end.session] === undefined) end.close();
    else this.#leaving.add(end);
  }

  #followOwn(id: ItemId, conversation: ConversationId, before: State): void {
    const item = this.#itemOf(conversation, id);
    if (item === undefined) return;
    const wasInterrupted = fileIn(before, conversation, id)?.state.is === 'interrupted';
    if (item.state.is === 'interrupted' && !wasInterrupted) {
      this.#parts.world.after(firstAgainMs, () => this.#offerAgain(id));
    }
    // What failed may be tried again.
    if (!isFileOver(item.state) || item.state.is === 'failed') return;
    this.#leave(this.#outgoing.get(id)?.sender ?? null);
    this.#outgoing.delete(id);
  }

  #followTheirs(id: ItemId, { conversation, sink, receiver }: Incoming): void {
    const item = this.#itemOf(conversation, id);
    // What its sender has brought to the store meanwhile does not come here any more.
    if (item?.route.is === 'peer' && !isFileOver(item.state)) return;
    this.#incoming.delete(id);
    this.#leave(receiver);
    if (item?.state.is === 'done') return;
    // Its beginning is good for when it is offered once more.
    const isLost = item?.state.is === 'failed' && item.state.failure.is === 'connectionLost';
    const over = isLost && sink.place === 'browser' ? sink.keep() : sink.discard();
    over.catch(() => undefined);
  }

  /** What was interrupted and is offered again goes on here: in the tab that has its beginning, or in any. */
  #continueAll(state: State): void {
    for (const [id, transfer] of Object.entries(state.transfers) as [ItemId, Transfer][]) {
      const { conversation, session, tab } = transfer;
      if (session === null || (tab !== null && tab !== this.#parts.tab)) continue;
      const item = this.#itemOf(conversation, id);
      if (item === undefined || item.own || item.state.is !== 'interrupted') continue;
      void this.#take(item, () => this.#openKept(item));
    }
  }
}

const noRoom = { is: 'failed', failure: { is: 'file', what: 'noRoom' }, heard: true } as const;

function kindOf({ route }: FileItem): DigestKind {
  return route.is === 'store' ? 'whole' : 'pieces';
}
