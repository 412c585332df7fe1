import type { Item } from '../../domain/message';
import { isSameDay } from '../words/timeText';

/** One author within this long is one group of bubbles. */
const groupMs = 5 * 60_000;

/** What stands before an item: a day divider, and whether it begins a group of its author's. */
export interface Placement {
  day: boolean;
  head: boolean;
}

export function placementOf(item: Item, previous: Item | undefined): Placement {
  const day = previous === undefined || !isSameDay(previous.at, item.at);
  if (item.kind === 'line') return { day, head: false };
  const continues =
    !day && previous.kind !== 'line' && previous.author === item.author && item.at - previous.at < groupMs;
  return { day, head: !continues };
}
