import { useCallback, useSyncExternalStore } from 'react';

/** Side by side with the participants there is room for the conversation from here on. */
export const isRoomy = '(min-width: 1200px)';
/** List and conversation take turns. */
export const isNarrow = '(max-width: 899px)';

/** Whether the screen is such, now and later. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (run: () => void) => {
      const media = matchMedia(query);
      media.addEventListener('change', run);
      return () => media.removeEventListener('change', run);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
