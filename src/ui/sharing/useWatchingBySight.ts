import { useEffect, useRef } from 'react';
import type { ConversationId } from '../../domain/ids';
import type { State } from '../../state/state';
import { useLedger } from '../useApp';
import { stagedOf } from './staged';
import { useWatch } from './useShare';

/**
 * In a conference everybody who has the conversation before them looks, as in Lync; who closed it does not again. It
 * follows the ledger and not what is drawn of it: the way to the picture is made while the stage is still being built.
 */
export function useWatchingBySight(id: ConversationId): void {
  const watch = useWatch();
  const latest = useRef(watch);
  latest.current = watch;
  const { getState, subscribe } = useLedger();
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible' && isWaiting(getState(), id)) void latest.current(id);
    };
    look();
    const unsubscribe = subscribe((state, before) => {
      if (isWaiting(state, id) && !isWaiting(before, id)) look();
    });
    document.addEventListener('visibilitychange', look);
    return () => {
      unsubscribe();
      document.removeEventListener('visibilitychange', look);
    };
  }, [id, getState, subscribe]);
}

/** Something is shown in the conference, and nobody of us looks at it yet. */
function isWaiting({ conversations, sharing }: State, id: ConversationId): boolean {
  const party = conversations[id]?.party;
  const isIn = party?.is === 'conference' && party.conference.membership.is === 'joined';
  return isIn && stagedOf(sharing[id]) === 'theirs' && sharing[id]?.theirs?.view.is === 'available';
}
