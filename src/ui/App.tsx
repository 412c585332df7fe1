import { createDOMRenderer, FluentProvider, RendererProvider } from '@fluentui/react-components';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { Link } from '../link/link';
import { SignInPage } from './signin/SignInPage';
import { darkTheme, keepThemeChoice, lightTheme, readThemeChoice, type ThemeChoice } from './theme';
import { LinkContext, useApp } from './useApp';
import './app.css';

const loadMain = () => import('./shell/MainWindow');
const MainWindow = lazy(async () => ({ default: (await loadMain()).MainWindow }));

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
const renderer = createDOMRenderer(document, { styleElementAttributes: { nonce } });
const whole = { height: '100%', background: 'transparent' };
const prefersDark = matchMedia('(prefers-color-scheme: dark)');

export function App({ link }: { link: Link }) {
  const [choice, setChoice] = useState<ThemeChoice>(readThemeChoice);
  const isDark = useIsDark(choice);
  const choose = (next: ThemeChoice) => {
    keepThemeChoice(next);
    setChoice(next);
  };
  return (
    <LinkContext.Provider value={link}>
      <RendererProvider renderer={renderer} targetDocument={document}>
        <FluentProvider theme={isDark ? darkTheme : lightTheme} style={whole}>
          {/* Not on the provider itself: its class is copied to every portal, which would then cover the window. */}
          <div className="app" data-theme={isDark ? 'dark' : 'light'}>
            <Screen themeChoice={choice} onThemeChoice={choose} />
          </div>
        </FluentProvider>
      </RendererProvider>
    </LinkContext.Provider>
  );
}

function useIsDark(choice: ThemeChoice): boolean {
  const [isSystemDark, setIsSystemDark] = useState(prefersDark.matches);
  useEffect(() => {
    const listen = () => setIsSystemDark(prefersDark.matches);
    prefersDark.addEventListener('change', listen);
    return () => prefersDark.removeEventListener('change', listen);
  }, []);
  return choice === 'system' ? isSystemDark : choice === 'dark';
}

function Screen(props: { themeChoice: ThemeChoice; onThemeChoice(choice: ThemeChoice): void }) {
  const is = useApp((state) => state.signIn.is);
  useEffect(() => {
    // The main window is on its way while somebody types a password.
    if (is === 'signedOut' || is === 'signingIn') void loadMain();
  }, [is]);
  useEffect(() => {
    // A dialog that was open when its page went (signed out by the server) leaves everything else hidden from screen readers.
    if (is === 'signedOut') for (const element of document.body.children) element.removeAttribute('aria-hidden');
  }, [is]);
  if (is === 'starting') return <div className="app__starting" role="status" aria-label="Starting" />;
  if (is === 'signedIn' || is === 'reconnecting') {
    return (
      <Suspense fallback={<div className="app__starting" role="status" aria-label="Starting" />}>
        <MainWindow {...props} />
      </Suspense>
    );
  }
  return <SignInPage />;
}
