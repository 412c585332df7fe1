import { ArrowDown16Filled } from '@fluentui/react-icons';
import { type UIEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ConversationId } from '../../domain/ids';
import type { Item } from '../../domain/message';
import { itemsOfConversation } from '../../state/selectors';
import { useApp, useCommands, useLedger } from '../useApp';
import { useMessageMenu } from './MessageMenu';
import { Run } from './Run';
import { firstShown, runsOf } from './runs';
import { useStickToBottom } from './useStickToBottom';
import './transcript.css';

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
  /** Order of the last item when the person scrolled up; `null` while at the bottom. */
  const [leftAt, setLeftAt] = useState<number | null>(null);
  const stick = useStickToBottom(log, leftAt === null);
  const unreadFrom = useUnreadFrom(id, items);
  const origin = useOrigin(items);
  const { menu, ...menuKeys } = useMessageMenu(items);
  const first = firstShown(items.length, size, origin);
  const lastOwn = items.findLast((item) => item.kind === 'message' && item.own);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after every change of what is shown
  useLayoutEffect(() => {
    const element = log.current;
    if (element !== null && anchor.current !== null) {
      element.scrollTop = element.scrollHeight - anchor.current;
      anchor.current = null;
      return;
    }
    const last = items.at(-1);
    if (last !== undefined && last.kind !== 'line' && last.own) setLeftAt(null);
    stick();
  }, [items, size]);

  // What comes from now on comes in softly; once, so that a message costs nothing.
  useEffect(() => log.current?.firstElementChild?.classList.add('is-live'), []);

  const onScroll = useCallback(
    (event: UIEvent<HTMLDivElement>) => {
      const element = event.currentTarget;
      const isAtBottom = element.scrollHeight - element.scrollTop - element.clientHeight < nearBottomPx;
      setLeftAt((before) => (isAtBottom ? null : (before ?? items.at(-1)?.order ?? null)));
      if (element.scrollTop > nearTopPx || (first === 0 && atStart)) return;
      anchor.current = element.scrollHeight - element.scrollTop;
      if (first > 0) setSize(size + windowSize);
      else void commands.loadOlder(id).then(() => setSize(size + windowSize));
    },
    [items, first, atStart, size, commands, id],
  );
  const fresh = leftAt === null ? 0 : items.filter(({ order }) => order > leftAt).length;

  return (
    <div className="transcript" data-region>
      <div
        className="transcript__log"
        role="log"
        aria-label="Messages"
        aria-live="polite"
        ref={log}
        onScroll={onScroll}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        {...menuKeys}
        tabIndex={0}
      >
        <div className="transcript__items">
          {runsOf(items, first, origin).map(({ number, start, end }) => {
            const run = items.slice(start, end);
            return (
              <Run
                key={number}
                items={run}
                previous={items[start - 1]}
                unreadFrom={run.find((item) => item.id === unreadFrom) ?? null}
                lastOwn={lastOwn !== undefined && run.includes(lastOwn) ? lastOwn : null}
              />
            );
          })}
        </div>
      </div>
      {fresh > 0 && (
        <button type="button" className="transcript__new" onClick={() => setLeftAt(null)}>
          <ArrowDown16Filled aria-hidden="true" /> {fresh} new
        </button>
      )}
      {menu}
      <ReadMark id={id} />
    </div>
  );
}

/** Where the item is now that came first when the transcript was opened: runs are counted from it, so that older items before it move no border. */
function useOrigin(items: readonly Item[]): number {
  const [id] = useState(() => items[0]?.id);
  return Math.max(
    0,
    items.findIndex((item) => item.id === id),
  );
}

/** Where unread messages began when the conversation was opened: the divider stays until one leaves. */
function useUnreadFrom(id: ConversationId, items: readonly Item[]): string | null {
  const ledger = useLedger();
  const [from] = useState(() => {
    const unread = ledger.getState().conversations[id]?.unread ?? 0;
    const others = items.filter((item) => item.kind !== 'line' && !item.own);
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
