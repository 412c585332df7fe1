import { type RefObject, useCallback, useEffect, useState } from 'react';

/** Full screen of an element, by the returned function or Alt+Shift+F. */
export function useFullScreen(element: RefObject<HTMLElement | null>): [isFull: boolean, toggle: () => void] {
  const [isFull, setIsFull] = useState(false);
  const toggle = useCallback(() => {
    // A browser may refuse; then it stays as it is.
    if (document.fullscreenElement === null) element.current?.requestFullscreen().catch(() => undefined);
    else document.exitFullscreen().catch(() => undefined);
  }, [element]);
  useEffect(() => {
    const look = () => setIsFull(document.fullscreenElement !== null && document.fullscreenElement === element.current);
    const listen = (event: KeyboardEvent) => {
      if (!event.altKey || !event.shiftKey || event.ctrlKey || event.code !== 'KeyF') return;
      event.preventDefault();
      toggle();
    };
    document.addEventListener('fullscreenchange', look);
    addEventListener('keydown', listen);
    return () => {
      document.removeEventListener('fullscreenchange', look);
      removeEventListener('keydown', listen);
    };
  }, [element, toggle]);
  return [isFull, toggle];
}
