import { memo, type RefObject, type UIEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ConversationId } from '../../domain/ids';
import type { Item, Line, Message } from '../../domain/message';
import { itemsOfConversation } from '../../state/selectors';
import { useApp, useCommands, useLedger } from '../useApp';
import { lineText } from '../words/lineText';
import { dayText, timeText } from '../words/timeText';
import { Bubble } from './Bubble';
import { placementOf } from './grouping';

const windowSize = 120;
const nearBottomPx = 60;
const nearTopPx = 200;

/** What was said. Shows the newest items and more as one scrolls up; stays at the bottom only while the person is there. */
export function Transcript({ id }: { id: ConversationId }) {
  const commands = useCommands();
  const items = useApp((state) => itemsOfConversation(state, id));
  const atStart = useApp((state) => state.transcripts[id]?.atStart ?? true);
  const [size, setSize] = useState(windowSize);
  const log = useRef<HTMLDivElement>(null);
  /** Height below the first shown item, to keep it in place when older ones come. */
  const anchor = useRef<number | null>(null);
  /** How many items there were when the person scrolled up; `null` while at the bottom. */
  const [leftAt, setLeftAt] = useState<number | null>(null);
  const stick = useStickToBottom(log, leftAt === null);
  const unreadFrom = useUnreadFrom(id, items);
  const shown = items.slice(-size);
  const lastOwn = shown.findLast((item): item is Message => item.kind === 'message' && item.own);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after every change of what is shown
  useLayoutEffect(() => {
    const element = log.current;
    if (element !== null && anchor.current !== null) {
      element.scrollTop = element.scrollHeight - anchor.current;
      anchor.current = null;
      return;
    }
    const last = items.at(-1);
    if (last?.kind === 'message' && last.own) setLeftAt(null);
    stick();
  }, [items, size]);

  const onScroll = useCallback(
    (event: UIEvent<HTMLDivElement>) => {
      const element = event.currentTarget;
      const isAtBottom = element.scrollHeight - element.scrollTop - element.clientHeight < nearBottomPx;
      setLeftAt((before) => (isAtBottom ? null : (before ?? items.length)));
      if (element.scrollTop > nearTopPx || (shown.length === items.length && atStart)) return;
      anchor.current = element.scrollHeight - element.scrollTop;
      if (shown.length < items.length) setSize(size + windowSize);
      else void commands.loadOlder(id).then(() => setSize(size + windowSize));
    },
    [items.length, shown.length, atStart, size, commands, id],
  );
  const fresh = leftAt === null ? 0 : items.length - leftAt;

  return (
    <div className="transcript">
      <div
        className="transcript__log"
        role="log"
        aria-label="Messages"
        aria-live="polite"
        ref={log}
        onScroll={onScroll}
        tabIndex={0}
      >
        <div className="transcript__items">
          {shown.map((item, index) => {
            const { day, head } = placementOf(item, shown[index - 1]);
            return (
              <Placed
                key={item.id}
                item={item}
                day={day}
                head={head}
                isUnread={item.id === unreadFrom}
                isLastOwn={item === lastOwn}
              />
            );
          })}
        </div>
      </div>
      {fresh > 0 && (
        <button type="button" className="transcript__new" onClick={() => setLeftAt(null)}>
          {fresh} new
        </button>
      )}
      <ReadMark id={id} />
    </div>
  );
}

/**
 * Keeps a scroller at its end while `isStuck`, also when its height changes. It scrolls just before the next paint: to ask
 * for the height at once would lay out the page a second time for every message.
 */
function useStickToBottom(scroller: RefObject<HTMLElement | null>, isStuck: boolean): () => void {
  const frame = useRef(0);
  const wanted = useRef(isStuck);
  wanted.current = isStuck;
  const stick = useCallback(() => {
    if (frame.current !== 0) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = 0;
      if (wanted.current && scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
    });
  }, [scroller]);
  useEffect(() => {
    if (isStuck) stick();
  }, [isStuck, stick]);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(stick);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, stick]);
  return stick;
}

/** Where unread messages began when the conversation was opened: the divider stays until one leaves. */
function useUnreadFrom(id: ConversationId, items: readonly Item[]): string | null {
  const ledger = useLedger();
  const [from] = useState(() => {
    const unread = ledger.getState().conversations[id]?.unread ?? 0;
    const others = items.filter((item) => item.kind === 'message' && !item.own);
    return unread > 0 && unread <= others.length ? (others.at(-unread)?.id ?? null) : null;
  });
  return from;
}

/** Marks as read what the person has before their eyes. Shows nothing; apart, so that what it watches draws nothing anew. */
function ReadMark({ id }: { id: ConversationId }) {
  const commands = useCommands();
  // When the last unread one came: a count may go to 0 and back between two frames.
  const unreadAt = useApp(({ conversations: { [id]: one } }) => (one?.unread || one?.missed ? one.lastAt : null));
  useEffect(() => {
    if (unreadAt === null) return;
    const read = () => {
      if (document.visibilityState === 'visible' && document.hasFocus()) void commands.markRead(id);
    };
    read();
    addEventListener('focus', read);
    document.addEventListener('visibilitychange', read);
    return () => {
      removeEventListener('focus', read);
      document.removeEventListener('visibilitychange', read);
    };
  }, [commands, id, unreadAt]);
  return null;
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
      {isUnread && <p className="divider divider--unread">New messages</p>}
      {item.kind === 'line' ? <SystemLine line={item} /> : <Bubble message={item} head={head} isLastOwn={isLastOwn} />}
    </>
  );
});

function SystemLine({ line }: { line: Line }) {
  const text = useApp((state) => lineText(state, line.event));
  return (
    <p className="line">
      {text} <time>{timeText(line.at)}</time>
    </p>
  );
}
