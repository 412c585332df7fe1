import { Button, Checkbox, Field, Input, Radio, RadioGroup } from '@fluentui/react-components';
import {
  Eye20Regular,
  EyeOff20Regular,
  Key20Regular,
  Person20Regular,
  Stethoscope20Regular,
} from '@fluentui/react-icons';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { CheckupWish } from '../../domain/checkup';
import type { SignIn } from '../../domain/signIn';
import { useCommands } from '../useApp';
import { addressOfLastTime, keepAddress } from './address';
import { SignedOut, SignInFailed } from './SignInNotes';

type Configuration = 'automatic' | 'manual';

interface SignInFormProps {
  signIn: SignIn;
  /** Somebody is going to sign in. */
  onAttempt(): void;
  /** Why the last attempt failed is asked. */
  onTrace(): void;
  /** What is broken is asked, with what is filled in. */
  onDoctor(filledIn: CheckupWish['signIn']): void;
}

export function SignInForm({ signIn, onAttempt, onTrace, onDoctor }: SignInFormProps) {
  const commands = useCommands();
  const [address, setAddress] = useState(addressOfLastTime);
  const [password, setPassword] = useState('');
  const [configuration, setConfiguration] = useState<Configuration>('automatic');
  const [server, setServer] = useState('');
  const [userName, setUserName] = useState('');
  const [savePassword, setSavePassword] = useState(false);
  const passwordField = useRef<HTMLInputElement>(null);
  const isRefused = signIn.is === 'failed' && signIn.failure.is === 'refused';
  useEffect(() => {
    // What is most likely wrong, ready to be typed over.
    if (isRefused) passwordField.current?.select();
  }, [isRefused]);

  const isComplete =
    address.trim() !== '' && password !== '' && (configuration === 'automatic' || server.trim() !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isComplete) return;
    onAttempt();
    keepAddress(address.trim());
    void commands.signIn({ ...filledIn(), savePassword });
  };
  const filledIn = () => ({
    address: address.trim(),
    password,
    server: configuration === 'manual' ? server.trim() : null,
    userName: configuration === 'manual' ? userName.trim() : null,
  });
  const askDoctor = () => onDoctor(filledIn());

  return (
    <form className="signin__form" onSubmit={submit} aria-label="Sign in">
      <h1>Sign in</h1>
      <p className="signin__hint">Use your company account.</p>
      {signIn.is === 'failed' && (
        <SignInFailed
          failure={signIn.failure}
          discovery={signIn.discovery}
          onTrace={onTrace}
          onDoctor={askDoctor}
          onManual={configuration === 'manual' ? null : () => setConfiguration('manual')}
        />
      )}
      {signIn.is === 'signedOut' && <SignedOut why={signIn.why} />}
      <Field label="Sign-in address">
        <Input
          className="signin__input"
          size="large"
          type="email"
          autoComplete="username"
          placeholder="name@company.example"
          contentBefore={<Person20Regular aria-hidden="true" />}
          value={address}
          onChange={(_event, data) => setAddress(data.value)}
        />
      </Field>
      <PasswordField field={passwordField} value={password} onValue={setPassword} />
      <RadioGroup
        className="signin__configuration"
        aria-label="Configuration"
        value={configuration}
        onChange={(_event, data) => setConfiguration(data.value as Configuration)}
      >
        <Radio
          value="automatic"
          label={<Choice name="Automatic configuration" hint="Find the server from your address" />}
        />
        <Radio value="manual" label={<Choice name="Manual" hint="Use the server your helpdesk gave you" />} />
        {configuration === 'manual' && (
          <>
            <Field
              label="Server address"
              className="signin__server"
              hint="server.company.example, with :port if it has one"
            >
              <Input
                value={server}
                onChange={(_event, data) => setServer(data.value)}
                autoComplete="off"
                autoCapitalize="none"
                inputMode="url"
                spellCheck={false}
              />
            </Field>
            <Field
              label="User name (optional)"
              className="signin__server"
              hint="If it is not your sign-in address: COMPANY\name"
            >
              <Input
                value={userName}
                onChange={(_event, data) => setUserName(data.value)}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
              />
            </Field>
          </>
        )}
      </RadioGroup>
      <Checkbox
        className="signin__save"
        label="Save my password on this device"
        checked={savePassword}
        onChange={(_event, data) => setSavePassword(data.checked === true)}
      />
      <Button
        type="submit"
        appearance="primary"
        size="large"
        disabledFocusable={!isComplete}
        className="signin__submit"
      >
        Sign in
      </Button>
      <Button appearance="subtle" icon={<Stethoscope20Regular />} className="signin__doctor" onClick={askDoctor}>
        Connection doctor
      </Button>
    </form>
  );
}

interface PasswordFieldProps {
  field: { current: HTMLInputElement | null };
  value: string;
  onValue(value: string): void;
}

function PasswordField({ field, value, onValue }: PasswordFieldProps) {
  const [isShown, setIsShown] = useState(false);
  return (
    <Field label="Password">
      <Input
        className="signin__input"
        size="large"
        type={isShown ? 'text' : 'password'}
        autoComplete="current-password"
        spellCheck={false}
        contentBefore={<Key20Regular aria-hidden="true" />}
        contentAfter={
          <Button
            appearance="transparent"
            icon={isShown ? <EyeOff20Regular /> : <Eye20Regular />}
            aria-label={isShown ? 'Hide the password' : 'Show the password'}
            onClick={() => setIsShown(!isShown)}
          />
        }
        ref={field}
        value={value}
        onChange={(_event, data) => onValue(data.value)}
      />
    </Field>
  );
}

function Choice({ name, hint }: { name: string; hint: string }) {
  return (
    <span className="signin__choice">
      <span>{name}</span>
      <span className="signin__hint">{hint}</span>
    </span>
  );
}
