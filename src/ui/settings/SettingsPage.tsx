import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  Radio,
  RadioGroup,
} from '@fluentui/react-components';
import { type FormEvent, useState } from 'react';
import { bareAddress } from '../../protocol/sip/uri';
import { orSay } from '../shell/Notices';
import type { ThemeChoice } from '../theme';
import { useApp, useCommands } from '../useApp';
import { failureText } from '../words/failureText';
import './settings.css';

interface SettingsPageProps {
  themeChoice: ThemeChoice;
  onThemeChoice(choice: ThemeChoice): void;
}

export function SettingsPage({ themeChoice, onThemeChoice }: SettingsPageProps) {
  const commands = useCommands();
  const address = useApp((state) => (state.account === null ? '' : bareAddress(state.account.aor)));
  const server = useApp((state) =>
    state.signIn.is === 'signedIn' || state.signIn.is === 'reconnecting' ? state.signIn.server : '',
  );
  const canChangePassword = useApp((state) => state.capabilities.changePassword);
  const [dialog, setDialog] = useState<'password' | 'forget' | null>(null);
  return (
    <section className="settings" aria-label="Settings">
      <h1>Settings</h1>
      <h2>Appearance</h2>
      <RadioGroup
        aria-label="Theme"
        value={themeChoice}
        onChange={(_event, data) => onThemeChoice(data.value as ThemeChoice)}
      >
        <Radio value="system" label="As this computer" />
        <Radio value="light" label="Light" />
        <Radio value="dark" label="Dark" />
      </RadioGroup>
      <h2>Account</h2>
      <p>
        Signed in as <strong>{address}</strong> at {server}
      </p>
      <div className="settings__actions">
        <Button onClick={() => void orSay(commands.signOut())}>Sign out</Button>
        {canChangePassword && <Button onClick={() => setDialog('password')}>Change my password</Button>}
      </div>
      <h2>This computer</h2>
      <p>
        Conversations are kept on this computer only. “Forget me” signs you out and deletes them, with your saved
        password and settings.
      </p>
      <div className="settings__actions">
        <Button onClick={() => setDialog('forget')}>Forget me on this computer</Button>
      </div>
      {dialog === 'password' && <PasswordDialog onClose={() => setDialog(null)} />}
      {dialog === 'forget' && <ForgetDialog onClose={() => setDialog(null)} />}
    </section>
  );
}

function ForgetDialog({ onClose }: { onClose(): void }) {
  const commands = useCommands();
  const forget = async () => {
    // Closed before the page under it goes: an open dialog hides everything else from screen readers.
    onClose();
    await orSay(commands.forgetMe());
    for (const storage of [localStorage, sessionStorage]) storage.clear();
  };
  return (
    <Dialog open modalType="alert" onOpenChange={(_event, { open }) => !open && onClose()}>
      <DialogSurface className="dialog--small">
        <DialogBody>
          <DialogTitle>Forget you on this computer?</DialogTitle>
          <DialogContent>
            You will be signed out. Your conversations on this computer, the saved password and your settings are
            deleted. Your contacts stay on the server.
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <Button appearance="primary" onClick={() => void forget()}>
              Forget me
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function passwordFailure(status: number | null, text: string): string {
  if (status === 403 || status === 401) return 'The current password is not right.';
  return status === 429 ? 'Too many attempts. Wait a minute, then try again.' : text;
}

function PasswordDialog({ onClose }: { onClose(): void }) {
  const commands = useCommands();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [error, setError] = useState('');
  const [isDone, setIsDone] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (next !== again) return setError('The two new passwords are not the same.');
    const outcome = await commands.changePassword(current, next);
    if (outcome.ok) return setIsDone(true);
    const { failure } = outcome;
    setError(passwordFailure(failure.is === 'rejected' ? failure.status : null, failureText(failure)));
  };
  const field = (label: string, value: string, onValue: (value: string) => void, complete: string) => (
    <Field label={label}>
      <Input type="password" autoComplete={complete} value={value} onChange={(_event, data) => onValue(data.value)} />
    </Field>
  );
  return (
    <Dialog open onOpenChange={(_event, { open }) => !open && onClose()}>
      <DialogSurface className="dialog--small">
        <form onSubmit={(event) => void submit(event)}>
          <DialogBody>
            <DialogTitle>Change my password</DialogTitle>
            <DialogContent className="settings__fields">
              {isDone ? (
                <MessageBar intent="success" layout="multiline">
                  <MessageBarBody>Your password is changed. Other devices have to sign in again.</MessageBarBody>
                </MessageBar>
              ) : (
                <>
                  {field('Current password', current, setCurrent, 'current-password')}
                  {field('New password', next, setNext, 'new-password')}
                  {field('New password again', again, setAgain, 'new-password')}
                  {error !== '' && (
                    <div role="alert" className="settings__error">
                      {error}
                    </div>
                  )}
                </>
              )}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{isDone ? 'Close' : 'Cancel'}</Button>
              {!isDone && (
                <Button type="submit" appearance="primary" disabledFocusable={current === '' || next === ''}>
                  Change
                </Button>
              )}
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
