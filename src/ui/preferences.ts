import { useSyncExternalStore } from 'react';

/** What a person likes on this device. Kept for the whole browser; every tab follows at once. */
export interface Preferences {
  theme: 'system' | 'light' | 'dark';
  /** Enter sends and Shift+Enter starts a new line; else the other way round. */
  enterSends: boolean;
  /** Tell of invitations and messages by the computer's own notifications while the window is out of sight. */
  notifies: boolean;
  contactsBy: 'groups' | 'status';
  /** Groups and statuses that are folded in the contact list. */
  folded: readonly string[];
}

const key = 'confab-preferences';
const usual: Preferences = { theme: 'system', enterSends: true, notifies: false, contactsBy: 'groups', folded: [] };
const listeners = new Set<() => void>();
let current = read();

function read(): Preferences {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Record<keyof Preferences, unknown>>;
    return {
      theme: kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : usual.theme,
      enterSends: kept.enterSends !== false,
      notifies: kept.notifies === true,
      contactsBy: kept.contactsBy === 'status' ? 'status' : usual.contactsBy,
      folded: Array.isArray(kept.folded) ? kept.folded.filter((id) => typeof id === 'string') : usual.folded,
    };
  } catch {
    return usual;
  }
}

function tell(): void {
  current = read();
  for (const run of listeners) run();
}

addEventListener('storage', (event) => {
  if (event.key === key || event.key === null) tell();
});

export function preferences(): Preferences {
  return current;
}

export function usePreferences(): Preferences {
  return useSyncExternalStore((run) => {
    listeners.add(run);
    return () => listeners.delete(run);
  }, preferences);
}

export function prefer(change: Partial<Preferences>): void {
  localStorage.setItem(key, JSON.stringify({ ...current, ...change }));
  tell();
}

/** Everything that tabs of ours keep outside the engine. */
export function forgetPreferences(): void {
  for (const storage of [localStorage, sessionStorage]) storage.clear();
  tell();
}
