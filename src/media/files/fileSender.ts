import { type Failure, failed, type Outcome } from '../../domain/failure';
import type { ConversationId, ItemId, MediaSessionId } from '../../domain/ids';
import { type FileWord, fileChannel } from '../../protocol/shared/fileChannel';
import { type MediaParts, relaysOf } from '../parts';
import { Peer } from '../peer';
import { Trouble } from '../trouble';
import { isBorder } from './digest';
import { FileLine } from './fileLine';
import { Outflow, type Source, SourceChanged } from './outflow';
import { Pace } from './pace';

/** A way that is not found so soon is not found: ICE that has no candidate to look at never fails. */
const opensWithinMs = 8_000;

/** A file of ours, on its way in one session. */
export class FileSender {
  readonly session: MediaSessionId;
  readonly #parts: MediaParts;
  readonly #conversation: ConversationId;
  readonly #item: ItemId;
  readonly #source: Source;
  #peer: Peer | null = null;
  #trouble: Trouble | null = null;
  #line: FileLine | null = null;
  #outflow: Outflow | null = null;
  #pace: Pace;
  #taken = 0;
  #from: number | null = null;
  #isOpen = false;
  #isOver = false;
  #stopTimer: () => void = () => undefined;

  constructor(parts: MediaParts, item: { conversation: ConversationId; id: ItemId }, source: Source) {
    this.#parts = parts;
    this.#conversation = item.conversation;
    this.#item = item.id;
    this.#source = source;
    this.session = `send ${parts.world.id()}` as MediaSessionId;
    this.#pace = new Pace(parts.world, (bytes, bytesPerSecond) => this.#note({ is: 'moved', bytes, bytesPerSecond }));
  }

  /** It was taken, and yet no byte could pass. */
  get isWayless(): boolean {
    return this.#from !== null && !this.#isOpen;
  }

  #note(note: Parameters<MediaParts['commands']['noteFile']>[2]): void {
    void this.#parts.commands.noteFile(this.#conversation, this.#item, note);
  }

  /** Offers it; settles when it is taken, or is not. */
  async start(): Promise<Outcome<void>> {
    const { world, tab, commands } = this.#parts;
    const relays = await relaysOf(this.#parts);
    const peer = new Peer(world, relays);
    this.#peer = peer;
    const { label, protocol } = fileChannel;
    const channel = peer.connection.createDataChannel(label, { ordered: true, protocol });
    this.#line = new FileLine(channel, {
      onOpen: () => this.#opened(),
      onWord: (word) => this.#take(word),
      onBytes: () => this.#fail({ is: 'file', what: 'notAsOffered' }),
      onNonsense: () => this.#fail({ is: 'malformed', what: 'file word' }),
      onClosed: () => this.#lost(),
    });
    const given = { tab, session: this.session, offer: await peer.offer() };
    if (this.#isOver) return failed({ is: 'cancelled' });
    const offered = await commands.offerFile(this.#conversation, this.#item, given);
    if (!offered.ok) return this.#refused(offered.failure);
    this.#trouble = new Trouble(peer.connection, world, { onLost: () => this.#lost(), onStale: () => undefined });
    this.#from = offered.value.from;
    this.#taken = offered.value.from;
    this.#stopTimer = world.after(opensWithinMs, () => {
      if (!this.#isOpen) this.#lost();
    });
    const taken = await peer.takeAnswer(offered.value.answer);
    if (!taken.ok) this.#fail(taken.failure);
    else if (!isBorder(this.#from, this.#source.file.size)) this.#fail({ is: 'malformed', what: 'file-range' });
    this.#go();
    return taken;
  }

  #refused(failure: Failure): Outcome<void> {
    this.close();
    return failed(failure);
  }

  #opened(): void {
    this.#isOpen = true;
    this.#stopTimer();
    this.#go();
  }

  /** Once the way is open and the answer known. */
  #go(): void {
    if (!this.#isOpen || this.#from === null || this.#line === null || this.#outflow !== null || this.#isOver) return;
    const largestMessage = this.#peer?.connection.sctp?.maxMessageSize ?? 0;
    this.#outflow = new Outflow(this.#source, this.#line, { from: this.#from, largestMessage });
    this.#outflow.run().catch((error: unknown) => {
      if (!(error instanceof SourceChanged)) throw error;
      this.#line?.say({ is: 'stop', why: 'changed' });
      this.#end({ is: 'failed', failure: { is: 'file', what: error.trouble }, heard: false });
    });
  }

  #take(word: FileWord): void {
    switch (word.is) {
      case 'taken':
        if (this.#outflow?.taken(word.bytes) !== true) return this.#fail({ is: 'malformed', what: 'file word' });
        this.#taken = word.bytes;
        return this.#pace.reached(word.bytes);
      case 'done':
        return this.#end({ is: 'done', place: null });
      case 'stop':
        return this.#fail({ is: 'file', what: word.why });
      case 'end':
        return this.#fail({ is: 'malformed', what: 'file word' });
    }
  }

  /** The other end cannot go on, or makes no sense: we hang up. */
  #fail(failure: Failure): void {
    this.#end({ is: 'failed', failure, heard: true });
  }

  #lost(): void {
    this.#end({ is: 'lost', bytes: this.#taken });
  }

  #end(note: Parameters<MediaParts['commands']['noteFile']>[2]): void {
    if (this.#isOver) return;
    this.#stop();
    this.#note(note);
  }

  /** Nothing more is sent or heard; the connection stands until the engine has hung up. */
  #stop(): void {
    this.#isOver = true;
    this.#stopTimer();
    this.#outflow?.stop();
    this.#line?.stop();
    this.#trouble?.stop();
    this.#stopTimer();
  }

  close(): void {
    this.#stop();
    this.#peer?.close();
  }
}
