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
} from '@fluentui/react-components';
import { type FormEvent, useState } from 'react';
import type { Outcome } from '../../domain/failure';
import { failureText } from '../words/failureText';

interface NameDialogProps {
  title: string;
  action: string;
  initial?: string;
  onName(name: string): Promise<Outcome<unknown>>;
  onClose(): void;
}

/** Asks for the name of a group; stays open and says why when the server refuses it. */
export function NameDialog({ title, action, initial = '', onName, onClose }: NameDialogProps) {
  const [name, setName] = useState(initial);
  const [error, setError] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await onName(name);
    if (outcome.ok) return onClose();
    setError(failureText(outcome.failure));
  };
  return (
    <Dialog open onOpenChange={(_event, { open }) => !open && onClose()}>
      <DialogSurface className="dialog--small">
        <form onSubmit={(event) => void submit(event)}>
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent>
              <Field label="Name" {...(error === '' ? {} : { validationMessage: error })}>
                <Input value={name} maxLength={256} onChange={(_event, data) => setName(data.value)} />
              </Field>
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>Cancel</Button>
              <Button type="submit" appearance="primary" disabledFocusable={name.trim() === ''}>
                {action}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
