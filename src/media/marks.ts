import type { Place, PointerMessage } from '../protocol/shared/pointerMessage';
import type { Aor } from '../protocol/sip/uri';
import type { World } from '../world';

export interface Pointer {
  who: Aor;
  x: number;
  y: number;
  laser: boolean;
}

export interface Stroke {
  /** Unlike any other's. */
  key: string;
  who: Aor;
  points: readonly Place[];
}

/** What is drawn over a shared picture. The same objects while nothing changed. */
export interface Marks {
  pointers: readonly Pointer[];
  strokes: readonly Stroke[];
}

export const noMarks: Marks = { pointers: [], strokes: [] };

/** The oldest goes when there are more: nobody fills our memory. */
const mostStrokes = 200;
const mostPointsEach = 2_000;
/** A pointer that says nothing is somebody who has gone. */
const pointerStaysMs = 10_000;
/** A laser is seen where it moves. */
const laserStaysMs = 1_500;

/** Pointers and ink, message by message. */
export class MarkBoard {
  readonly #world: World;
  readonly #onChange: () => void;
  #marks: Marks = noMarks;
  readonly #timers = new Map<Aor, () => void>();

  constructor(world: World, onChange: () => void) {
    this.#world = world;
    this.#onChange = onChange;
  }

  get marks(): Marks {
    return this.#marks;
  }

  #set(change: Partial<Marks>): void {
    this.#marks = { ...this.#marks, ...change };
    this.#onChange();
  }

  /** What this person does; messages that draw nothing are passed over. */
  apply(who: Aor, message: PointerMessage): void {
    switch (message.is) {
      case 'point':
        return this.#point(who, message);
      case 'away':
        return this.lift(who);
      case 'ink':
        return this.#draw(who, message.stroke, message.points);
      case 'clear':
        return this.clear();
    }
  }

  #point(who: Aor, { x, y, laser }: Extract<PointerMessage, { is: 'point' }>): void {
    this.#timers.get(who)?.();
    this.#timers.set(
      who,
      this.#world.after(laser ? laserStaysMs : pointerStaysMs, () => this.lift(who)),
    );
    const others = this.#marks.pointers.filter((pointer) => pointer.who !== who);
    this.#set({ pointers: [...others, { who, x, y, laser }] });
  }

  #draw(who: Aor, number: number, points: readonly Place[]): void {
    const key = `${who} ${number}`;
    const { strokes } = this.#marks;
    const at = strokes.findIndex((stroke) => stroke.key === key);
    const before = strokes[at]?.points ?? [];
    const stroke = { key, who, points: [...before, ...points].slice(0, mostPointsEach) };
    this.#set({ strokes: at < 0 ? [...strokes, stroke].slice(-mostStrokes) : strokes.with(at, stroke) });
  }

  /** Somebody points no more. */
  lift(who: Aor): void {
    this.#timers.get(who)?.();
    this.#timers.delete(who);
    if (!this.#marks.pointers.some((pointer) => pointer.who === who)) return;
    this.#set({ pointers: this.#marks.pointers.filter((pointer) => pointer.who !== who) });
  }

  clear(): void {
    if (this.#marks.strokes.length > 0) this.#set({ strokes: [] });
  }

  stop(): void {
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
  }
}
