import {
  formatPointerMessage,
  mostPoints,
  type Place,
  type PointerMessage,
  parsePointerMessage,
} from '../protocol/shared/pointerMessage';
import { parseRelayedData } from '../protocol/shared/relayedData';
import type { Aor } from '../protocol/sip/uri';
import type { World } from '../world';
import { MarkBoard, type Marks } from './marks';

export type Tool = 'pointer' | 'laser' | 'pen';

export type Word = Extract<PointerMessage, { is: 'surface' | 'zoom' }>;

export interface PointingParts {
  readonly world: World;
  readonly me: Aor;
  /** Whose words come without an author: the other of two people. `null` with an MCU, which says the author (SHR-10). */
  readonly peer: Aor | null;
  /** True when this person may draw now: who has control, by the sharer's word. */
  mayDraw(who: Aor): boolean;
  /** True for who shows: only the sharer says what is shown. */
  isSharer(who: Aor): boolean;
  onChange(): void;
  /** What is no drawing: of the sharer what is shown, of who has control a zoom. */
  onWord(message: Word): void;
  /** The other end sends more than a hand can. */
  onFlood(): void;
}

/** As often as a screen is drawn anew, more or less. */
const sendEveryMs = 33;
const mostWaiting = 64 * 1024;
/** Several people's pointers; what is more is dropped. */
const burst = 400;
const perSecond = 200;
/** So many dropped one after another are no accident. */
const flood = 2_000;

/** Pointers, ink and what goes with them over the data channel of one session. */
export class Pointing {
  readonly #parts: PointingParts;
  readonly #channel: RTCDataChannel;
  readonly #board: MarkBoard;
  readonly #onMessage = ({ data }: MessageEvent): void => this.#receive(data);
  #tokens = burst;
  #filledAt: number;
  #dropped = 0;
  #stroke = 0;
  #pending: PointerMessage | null = null;
  #ink: Place[] = [];
  #stopTimer: () => void = () => undefined;
  #isSending = false;

  constructor(channel: RTCDataChannel, parts: PointingParts) {
    this.#channel = channel;
    this.#parts = parts;
    this.#board = new MarkBoard(parts.world, parts.onChange);
    this.#filledAt = parts.world.now();
    this.#stroke = Math.floor(parts.world.random() * 900_000);
    channel.addEventListener('message', this.#onMessage);
  }

  get marks(): Marks {
    return this.#board.marks;
  }

  // ---- What comes -------------------------------------------------------------------------------------------------------

  #receive(data: unknown): void {
    if (!this.#mayPass()) return;
    const said = this.#read(data);
    if (said === null) return;
    const { from, message } = said;
    if (message.is === 'surface') {
      if (this.#parts.isSharer(from)) this.#parts.onWord(message);
      return;
    }
    const isAllowed = this.#parts.mayDraw(from) || (message.is === 'clear' && this.#parts.isSharer(from));
    if (!isAllowed) return;
    if (message.is === 'zoom') return this.#parts.onWord(message);
    this.#board.apply(from, message);
  }

  /** `null` for nonsense: the other end may be anybody. */
  #read(data: unknown): { from: Aor; message: PointerMessage } | null {
    if (typeof data !== 'string') return null;
    const { peer } = this.#parts;
    const said = peer === null ? parseRelayedData(data) : { from: peer, message: data };
    if (said === null) return null;
    try {
      return { from: said.from, message: parsePointerMessage(said.message) };
    } catch {
      return null;
    }
  }

  #mayPass(): boolean {
    const now = this.#parts.world.now();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) * perSecond) / 1000);
    this.#filledAt = now;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      this.#dropped = 0;
      return true;
    }
    this.#dropped += 1;
    if (this.#dropped === flood) this.#parts.onFlood();
    return false;
  }

  // ---- What we do -------------------------------------------------------------------------------------------------------

  /** Our pointer is here; with the pen pressed it draws. */
  point(tool: Tool, place: Place, isPressed: boolean): void {
    const [x, y] = place;
    if (tool === 'pen' && isPressed) this.#ink.push(place);
    this.#pending = { is: 'point', x, y, laser: tool === 'laser' };
    if (tool !== 'pen' || !isPressed) this.#board.apply(this.#parts.me, this.#pending);
    this.#soon();
  }

  /** The pen is put down: what follows is another stroke. */
  lift(): void {
    this.#flush();
    this.#stroke += 1;
  }

  away(): void {
    this.#pending = null;
    this.#flush();
    this.#board.lift(this.#parts.me);
    this.say({ is: 'away' });
  }

  clear(): void {
    this.#board.clear();
    this.say({ is: 'clear' });
  }

  /** Several moves in one frame are one. */
  #soon(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    this.#stopTimer = this.#parts.world.after(sendEveryMs, () => this.#flush());
  }

  #flush(): void {
    this.#stopTimer();
    this.#isSending = false;
    for (let points = this.#ink.splice(0, mostPoints); points.length > 0; points = this.#ink.splice(0, mostPoints)) {
      const message: PointerMessage = { is: 'ink', stroke: this.#stroke, points };
      this.#board.apply(this.#parts.me, message);
      this.say(message);
    }
    if (this.#pending !== null) this.say(this.#pending);
    this.#pending = null;
  }

  /** What waits too long is not worth saying any more. */
  say(message: PointerMessage): void {
    const { readyState, bufferedAmount } = this.#channel;
    if (readyState === 'open' && bufferedAmount < mostWaiting) this.#channel.send(formatPointerMessage(message));
  }

  /** Whoever had control has it no more. */
  forget(who: Aor): void {
    this.#board.lift(who);
  }

  stop(): void {
    this.#stopTimer();
    this.#board.stop();
    this.#channel.removeEventListener('message', this.#onMessage);
  }
}
