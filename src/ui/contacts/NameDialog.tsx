import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogTitle,
  Field,
  Input,
} from '@fluentui/react-components';
import { type FormEvent, useState } from 'react';
import type { Outcome } from '../../domain/failure';
import { Modal } from '../shell/Modal';
import { failureText } from '../words/failureText';

interface NameDialogProps {
  title: string;
  action: string;
  initial?: string;
  onName(name: string): Promise<Outcome<unknown>>;
  onClosed(): void;
}

/** Asks for the name of a group; stays open and says why when the server refuses it. */
export function NameDialog({ title, action, initial = '', onName, onClosed }: NameDialogProps) {
  const [name, setName] = useState(initial);
  const [error, setError] = useState('');
  const [isAsking, setIsAsking] = useState(false);
  const submit = async (event: FormEvent, close: () => void) => {
    event.preventDefault();
    if (name.trim() === '' || isAsking) return;
    if (name.trim() === initial) return close();
    setIsAsking(true);
    const outcome = await onName(name);
    setIsAsking(false);
    if (outcome.ok) return close();
    setError(failureText(outcome.failure));
  };
  return (
    <Modal className="dialog--small" onClosed={onClosed}>
      {(close) => (
        <form onSubmit={(event) => void submit(event, close)}>
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent>
              <Field label="Name" {...(error === '' ? {} : { validationMessage: error })}>
                <Input
                  value={name}
                  maxLength={256}
                  autoComplete="off"
                  dir="auto"
                  onFocus={(event) => event.target.select()}
                  onChange={(_event, data) => {
                    setName(data.value);
                    setError('');
                  }}
                />
              </Field>
            </DialogContent>
            <DialogActions>
              <Button onClick={close}>Cancel</Button>
              <Button type="submit" appearance="primary" disabledFocusable={name.trim() === '' || isAsking}>
                {action}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      )}
    </Modal>
  );
}
