import { useContext, useMemo, useSyncExternalStore } from 'react';
import type { ConversationId } from '../../domain/ids';
import type { Link } from '../../link/link';
import type { Marks } from '../../media/marks';
import type { Reading } from '../../media/meter';
import type { Shown } from '../../media/sharer';
import { TabMedia } from '../../media/tabMedia';
import type { Seen } from '../../media/viewer';
import { realWorld } from '../../world';
import { LinkContext } from '../useApp';

const medias = new WeakMap<Link, TabMedia>();

/** The media of this tab; made when it is first needed. Loaded with what is drawn of sharing, not with the first page. */
export function tabMediaOf(link: Link): TabMedia {
  const known = medias.get(link);
  if (known !== undefined) return known;
  const { tab, commands, store } = link;
  const media = new TabMedia({
    world: realWorld,
    tab,
    commands,
    state: () => store.getState(),
    subscribe: (run) => store.subscribe(run),
  });
  medias.set(link, media);
  return media;
}

export function useTabMedia(): TabMedia {
  const link = useContext(LinkContext);
  if (link === null) throw new Error('outside the link');
  return useMemo(() => tabMediaOf(link), [link]);
}

/** What this tab shows in the conversation; `null` when it shows nothing. */
export function useShown(id: ConversationId): Shown | null {
  const media = useTabMedia();
  return useSyncExternalStore(media.subscribe, () => media.shown(id));
}

/** What is drawn over what this tab shows or looks at. */
export function useMarks(id: ConversationId): Marks {
  const media = useTabMedia();
  return useSyncExternalStore(media.subscribe, () => media.marks(id));
}

/** What its connection measured lately, the oldest first. */
export function useReadings(id: ConversationId): readonly Reading[] {
  const media = useTabMedia();
  return useSyncExternalStore(media.subscribe, () => media.readings(id));
}

/** Names the connection in the log; `null` before there is one. */
export function useConnectionId(id: ConversationId): string | null {
  const media = useTabMedia();
  return useSyncExternalStore(media.subscribe, () => media.connectionId(id));
}

/** What this tab looks at in the conversation. */
export function useSeen(id: ConversationId): Seen | null {
  const media = useTabMedia();
  return useSyncExternalStore(media.subscribe, () => media.seen(id));
}
