import { MalformedBody } from '../malformed';
import { longestPointerMessage } from './relayedData';

/**
 * Ours: what goes over the data channel `pointer` of a shared program (SPEC.md, SHR-12). Places are parts of the picture's
 * width and height, 0 to 1, to four places; a stroke is drawn piece by piece.
 */
export type PointerMessage =
  /** A pointer stands here; `laser` shows a dot instead of an arrow. */
  | { is: 'point'; x: number; y: number; laser: boolean }
  /** It has left the picture. */
  | { is: 'away' }
  /** More of a stroke; `stroke` tells the strokes of one author apart. */
  | { is: 'ink'; stroke: number; points: readonly Place[] }
  /** Everything that was drawn goes. */
  | { is: 'clear' }
  /** To the sharer, whose browser may let it through: how large the shared tab is shown. */
  | { is: 'zoom'; by: Zoom }
  /** Of the sharer: what is shown now, and what may be done to it beside pointing. */
  | { is: 'surface'; surface: 'desktop' | 'program' | 'tab'; zoom: boolean };

export type Zoom = 'in' | 'out';

/** `[x, y]`. */
export type Place = readonly [number, number];

/** Pieces of a stroke come with each frame; more is nobody's hand. */
export const mostPoints = 64;
const highestStroke = 1_000_000;

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

export function formatPointerMessage(message: PointerMessage): string {
  return JSON.stringify(message, (_key, value) => (typeof value === 'number' ? rounded(value) : value));
}

/** Throws `MalformedBody`: a place outside the picture is none. Fields that are not ours are dropped. */
export function parsePointerMessage(text: string): PointerMessage {
  if (text.length > longestPointerMessage) throw malformed('it is too long');
  const fields = fieldsOf(text);
  switch (fields.is) {
    case 'point':
      return { is: 'point', x: part(fields.x), y: part(fields.y), laser: fields.laser === true };
    case 'away':
    case 'clear':
      return { is: fields.is };
    case 'ink':
      return { is: 'ink', stroke: strokeIn(fields.stroke), points: pointsIn(fields.points) };
    case 'zoom':
      return { is: 'zoom', by: oneOf(fields.by, ['in', 'out']) };
    case 'surface':
      return {
        is: 'surface',
        surface: oneOf(fields.surface, ['desktop', 'program', 'tab']),
        zoom: fields.zoom === true,
      };
    default:
      throw malformed('it says nothing that we know');
  }
}

function malformed(why: string): MalformedBody {
  return new MalformedBody('pointer message', why);
}

function fieldsOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    throw malformed('it is no JSON');
  }
}

function within(value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) throw malformed('a number is out of bounds');
  return value;
}

const part = (value: unknown): number => within(value, 0, 1);

function strokeIn(value: unknown): number {
  const stroke = within(value, 0, highestStroke);
  if (!Number.isInteger(stroke)) throw malformed('a stroke has a whole number');
  return stroke;
}

function pointsIn(value: unknown): Place[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > mostPoints) throw malformed('these are no points');
  return value.map((point: unknown): Place => {
    if (!Array.isArray(point) || point.length !== 2) throw malformed('a place has two parts');
    return [part(point[0]), part(point[1])];
  });
}

function oneOf<T extends string>(value: unknown, words: readonly T[]): T {
  const word = words.find((one) => one === value);
  if (word === undefined) throw malformed('a word is none of ours');
  return word;
}
