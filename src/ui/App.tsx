import { createDOMRenderer, FluentProvider, RendererProvider } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { Link } from '../link/link';
import { forgetDrafts } from './conversation/drafts';
import { forgetSending } from './conversation/sending';
import { loaded } from './loaded';
import { type Preferences, usePreferences } from './preferences';
import { forgetPlace } from './shell/navigation';
import { SignInPage } from './signin/SignInPage';
import { darkTheme, lightTheme } from './theme';
import { LinkContext, useApp } from './useApp';
import './app.css';

const starting = <div className="app__starting" role="status" aria-label="Starting" />;
const MainWindow = loaded(async () => (await import('./shell/MainWindow')).MainWindow, starting);

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]');
const renderer = createDOMRenderer(document, {
  // Before our own style sheet, whose rules then win over Fluent's of the same weight.
  insertionPoint: nonce ?? undefined,
  styleElementAttributes: { nonce: nonce?.content ?? '' },
});
const whole = { height: '100%', background: 'transparent' };
const prefersDark = matchMedia('(prefers-color-scheme: dark)');

export function App({ link }: { link: Link }) {
  const { theme } = usePreferences();
  const isDark = useIsDark(theme);
  useEffect(() => {
    // Also for what is drawn outside the app: menus, dialogs and their scroll bars.
    document.documentElement.style.colorScheme = isDark ? 'dark' : 'light';
  }, [isDark]);
  return (
    <LinkContext.Provider value={link}>
      <RendererProvider renderer={renderer} targetDocument={document}>
        <FluentProvider theme={isDark ? darkTheme : lightTheme} style={whole}>
          {/* Not on the provider itself: its class is copied to every portal, which would then cover the window. */}
          <div className="app" data-theme={isDark ? 'dark' : 'light'}>
            <Screen />
          </div>
        </FluentProvider>
      </RendererProvider>
    </LinkContext.Provider>
  );
}

function useIsDark(theme: Preferences['theme']): boolean {
  const [isSystemDark, setIsSystemDark] = useState(prefersDark.matches);
  useEffect(() => {
    const listen = () => setIsSystemDark(prefersDark.matches);
    prefersDark.addEventListener('change', listen);
    return () => prefersDark.removeEventListener('change', listen);
  }, []);
  return theme === 'system' ? isSystemDark : theme === 'dark';
}

function Screen() {
  const is = useApp((state) => state.signIn.is);
  const isByPerson = useApp(({ signIn }) => signIn.is === 'signedOut' && signIn.why === 'byPerson');
  useEffect(() => {
    // The main window is on its way while somebody types a password.
    if (is === 'signedOut' || is === 'signingIn') MainWindow.fetch();
  }, [is]);
  useEffect(() => {
    // Whoever signs in next on this tab finds nothing of the one before.
    if (!isByPerson) return;
    forgetDrafts();
    forgetSending();
    forgetPlace();
  }, [isByPerson]);
  if (is === 'starting') return starting;
  if (is === 'signedIn' || is === 'reconnecting') return <MainWindow />;
  return <SignInPage />;
}
