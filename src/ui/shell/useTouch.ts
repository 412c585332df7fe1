import { useEffect } from 'react';
import { useCommands } from '../useApp';

const touchEveryMs = 15_000;

/** Tells the engine that somebody is here, and to look at the connection when the network or the computer comes back. */
export function useTouch(): void {
  const commands = useCommands();
  useEffect(() => {
    let last = 0;
    const touch = () => {
      const now = performance.now();
      if (now - last < touchEveryMs) return;
      last = now;
      void commands.touched();
    };
    const check = () => {
      if (document.visibilityState === 'visible') void commands.checkConnection();
    };
    const touches = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const;
    for (const name of touches) addEventListener(name, touch, { passive: true });
    addEventListener('online', check);
    document.addEventListener('visibilitychange', check);
    return () => {
      for (const name of touches) removeEventListener(name, touch);
      removeEventListener('online', check);
      document.removeEventListener('visibilitychange', check);
    };
  }, [commands]);
}
