import { useEffect } from 'react';
import type { Conversation } from '../../domain/conversation';
import { conversationsByTime } from '../../state/selectors';
import { useLedger } from '../useApp';
import type { Navigation, RailPlace } from './navigation';

/** Alt and this digit. The third is kept for meetings, so that no finger has to learn anew. */
export const placeKeys: Record<RailPlace, string> = { contacts: '1', conversations: '2', trace: '4', settings: '5' };

/** Keys that work wherever the focus is. Never those that browsers keep for themselves (Ctrl+N, Ctrl+T, Ctrl+1, F11). */
export function useShortcuts(navigation: Navigation, showAll: () => void, isOn = true): void {
  const ledger = useLedger();
  useEffect(() => {
    if (!isOn) return;
    const listen = (event: KeyboardEvent) => {
      const run = actionOf(event);
      if (run === null || isUnderDialog()) return;
      event.preventDefault();
      run();
    };
    const { go, open, selected, startConversation } = navigation;

    const actionOf = (event: KeyboardEvent): (() => void) | null => {
      const { code, altKey, ctrlKey, metaKey, shiftKey } = event;
      if (code === 'F6' && !altKey) return () => focusRegion(shiftKey ? -1 : 1);
      if (ctrlKey && !altKey && !metaKey && (code === 'Slash' || event.key === '/')) return showAll;
      if (!altKey || ctrlKey || metaKey || shiftKey) return null;
      const digit = /^Digit(\d)$/.exec(code)?.[1];
      const place = (Object.keys(placeKeys) as RailPlace[]).find((one) => placeKeys[one] === digit);
      if (place !== undefined) return () => go(place);
      if (code === 'KeyQ') return () => find(navigation);
      if (code === 'KeyN') return startConversation;
      if (code === 'PageDown' || code === 'PageUp') return () => step(code === 'PageDown' ? 1 : -1);
      return null;
    };

    const step = (by: number) => {
      const all: Conversation[] = conversationsByTime(ledger.getState());
      const listed = [...all.filter((one) => one.open), ...all.filter((one) => !one.open)];
      const current = listed.findIndex(({ id }) => id === selected);
      const next = listed[current < 0 ? 0 : Math.max(0, Math.min(listed.length - 1, current + by))];
      if (next === undefined) return;
      if (navigation.place !== 'contacts') go('conversations');
      open(next.id);
    };

    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [navigation, showAll, ledger, isOn]);
}

const isUnderDialog = (): boolean => document.querySelector('[aria-modal="true"]') !== null;

/** To the search of this place; from a place without one to that of the contacts. */
function find({ place, go }: Navigation): void {
  const focus = () => {
    const field = document.querySelector<HTMLInputElement>('.column input[type="search"]');
    field?.focus();
    field?.select();
  };
  if (place === 'contacts' || place === 'conversations') return focus();
  go('contacts');
  requestAnimationFrame(focus);
}

const focusable = 'a[href], button, input, textarea, [tabindex="0"]';
/** Where one is in a region: its chosen item, its field, its own stop among many. */
const entrances = [
  '[aria-current]',
  'textarea',
  'input:checked',
  'input',
  '[role="treeitem"][tabindex="0"]',
  focusable,
];

/** F6 jumps between the regions of the screen, to what takes the focus in each. */
function focusRegion(step: number): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
    (region) => entranceOf(region) !== undefined,
  );
  const current = regions.findLastIndex((region) => region.contains(document.activeElement));
  const start = current < 0 && step < 0 ? 0 : current;
  const next = regions[(start + step + regions.length) % regions.length];
  if (next !== undefined) entranceOf(next)?.focus();
}

function entranceOf(region: HTMLElement): HTMLElement | undefined {
  for (const selector of entrances) {
    for (const element of region.querySelectorAll<HTMLElement>(selector)) {
      if (element.tabIndex >= 0 && element.checkVisibility()) return element;
    }
  }
  return undefined;
}
