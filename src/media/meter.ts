import type { Level } from '../domain/logging';
import type { MediaNote } from '../domain/mediaNote';
import type { World } from '../world';
import { type Grade, gradeOf } from './grade';
import { type Quality, qualityOf, type Sample } from './quality';

const lookEveryMs = 2_000;
/** Two minutes. */
const mostKept = 60;
/** The log has a line so often, and whenever something else is the case. */
const noteEveryMs = 60_000;

export interface Reading {
  at: number;
  quality: Quality;
  grade: Grade | null;
}

export interface MeterParts {
  readonly world: World;
  onReading(): void;
  /** Names the connection in the log. */
  readonly id: string;
  note(note: MediaNote, level: Level): void;
}

/** Looks at the statistics of a connection from time to time, keeps the last two minutes and notes what they say. */
export class Meter {
  readonly #connection: RTCPeerConnection;
  readonly #direction: Quality['direction'];
  readonly #parts: MeterParts;
  #before: Sample | null = null;
  #readings: readonly Reading[] = [];
  #noted: { at: number; gist: string } | null = null;
  #stopTimer: () => void = () => undefined;
  #isStopped = false;

  constructor(connection: RTCPeerConnection, direction: Quality['direction'], parts: MeterParts) {
    this.#connection = connection;
    this.#direction = direction;
    this.#parts = parts;
    this.#soon();
  }

  /** The oldest first; the same array until the next look. */
  get readings(): readonly Reading[] {
    return this.#readings;
  }

  #soon(): void {
    this.#stopTimer = this.#parts.world.after(lookEveryMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    // A closed connection has no report.
    const report = await this.#connection.getStats().catch(() => null);
    if (this.#isStopped || report === null) return;
    const entries: [string, unknown][] = [];
    report.forEach((value, key) => {
      entries.push([key, value]);
    });
    const { quality, sample } = qualityOf(entries, this.#direction, this.#before);
    this.#before = sample;
    const reading = { at: this.#parts.world.now(), quality, grade: gradeOf(quality) };
    this.#readings = [...this.#readings, reading].slice(-mostKept);
    this.#note(reading);
    this.#soon();
    this.#parts.onReading();
  }

  #note({ at, quality, grade }: Reading): void {
    // The first look has no rates yet.
    if (this.#readings.length < 2) return;
    const gist = `${grade} ${quality.path?.by} ${quality.path?.protocol}`;
    if (this.#noted?.gist === gist && at - this.#noted.at < noteEveryMs) return;
    this.#noted = { at, gist };
    this.#parts.note(
      { is: 'mediaQuality', connection: this.#parts.id, grade, ...quality },
      grade === 'poor' ? 'warning' : 'information',
    );
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopTimer();
  }
}
