import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import type { ConversationId } from '../../domain/ids';
import type { Aor } from '../../protocol/sip/uri';
import { ContactsColumn } from '../contacts/ContactsColumn';
import { ConversationPane } from '../conversation/ConversationPane';
import { ConversationsColumn } from '../conversation/ConversationsColumn';
import type { ThemeChoice } from '../theme';
import { useApp, useCommands } from '../useApp';
import { Invitations } from './Invitations';
import { Notices } from './Notices';
import { type Navigation, NavigationContext, type Place } from './navigation';
import { Rail } from './Rail';
import './shell.css';

const TracePage = lazy(async () => ({ default: (await import('../trace/TracePage')).TracePage }));
const SettingsPage = lazy(async () => ({ default: (await import('../settings/SettingsPage')).SettingsPage }));

interface MainWindowProps {
  themeChoice: ThemeChoice;
  onThemeChoice(choice: ThemeChoice): void;
}

/** Rail, side column and pane; on a narrow screen one of the latter two at a time. */
export function MainWindow({ themeChoice, onThemeChoice }: MainWindowProps) {
  const commands = useCommands();
  const [place, setPlace] = useState<Place>('contacts');
  const [selected, setSelected] = useState<ConversationId | null>(null);
  const isReconnecting = useApp((state) => state.signIn.is === 'reconnecting');
  const isThere = useApp((state) => selected !== null && state.conversations[selected] !== undefined);
  const open = useCallback((id: ConversationId | null) => setSelected(id), []);
  const talkTo = useCallback(
    async (person: Aor) => {
      const outcome = await commands.openConversation(person);
      if (outcome.ok) setSelected(outcome.value);
      return outcome;
    },
    [commands],
  );
  const navigation = useMemo<Navigation>(
    () => ({ place, go: setPlace, selected, open, talkTo }),
    [place, selected, open, talkTo],
  );
  useTouch();
  useShortcuts(setPlace);

  const hasColumn = place === 'contacts' || place === 'conversations';
  const shown = selected !== null && isThere ? selected : null;
  return (
    <NavigationContext.Provider value={navigation}>
      <div
        className={`window${shown !== null && hasColumn ? ' window--talking' : ''}${hasColumn ? '' : ' window--wide'}`}
      >
        <Rail />
        {place === 'contacts' && <ContactsColumn />}
        {place === 'conversations' && <ConversationsColumn />}
        <main className="window__pane" tabIndex={-1}>
          {isReconnecting && <Reconnecting />}
          {hasColumn && <ConversationPane key={shown ?? 'none'} id={shown} />}
          <Suspense fallback={null}>
            {place === 'trace' && <TracePage />}
            {place === 'settings' && <SettingsPage themeChoice={themeChoice} onThemeChoice={onThemeChoice} />}
          </Suspense>
        </main>
        <Invitations />
        <Notices />
      </div>
    </NavigationContext.Provider>
  );
}

function Reconnecting() {
  const commands = useCommands();
  const server = useApp((state) => (state.signIn.is === 'reconnecting' ? new URL(state.signIn.server).host : ''));
  return (
    <div className="banner" role="status">
      <span className="banner__spinner" aria-hidden="true" />
      <span>Reconnecting to {server}. Your messages wait here until you are back.</span>
      <button type="button" className="banner__action" onClick={() => void commands.checkConnection()}>
        Try now
      </button>
    </div>
  );
}

const touchEveryMs = 15_000;

/** Tells the engine that somebody is here, and to look at the connection when the network or the computer comes back. */
function useTouch(): void {
  const commands = useCommands();
  useEffect(() => {
    let last = 0;
    const touch = () => {
      const now = performance.now();
      if (now - last < touchEveryMs) return;
      last = now;
      void commands.touched();
    };
    const check = () => {
      if (document.visibilityState === 'visible') void commands.checkConnection();
    };
    const touches = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const;
    for (const name of touches) addEventListener(name, touch, { passive: true });
    addEventListener('online', check);
    document.addEventListener('visibilitychange', check);
    return () => {
      for (const name of touches) removeEventListener(name, touch);
      removeEventListener('online', check);
      document.removeEventListener('visibilitychange', check);
    };
  }, [commands]);
}

const places: readonly Place[] = ['contacts', 'conversations', 'trace', 'settings'];
const regions = ['.rail', '.column', '.window__pane', '.roster'];

function useShortcuts(go: (place: Place) => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const digit = /^Digit([1-4])$/.exec(event.code)?.[1];
      if (event.altKey && !event.ctrlKey && digit !== undefined) {
        event.preventDefault();
        return go(places[Number(digit) - 1] ?? 'contacts');
      }
      if (event.altKey && event.code === 'KeyQ') {
        event.preventDefault();
        return document.querySelector<HTMLInputElement>('.column input')?.focus();
      }
      if (event.key === 'F6') {
        event.preventDefault();
        focusRegion(event.shiftKey ? -1 : 1);
      }
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [go]);
}

/** F6 jumps between the landmarks, to the first thing in each that takes focus. */
function focusRegion(step: number): void {
  const present = regions.flatMap((selector) => document.querySelector<HTMLElement>(selector) ?? []);
  const current = present.findIndex((region) => region.contains(document.activeElement));
  const next = present[(current + step + present.length) % present.length];
  const target = next?.querySelector<HTMLElement>('textarea, input, [tabindex="0"], button') ?? next;
  target?.focus();
}
