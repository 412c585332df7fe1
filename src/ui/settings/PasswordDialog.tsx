import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogTitle,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
} from '@fluentui/react-components';
import { type FormEvent, useState } from 'react';
import type { Failure } from '../../domain/failure';
import { Modal } from '../shell/Modal';
import { useCommands } from '../useApp';
import { failureText } from '../words/failureText';

function passwordFailure(failure: Failure): string {
  const status = failure.is === 'rejected' ? failure.status : null;
  if (status === 403 || status === 401) return 'The current password is not right.';
  return status === 429 ? 'Too many attempts. Wait a minute, then try again.' : failureText(failure);
}

export function PasswordDialog({ onClosed }: { onClosed(): void }) {
  const commands = useCommands();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [error, setError] = useState('');
  const [isAsking, setIsAsking] = useState(false);
  const [isDone, setIsDone] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (current === '' || next === '' || isAsking) return;
    if (next !== again) return setError('The two new passwords are not the same.');
    setIsAsking(true);
    const outcome = await commands.changePassword(current, next);
    setIsAsking(false);
    if (outcome.ok) setIsDone(true);
    else setError(passwordFailure(outcome.failure));
  };
  const field = (label: string, value: string, onValue: (value: string) => void, complete: string) => (
    <Field label={label}>
      <Input
        type="password"
        autoComplete={complete}
        value={value}
        onChange={(_event, data) => {
          onValue(data.value);
          setError('');
        }}
      />
    </Field>
  );
  return (
    <Modal className="dialog--small" onClosed={onClosed}>
      {(close) => (
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
              <Button onClick={close}>{isDone ? 'Close' : 'Cancel'}</Button>
              {!isDone && (
                <Button
                  type="submit"
                  appearance="primary"
                  disabledFocusable={current === '' || next === '' || isAsking}
                >
                  Change
                </Button>
              )}
            </DialogActions>
          </DialogBody>
        </form>
      )}
    </Modal>
  );
}
