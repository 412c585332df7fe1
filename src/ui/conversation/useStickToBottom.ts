import { type RefObject, useCallback, useEffect, useRef } from 'react';

/**
 * Keeps a scroller at its end while `isStuck`, also when its height changes. It scrolls just before the next paint: to ask
 * for the height at once would lay out the page a second time for every message.
 */
export function useStickToBottom(scroller: RefObject<HTMLElement | null>, isStuck: boolean): () => void {
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
