import { memo } from 'react';
import type { Item } from '../../domain/message';
import { FileCard } from '../files/FileCard';
import { dayText } from '../words/timeText';
import { Bubble } from './Bubble';
import { placementOf } from './grouping';
import { SystemLine } from './SystemLine';

interface RunProps {
  items: readonly Item[];
  /** The item before the first of these. */
  previous: Item | undefined;
  /** Before this one stands the divider of unread messages. */
  unreadFrom: Item | null;
  /** The last message of ours, which tells its delivery. */
  lastOwn: Item | null;
}

/** A stretch of a transcript that is drawn together: a new message draws the last run only. */
export const Run = memo(function Run({ items, previous, unreadFrom, lastOwn }: RunProps) {
  return items.map((item, index) => {
    const { day, head } = placementOf(item, items[index - 1] ?? previous);
    return (
      <Placed
        key={item.id}
        item={item}
        day={day}
        head={head}
        isUnread={item === unreadFrom}
        isLastOwn={item === lastOwn}
      />
    );
  });
}, isSameRun);

function isSameRun(before: RunProps, after: RunProps): boolean {
  return (
    before.previous === after.previous &&
    before.unreadFrom === after.unreadFrom &&
    before.lastOwn === after.lastOwn &&
    before.items.length === after.items.length &&
    before.items.every((item, index) => item === after.items[index])
  );
}

interface PlacedProps {
  item: Item;
  day: boolean;
  head: boolean;
  isUnread: boolean;
  isLastOwn: boolean;
}

const Placed = memo(function Placed({ item, day, head, isUnread, isLastOwn }: PlacedProps) {
  return (
    <>
      {day && <p className="divider">{dayText(item.at, Date.now())}</p>}
      {isUnread && <p className="divider divider--unread">New</p>}
      {item.kind === 'line' && <SystemLine line={item} />}
      {item.kind === 'file' && <FileCard item={item} head={head} />}
      {item.kind === 'message' && <Bubble message={item} head={head} isLastOwn={isLastOwn} />}
    </>
  );
});
