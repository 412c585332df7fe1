import type { ConversationId } from '../../domain/ids';
import type { Sharing } from '../../domain/sharing';
import { useApp } from '../useApp';

/** What stands beside the chat: what we show, what we look at, or nothing. */
export type Staged = 'own' | 'theirs' | null;

export function stagedOf(sharing: Sharing | undefined): Staged {
  if (sharing === undefined) return null;
  const { own, theirs } = sharing;
  const view = theirs?.view;
  const isTheirs = view !== undefined && view.is !== 'offered' && !(view.is === 'available' && view.isDismissed);
  if (own !== null && (own.state === 'live' || !isTheirs)) return 'own';
  return isTheirs ? 'theirs' : null;
}

export function useStaged(id: ConversationId): Staged {
  return useApp((state) => stagedOf(state.sharing[id]));
}
