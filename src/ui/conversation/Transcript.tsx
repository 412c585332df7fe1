import { memo, type UIEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ConversationId } from '../../domain/ids';
import type { Item, Line, Message } from '../../domain/message';
import { itemsOfConversation } from '../../state/selectors';
import { useApp, useCommands } from '../useApp';
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
  const isAtBottom = useRef(true);
  /** Height below the first shown item, to keep it in place when older ones come. */
  const anchor = useRef<number | null>(null);
  const [seen, setSeen] = useState(() => items.length);
  const unreadFrom = useUnreadFrom(id, items);
  const shown = items.slice(-size);
  const lastOwn = shown.findLast((item): item is Message => item.kind === 'message' && item.own);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after every change of what is shown
  useLayoutEffect(() => {
    const element = log.current;
    if (element === null) return;
    if (anchor.current !== null) {
      element.scrollTop = element.scrollHeight - anchor.current;
      anchor.current = null;
    } else if (isAtBottom.current || (items.at(-1)?.kind === 'message' && (items.at(-1) as Message).own)) {
      element.scrollTop = element.scrollHeight;
      isAtBottom.current = true;
    }
    if (isAtBottom.current) setSeen(items.length);
  }, [items, size]);

  const onScroll = useCallback(
    (event: UIEvent<HTMLDivElement>) => {
      const element = event.currentTarget;
      isAtBottom.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearBottomPx;
      if (isAtBottom.current) setSeen(items.length);
      if (element.scrollTop > nearTopPx || (shown.length === items.length && atStart)) return;
      anchor.current = element.scrollHeight - element.scrollTop;
      if (shown.length < items.length) setSize(size + windowSize);
      else void commands.loadOlder(id).then(() => setSize(size + windowSize));
    },
    [items.length, shown.length, atStart, size, commands, id],
  );
  const goDown = () => {
    isAtBottom.current = true;
    setSeen(items.length);
    if (log.current !== null) log.current.scrollTop = log.current.scrollHeight;
  };
  const fresh = items.length - seen;

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
        <div className="transcript__space" />
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
      {fresh > 0 && (
        <button type="button" className="transcript__new" onClick={goDown}>
          {fresh} new
        </button>
      )}
    </div>
  );
}

/** Where unread messages began when the conversation was opened: the divider stays until one leaves. */
function useUnreadFrom(id: ConversationId, items: readonly Item[]): string | null {
  const commands = useCommands();
  const unread = useApp((state) => state.conversations[id]?.unread ?? 0);
  const missed = useApp((state) => state.conversations[id]?.missed ?? false);
  const [from] = useState(() => {
    const others = items.filter((item) => item.kind === 'message' && !item.own);
    return unread > 0 && unread <= others.length ? (others.at(-unread)?.id ?? null) : null;
  });
  useEffect(() => {
    const read = () => {
      if ((unread > 0 || missed) && document.visibilityState === 'visible' && document.hasFocus())
        void commands.markRead(id);
    };
    read();
    addEventListener('focus', read);
    document.addEventListener('visibilitychange', read);
    return () => {
      removeEventListener('focus', read);
      document.removeEventListener('visibilitychange', read);
    };
  }, [commands, id, unread, missed]);
  return from;
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
