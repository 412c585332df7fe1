import { type FileWord, fileChannel, formatFileWord, parseFileWord } from '../../protocol/shared/fileChannel';

/** So many words nobody has to say at once: one for every quarter of the window, twice. */
const mostWordsASecond = 200;

export interface LineHandlers {
  onOpen(): void;
  onWord(word: FileWord): void;
  onBytes(bytes: ArrayBuffer): void;
  /** Nonsense, or more than anybody has to say. */
  onNonsense(): void;
  /** It is not there any more. */
  onClosed(): void;
}

/** One end of the data channel of a file: bytes and words (SPEC.md FTR-4). */
export class FileLine {
  readonly #channel: RTCDataChannel;
  readonly #handlers: LineHandlers;
  #words = 0;
  #since = 0;
  #isClosed = false;

  constructor(channel: RTCDataChannel, handlers: LineHandlers) {
    this.#channel = channel;
    this.#handlers = handlers;
    channel.binaryType = 'arraybuffer';
    channel.addEventListener('message', ({ data }) => this.#receive(data));
    channel.addEventListener('close', () => this.#closed());
    channel.addEventListener('error', () => this.#closed());
    // It may be open already.
    if (channel.readyState === 'open') handlers.onOpen();
    else channel.addEventListener('open', () => handlers.onOpen());
  }

  static isOne({ label, protocol }: RTCDataChannel): boolean {
    return label === fileChannel.label && protocol === fileChannel.protocol;
  }

  get channel(): RTCDataChannel {
    return this.#channel;
  }

  #receive(data: unknown): void {
    if (this.#isClosed) return;
    if (data instanceof ArrayBuffer) return this.#handlers.onBytes(data);
    const word = typeof data === 'string' && !this.#isFlood() ? wordOf(data) : null;
    if (word === null) return this.#handlers.onNonsense();
    this.#handlers.onWord(word);
  }

  #isFlood(): boolean {
    const now = performance.now();
    if (now - this.#since >= 1_000) [this.#since, this.#words] = [now, 0];
    this.#words += 1;
    return this.#words > mostWordsASecond;
  }

  say(word: FileWord): void {
    if (this.#channel.readyState === 'open') this.#channel.send(formatFileWord(word));
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#handlers.onClosed();
  }

  /** Nothing is heard any more; what is said still goes out. */
  stop(): void {
    this.#isClosed = true;
  }
}

function wordOf(data: string): FileWord | null {
  try {
    return parseFileWord(data);
  } catch {
    return null;
  }
}
