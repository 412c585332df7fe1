import type { FileNote } from '../../client/commands';
import { failed, type Outcome, ok } from '../../domain/failure';
import { type FileItem, isFileOver, type StoreTicket } from '../../domain/file';
import type { ConversationId, ItemId } from '../../domain/ids';
import { fileIn } from '../../state/selectors';
import type { State } from '../../state/state';
import type { MediaParts } from '../parts';
import type { FileSink } from './fileSink';
import type { Source } from './outflow';
import { Pace } from './pace';
import { StoreDownload } from './storeDownload';
import type { StoreEnd } from './storeLine';
import { StoreUpload } from './storeUpload';

/** So often what lost its connection is tried again, until the engine gives it up. */
const againMs = 3_000;

interface Bringing {
  conversation: ConversationId;
  upload: StoreUpload;
  ticket: StoreTicket | null;
  isRunning: boolean;
}

interface Getting {
  conversation: ConversationId;
  sink: FileSink;
  download: StoreDownload;
  isRunning: boolean;
}

/** The files of this tab that go through the server's store. It follows the ledger, as `TabFiles` does. */
export class TabStore {
  readonly #parts: MediaParts;
  readonly #bringing = new Map<ItemId, Bringing>();
  readonly #getting = new Map<ItemId, Getting>();
  /** What this tab has begun to get and has no sink for yet. */
  readonly #opening = new Set<ItemId>();

  constructor(parts: MediaParts) {
    this.#parts = parts;
  }

  /** True when this tab still has what it sent. */
  has(id: ItemId): boolean {
    return this.#bringing.has(id);
  }

  /** Leaving this page would stop something. */
  get isBusy(): boolean {
    const isOn = (id: ItemId): boolean => this.#parts.state().transfers[id] !== undefined;
    const isWriting = [...this.#getting].some(([id, { sink }]) => sink.place === 'disk' && isOn(id));
    return isWriting || [...this.#bringing.keys()].some(isOn);
  }

  #paceOf(conversation: ConversationId, id: ItemId): (bytes: number) => void {
    const pace = new Pace(this.#parts.world, (bytes, bytesPerSecond) => {
      void this.#note(conversation, id, { is: 'moved', bytes, bytesPerSecond });
    });
    return (bytes) => pace.reached(bytes);
  }

