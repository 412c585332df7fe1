import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Commands } from '../client/commands';
import type { Link } from '../link/link';
import type { TraceFeed } from '../link/traceFeed';
import type { State } from '../state/state';
import type { Store } from '../state/store';

export const LinkContext = createContext<Link | null>(null);

function useLink(): Link {
  const link = useContext(LinkContext);
  if (link === null) throw new Error('outside the link');
  return link;
}

/** Reads the ledger; renders again when the selected value changes. A selector that builds must be memoised. */
export function useApp<T>(selector: (state: State) => T): T {
  return useStore(useLink().store, selector);
}

export function useCommands(): Commands {
  return useLink().commands;
}

/** The ledger as it is now, for handlers; does not render again. */
export function useLedger(): Pick<Store, 'getState' | 'subscribe'> {
  return useLink().store;
}

/** The time in the recording that is looked at; `undefined` where it is no recording. */
export function useRecordedNow(): number | undefined {
  return useLink().now?.();
}

export function useIsRecording(): boolean {
  return useLink().now !== undefined;
}

export function useTraceFeed(): TraceFeed {
  return useLink().trace;
}
