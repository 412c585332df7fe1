import { useEffect, useRef } from 'react';
import { isNarrow, useMedia } from './useMedia';

const mark = 'conversation';
const isMarked = (): boolean => (history.state as { confab?: unknown } | null)?.confab === mark;

/** Where a conversation covers the list, the browser's Back leaves the conversation and not Confab. */
export function useBack(isTalking: boolean, leave: () => void): void {
  const isDeep = useMedia(isNarrow) && isTalking;
  const latest = useRef({ isDeep, leave });
  latest.current = { isDeep, leave };
  /** We went back ourselves: what the browser tells of it is no news. */
  const isOwn = useRef(false);
  useEffect(() => {
    const listen = () => {
      if (isOwn.current) {
        isOwn.current = false;
        if (latest.current.isDeep) history.pushState({ confab: mark }, '');
      } else if (latest.current.isDeep && !isMarked()) latest.current.leave();
    };
    addEventListener('popstate', listen);
    return () => removeEventListener('popstate', listen);
  }, []);
  useEffect(() => {
    if (isDeep && !isMarked()) history.pushState({ confab: mark }, '');
    if (isDeep || !isMarked() || isOwn.current) return;
    isOwn.current = true;
    history.back();
  }, [isDeep]);
}
