import { createContext, useContext } from 'react';
import type { Outcome } from '../../domain/failure';
import type { ConversationId } from '../../domain/ids';
import type { Aor } from '../../protocol/sip/uri';
import type { Recording } from '../replay/recording';
import type { TraceTarget } from '../trace/target';

/** Those of the rail, by which one comes back after a reload; the doctor is only asked. */
export type RailPlace = 'contacts' | 'conversations' | 'trace' | 'settings';
export type Place = RailPlace | 'doctor';

/** Where this tab is: only about this screen, so it never goes through the engine. */
export interface Navigation {
  place: Place;
  go(place: Place): void;
  /** What Trace shows first; `null` when one went there by oneself. */
  traceTarget: TraceTarget | null;
  /** Goes to Trace and shows this. */
  showTrace(target: TraceTarget): void;
  selected: ConversationId | null;
  open(id: ConversationId | null): void;
  /** Opens the conversation with a person. */
  talkTo(person: Aor): Promise<Outcome<ConversationId>>;
  /** Starts a conference with these people and opens it. */
  meet(people: readonly Aor[]): Promise<Outcome<ConversationId>>;
  /** Shows who somebody is, beside `anchor`; takes the focus unless the pointer only rested there. */
  showCard(person: Aor, anchor: HTMLElement, isResting?: boolean): void;
  /** Plays a recording over everything, until it is closed. */
  replay(recording: Recording): void;
  /** Asks whom to talk to. */
  startConversation(): void;
}

export const NavigationContext = createContext<Navigation | null>(null);

export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (navigation === null) throw new Error('outside the main window');
  return navigation;
}

const key = 'confab-place';
const places: readonly RailPlace[] = ['contacts', 'conversations', 'trace', 'settings'];

/** Where this tab was before it was loaded again. */
export function keptPlace(): { place: Place; selected: ConversationId | null } {
  const [place, selected] = (sessionStorage.getItem(key) ?? '').split(' ');
  const known = places.find((one) => one === place);
  return { place: known ?? 'contacts', selected: selected ? (selected as ConversationId) : null };
}

export function keepPlace(place: Place, selected: ConversationId | null): void {
  sessionStorage.setItem(key, `${place} ${selected ?? ''}`);
}

export function forgetPlace(): void {
  sessionStorage.removeItem(key);
}
