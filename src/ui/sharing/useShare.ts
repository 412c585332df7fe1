import { useContext } from 'react';
import type { ConversationId } from '../../domain/ids';
import type { Link } from '../../link/link';
import type { Surface } from '../../protocol/lync/sharingSdp';
import { firstNameOf } from '../../state/selectors';
import { say } from '../shell/Notices';
import { LinkContext } from '../useApp';
import { sharingFailureText } from '../words/sharingText';

type MediaModule = typeof import('./tabMedia');

let fetched: MediaModule | null = null;

/** Sharing as the rest of the window starts it, without having loaded any of it. */
async function load(): Promise<MediaModule> {
  fetched ??= await import('./tabMedia');
  return fetched;
}

function useLink(): Link {
  const link = useContext(LinkContext);
  if (link === null) throw new Error('outside the link');
  return link;
}

export function fetchMedia(): void {
  void load().catch(() => undefined);
}

/** Looks at what somebody shows. Why it could not is said. */
export function useWatch(): (id: ConversationId) => Promise<void> {
  const link = useLink();
  return async (id) => {
    const { tabMediaOf } = fetched ?? (await load());
    const outcome = await tabMediaOf(link).watch(id);
    if (!outcome.ok && outcome.failure.is !== 'cancelled') say(sharingFailureText(outcome.failure, nameIn(link, id)));
  };
}

/** Shares what the person then chooses; `prepare` loads it, since the browser's picker must follow the click soon. */
export function useShare(id: ConversationId): { prepare(): void; share(surface: Surface): Promise<void> } {
  const link = useLink();
  const share = async (surface: Surface) => {
    const { tabMediaOf } = await load();
    const outcome = await tabMediaOf(link).share(id, surface);
    if (!outcome.ok && outcome.failure.is !== 'cancelled') say(sharingFailureText(outcome.failure, nameIn(link, id)));
  };
  return { prepare: () => void load(), share };
}

function nameIn({ store }: Link, id: ConversationId): string {
  const state = store.getState();
  const party = state.conversations[id]?.party;
  return party?.is === 'pairwise' ? firstNameOf(state, party.peer) : 'this conference';
}
