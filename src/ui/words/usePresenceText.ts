import { useSyncExternalStore } from 'react';
import type { Presence } from '../../domain/people';
import { useApp, useRecordedNow } from '../useApp';
import { isIdle, presenceText } from './statusText';

const minuteMs = 60_000;
const waiting = new Set<() => void>();
let minute = Date.now();
let timer: ReturnType<typeof setInterval> | null = null;

/** One clock for everybody who waits for the next minute. */
function onMinute(run: () => void): () => void {
  waiting.add(run);
  if (timer === null) {
    minute = Date.now();
    timer = setInterval(() => {
      minute = Date.now();
      for (const each of waiting) each();
    }, minuteMs);
  }
  return () => {
    waiting.delete(run);
    if (waiting.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}
const never = () => () => undefined;

/** What is written beside a name; "for 8 min" grows while one looks. */
export function usePresenceText(presence: Presence | undefined): string {
  const ticks = presence !== undefined && isIdle(presence);
  const minuteNow = useSyncExternalStore(ticks ? onMinute : never, () => minute);
  const now = useRecordedNow() ?? minuteNow;
  return presenceText(presence, Math.max(now, presence?.knownAt ?? 0));
}

/** What others see of oneself, or that nobody can see it now. */
export function useOwnStatusText(): string {
  const isAway = useApp((state) => state.signIn.is === 'reconnecting');
  const text = usePresenceText(useApp((state) => state.self.presence));
  return isAway ? 'Reconnecting…' : text;
}
