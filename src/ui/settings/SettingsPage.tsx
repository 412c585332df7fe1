import { Button, Radio, RadioGroup, Switch } from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';
import { bareAddress } from '../../protocol/sip/uri';
import { nameOf } from '../../state/selectors';
import { Face } from '../people/Face';
import { type Preferences, prefer, usePreferences } from '../preferences';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { useApp, useCommands } from '../useApp';
import { ForgetDialog } from './ForgetDialog';
import { PasswordDialog } from './PasswordDialog';
import './settings.css';

/** What a person may choose, and the account. */
export function SettingsPage({ onShortcuts }: { onShortcuts(): void }) {
  const { theme, enterSends } = usePreferences();
  return (
    <section className="pane settings" aria-label="Settings" data-region>
      <header className="settings__head">
        <h1>Settings</h1>
      </header>
      <div className="settings__body">
        <Account />
        <Section title="Appearance">
          <RadioGroup
            aria-label="Theme"
            layout="horizontal"
            value={theme}
            onChange={(_event, data) => prefer({ theme: data.value as Preferences['theme'] })}
          >
            <Radio value="system" label="Like this computer" />
            <Radio value="light" label="Light" />
            <Radio value="dark" label="Dark" />
          </RadioGroup>
        </Section>
        <Section title="Messages">
          <Switch
            checked={enterSends}
            label="Enter sends a message"
            onChange={(_event, data) => prefer({ enterSends: data.checked })}
          />
          <p className="settings__hint">
            {enterSends ? 'Shift+Enter starts a new line.' : 'Enter starts a new line, Shift+Enter sends.'}
          </p>
          <Notifications />
          <Button onClick={onShortcuts}>Keyboard shortcuts</Button>
        </Section>
        <Connection />
        <ThisComputer />
      </div>
    </section>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="settings__section" aria-label={title}>
      <h2>{title}</h2>
      <div>{children}</div>
    </section>
  );
}

function Account() {
  const commands = useCommands();
  const aor = useApp((state) => state.account?.aor);
  const name = useApp((state) => (state.account === null ? '' : nameOf(state, state.account.aor)));
  const server = useApp((state) =>
    state.signIn.is === 'signedIn' || state.signIn.is === 'reconnecting' ? state.signIn.server : '',
  );
  const canChangePassword = useApp((state) => state.capabilities.changePassword);
  const [isChanging, setIsChanging] = useState(false);
  if (aor === undefined) return null;
  return (
    <Section title="Account">
      <div className="settings__who">
        <Face aor={aor} size={48} presence={false} />
        <div>
          <strong>{name}</strong>
          <p className="settings__hint">{bareAddress(aor)}</p>
          <p className="settings__hint">Connected to {server}</p>
        </div>
      </div>
      <div className="settings__actions">
        <Button onClick={() => void orSay(commands.signOut())}>Sign out</Button>
        {canChangePassword && <Button onClick={() => setIsChanging(true)}>Change my password</Button>}
      </div>
      {isChanging && <PasswordDialog onClosed={() => setIsChanging(false)} />}
    </Section>
  );
}

function Notifications() {
  const { notifies } = usePreferences();
  const [isDenied, setIsDenied] = useState(false);
  if (typeof Notification === 'undefined') return null;
  const choose = async (wanted: boolean) => {
    const mayNotify = !wanted || (await Notification.requestPermission()) === 'granted';
    setIsDenied(!mayNotify);
    prefer({ notifies: wanted && mayNotify });
  };
  return (
    <>
      <Switch
        checked={notifies && Notification.permission === 'granted'}
        label="Tell me of invitations and messages while Confab is out of sight"
        onChange={(_event, data) => void choose(data.checked)}
      />
      <p className="settings__hint" role={isDenied ? 'alert' : undefined}>
        {isDenied
          ? 'This browser does not allow it for this page. Allow notifications in the settings of the site, then try again.'
          : 'Notifications show the name and the first words.'}
      </p>
    </>
  );
}

function Connection() {
  const { go } = useNavigation();
  return (
    <Section title="Connection">
      <p>
        The doctor looks at everything between this browser and a conversation, and says what is broken and whose it is.
      </p>
      <Button onClick={() => go('doctor')}>Connection doctor</Button>
    </Section>
  );
}

function ThisComputer() {
  const [isForgetting, setIsForgetting] = useState(false);
  return (
    <Section title="This computer">
      <p>
        Conversations are kept on this computer only. “Forget me” signs you out and deletes them, with your saved
        password and settings.
      </p>
      <Button onClick={() => setIsForgetting(true)}>Forget me on this computer</Button>
      {isForgetting && <ForgetDialog onClosed={() => setIsForgetting(false)} />}
    </Section>
  );
}
