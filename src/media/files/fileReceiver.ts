import { type Failure, failed, type Outcome } from '../../domain/failure';
import type { FileItem } from '../../domain/file';
import type { MediaSessionId } from '../../domain/ids';
import type { FileWord } from '../../protocol/shared/fileChannel';
import { type MediaParts, relaysOf } from '../parts';
import { Peer } from '../peer';
import { Trouble } from '../trouble';
import { FileLine } from './fileLine';
import type { FileSink } from './fileSink';
import { Inflow } from './inflow';
import { Pace } from './pace';

/** A file of somebody else, on its way in one session into a sink that may outlive it. */
export class FileReceiver {
  readonly session: MediaSessionId;
  readonly #parts: MediaParts;
  readonly #item: FileItem;
  readonly #sink: FileSink;
  readonly #pace: Pace;
  #peer: Peer | null = null;
  #trouble: Trouble | null = null;
  #line: FileLine | null = null;
  #inflow: Inflow | null = null;
  #isOver = false;

  constructor(parts: MediaParts, item: FileItem, { session, sink }: { session: MediaSessionId; sink: FileSink }) {
    this.#parts = parts;
    this.#item = item;
    this.#sink = sink;
    this.session = session;
    this.#pace = new Pace(parts.world, (bytes, bytesPerSecond) => this.#note({ is: 'moved', bytes, bytesPerSecond }));
  }

  #note(note: Parameters<MediaParts['commands']['noteFile']>[2]): void {
    void this.#parts.commands.noteFile(this.#item.conversation, this.#item.id, note);
  }

  /** Answers the offer: from the byte that the sink does not have. */
  async start(offer: string): Promise<Outcome<void>> {
    const { world, commands } = this.#parts;
    const peer = new Peer(world, await relaysOf(this.#parts));
    if (this.#isOver) {
      peer.close();
      return failed({ is: 'cancelled' });
    }
    this.#peer = peer;
    // In the event itself: a message may come right after.
    peer.connection.addEventListener('datachannel', ({ channel }) => this.#takeChannel(channel));
    this.#trouble = new Trouble(peer.connection, world, { onLost: () => this.#lost(), onStale: () => undefined });
    const answer = await peer.answer(offer);
    if (!answer.ok) {
      this.#fail(answer.failure);
      return answer;
    }
    const sent = await commands.answerFile(this.session, await this.#sink.settled(), answer.value);
    // The other end went away meanwhile.
    if (!sent.ok) this.#lost();
    return sent;
  }

  /** One channel, however many the other end would open. */
  #takeChannel(channel: RTCDataChannel): void {
    if (this.#line !== null || !FileLine.isOne(channel)) return channel.close();
    const line = new FileLine(channel, {
      onOpen: () => undefined,
      onBytes: (bytes) => this.#inflow?.takeBytes(bytes),
      onWord: (word) => this.#take(word),
      onNonsense: () => this.#inflow?.fail('notAsOffered'),
      onClosed: () => this.#lost(),
    });
    this.#line = line;
    this.#inflow = new Inflow(this.#sink, line, {
      size: this.#item.file.size,
      handlers: {
        onReceived: (bytes) => this.#pace.reached(bytes),
        onDone: () => this.#end({ is: 'done', place: this.#sink.place }),
        onTrouble: (what) => this.#end({ is: 'failed', failure: { is: 'file', what }, heard: false }),
      },
    });
  }

  #take(word: FileWord): void {
    if (word.is === 'end') return this.#inflow?.takeEnd(word.sha256);
    if (word.is === 'stop') return this.#fail({ is: 'file', what: word.why });
    this.#inflow?.fail('notAsOffered');
  }

  #fail(failure: Failure): void {
    this.#end({ is: 'failed', failure, heard: true });
  }

  #lost(): void {
    this.#end({ is: 'lost', bytes: this.#sink.bytes });
  }

  #end(note: Parameters<MediaParts['commands']['noteFile']>[2]): void {
    if (this.#isOver) return;
    this.#stop();
    this.#note(note);
  }

  /** Nothing more is heard; the connection stands until the engine has hung up, so that our last word arrives. */
  #stop(): void {
    this.#isOver = true;
    this.#inflow?.stop();
    this.#line?.stop();
    this.#trouble?.stop();
  }

  close(): void {
    this.#stop();
    this.#peer?.close();
  }
}
