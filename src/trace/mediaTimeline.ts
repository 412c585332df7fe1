import type { MediaNote } from '../domain/mediaNote';
import { parseNote } from './notes';
import type { Row } from './row';

type Quality = Extract<MediaNote, { is: 'mediaQuality' }>;
type PathState = Extract<MediaNote, { is: 'mediaPath' }>['state'];

/** What one note says of a connection. */
export type MediaMoment = { row: Row; at: number } & (
  | { is: 'state'; state: PathState }
  | { is: 'quality'; quality: Quality }
);

/** One peer connection, as its notes tell it. */
export interface MediaTimeline {
  connection: string;
  /** `null` until it was measured. */
  direction: Quality['direction'] | null;
  /** Oldest first. */
  moments: MediaMoment[];
}

/** Every connection of the trace, the oldest first. */
export function mediaTimelines(rows: readonly Row[]): MediaTimeline[] {
  const all = new Map<string, MediaTimeline>();
  for (const row of rows) {
    if (row.entry.kind !== 'media') continue;
    const note = parseNote(row.entry.text);
    if ((note?.is !== 'mediaPath' && note?.is !== 'mediaQuality') || note.connection === undefined) continue;
    const { connection } = note;
    const timeline = all.get(connection) ?? { connection, direction: null, moments: [] };
    all.set(connection, timeline);
    const { at } = row.entry;
    if (note.is === 'mediaPath') timeline.moments.push({ is: 'state', row, at, state: note.state });
    else {
      timeline.direction = note.direction;
      timeline.moments.push({ is: 'quality', row, at, quality: note });
    }
  }
  return [...all.values()];
}