  #note(conversation: ConversationId, id: ItemId, note: FileNote): Promise<Outcome<void>> {
    return this.#parts.commands.noteFile(conversation, id, note);
  }

  #isOver(conversation: ConversationId, id: ItemId): boolean {
    const item = fileIn(this.#parts.state(), conversation, id);
    return item === undefined || isFileOver(item.state);
  }

  // ---- Ours -------------------------------------------------------------------------------------------------------------

  /** Brings a file that is in the transcript; settles when the conference knows of it, or it did not go. */
  send(conversation: ConversationId, id: ItemId, source: Source): Promise<Outcome<void>> {
    const upload = new StoreUpload(this.#parts.world, source, this.#paceOf(conversation, id));
    this.#bringing.set(id, { conversation, upload, ticket: null, isRunning: false });
    return this.bring(id);
  }

  /** The same again, from where the store is. */
  async bring(id: ItemId): Promise<Outcome<void>> {
    const bringing = this.#bringing.get(id);
    if (bringing === undefined) return failed({ is: 'file', what: 'pageClosed' });
    if (bringing.isRunning) return ok(undefined);
    bringing.isRunning = true;
    try {
      return await this.#bring(id, bringing);
    } finally {
      bringing.isRunning = false;
    }
  }

  async #bring(id: ItemId, bringing: Bringing): Promise<Outcome<void>> {
    const { conversation, upload } = bringing;
    const given = await this.#parts.commands.bringFile(conversation, id, this.#parts.tab);
    if (!given.ok) return given;
    bringing.ticket = given.value;
    // Cancelled while the ticket came.
    if (this.#isOver(conversation, id)) return this.#takeBack(bringing);
    const end = await upload.run(given.value);
    if (this.#isOver(conversation, id)) return this.#takeBack(bringing);
    if (end.is === 'complete') return this.#parts.commands.tellFile(conversation, id, end.sha256);
    return this.#note(conversation, id, noteOf(end));
  }

  async #takeBack({ upload, ticket }: Bringing): Promise<Outcome<void>> {
    if (ticket !== null) await upload.takeBack(ticket);
    return failed({ is: 'cancelled' });
  }

  // ---- Theirs -----------------------------------------------------------------------------------------------------------

  /** Gets a file and writes it down where `open` says; settles when it is there, or is not. */
  async get(item: FileItem, open: () => Promise<FileSink>): Promise<Outcome<void>> {
    const { id, conversation } = item;
    if (this.#opening.has(id) || this.#getting.get(id)?.isRunning === true) return failed({ is: 'cancelled' });
    this.#opening.add(id);
    try {
      const given = await this.#parts.commands.getFile(conversation, id, this.#parts.tab);
      if (!given.ok) return given;
      const getting = this.#getting.get(id) ?? (await this.#open(item, open));
      if (getting === null) return await this.#note(conversation, id, noRoom);
      this.#getting.set(id, getting);
      return await this.#get(id, getting, given.value);
    } finally {
      this.#opening.delete(id);
    }
  }

  async #open(item: FileItem, open: () => Promise<FileSink>): Promise<Getting | null> {
    const { id, conversation, file, route } = item;
    const sink = await open().catch(() => null);
    if (sink === null) return null;
    const sha256 = route.is === 'store' ? (route.sha256 ?? '') : '';
    const pace = this.#paceOf(conversation, id);
    const download = new StoreDownload(this.#parts.world, sink, { size: file.size, sha256 }, pace);
    return { conversation, sink, download, isRunning: false };
  }

  async #get(id: ItemId, getting: Getting, ticket: StoreTicket): Promise<Outcome<void>> {
    const { conversation, sink, download } = getting;
    getting.isRunning = true;
    const end = await download.run(ticket).finally(() => {
      getting.isRunning = false;
    });
    if (this.#getting.get(id) !== getting) return failed({ is: 'cancelled' });
    if (end.is !== 'complete') return this.#note(conversation, id, noteOf(end));
    this.#getting.delete(id);
    const isKept = await sink.keep().then(
      () => true,
      () => false,
    );
    return this.#note(conversation, id, isKept ? { is: 'done', place: sink.place } : noRoom);
  }

  // ---- What the engine tells --------------------------------------------------------------------------------------------

  follow(before: State): void {
    for (const [id, { conversation, upload }] of [...this.#bringing]) {
      const item = fileIn(this.#parts.state(), conversation, id);
      this.#tryAgain(item, before, () => this.bring(id));
      // What failed may be tried again.
      if (item !== undefined && (!isFileOver(item.state) || item.state.is === 'failed')) continue;
      this.#bringing.delete(id);
      upload.stop();
    }
    for (const [id, getting] of [...this.#getting]) {
      const item = fileIn(this.#parts.state(), getting.conversation, id);
      this.#tryAgain(item, before, (again) => this.get(again, () => Promise.resolve(getting.sink)));
      if (item?.state.is === 'moving' || item?.state.is === 'interrupted') continue;
      this.#getting.delete(id);
      getting.download.stop();
      // Its beginning is good for when it is wanted once more.
      const isLost = item?.state.is === 'offered' || (item?.state.is === 'failed' && isLoss(item.state.failure.is));
      const over = isLost && getting.sink.place === 'browser' ? getting.sink.keep() : getting.sink.discard();
      over.catch(() => undefined);
    }
  }

  #tryAgain(item: FileItem | undefined, before: State, run: (item: FileItem) => Promise<unknown>): void {
    if (item?.state.is !== 'interrupted') return;
    const was = fileIn(before, item.conversation, item.id);
    if (was?.state.is === 'interrupted') return;
    const again = (): void => {
      const now = fileIn(this.#parts.state(), item.conversation, item.id);
      if (now?.state.is !== 'interrupted') return;
      if (this.#parts.state().signIn.is === 'signedIn') void run(now);
      this.#parts.world.after(againMs, again);
    };
    this.#parts.world.after(againMs, again);
  }
}

function isLoss(is: string): boolean {
  return is === 'connectionLost';
}

function noteOf(end: Exclude<StoreEnd, { is: 'complete' }>): FileNote {
  return end.is === 'lost' ? end : { is: 'failed', failure: end.failure, heard: true };
}

const noRoom: FileNote = { is: 'failed', failure: { is: 'file', what: 'noRoom' }, heard: true };
