import { createContext, useContext } from 'react';
import type { Outcome } from '../../domain/failure';
import type { ConversationId } from '../../domain/ids';
import type { Aor } from '../../protocol/sip/uri';

export type Place = 'contacts' | 'conversations' | 'trace' | 'settings';

/** Where this tab is: only about this screen, so it never goes through the engine. */
export interface Navigation {
  place: Place;
  go(place: Place): void;
  selected: ConversationId | null;
  open(id: ConversationId | null): void;
  /** Opens the conversation with a person. */
  talkTo(person: Aor): Promise<Outcome<ConversationId>>;
}

export const NavigationContext = createContext<Navigation | null>(null);

export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (navigation === null) throw new Error('outside the main window');
  return navigation;
}
