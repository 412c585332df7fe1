import {
  Button,
  Checkbox,
  Field,
  Input,
  Link,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  ProgressBar,
  Radio,
  RadioGroup,
} from '@fluentui/react-components';
import {
  CheckmarkCircle16Filled,
  Circle16Regular,
  Eye20Regular,
  EyeOff20Regular,
  Key20Regular,
  Person20Regular,
} from '@fluentui/react-icons';
import { type FormEvent, useId, useState } from 'react';
import type { DiscoveryStep, SignIn, SignInFailure, Step } from '../../domain/signIn';
import { Mark } from '../shell/Mark';
import { useApp, useCommands } from '../useApp';
import { signInFailureText } from '../words/failureText';
import './signin.css';

const addressKey = 'confab-address';

/** The first screen: who, with what password, and where the server is. */
export function SignInPage() {
  const signIn = useApp((state) => state.signIn);
  return (
    <div className="signin">
      <aside className="signin__brand" aria-hidden="true">
        <div className="signin__logo">
          <Mark size={36} />
          <span>Confab</span>
        </div>
        <Art />
        <p className="signin__promise">
          Start with a message.
          <br />
          Bring in everyone who matters.
        </p>
        <p className="signin__sub">IM and conferences on your own company server.</p>
      </aside>
      <main className="signin__main">
        {signIn.is === 'signingIn' && <Progress signIn={signIn} />}
        {/* Stays while one signs in, so that nothing has to be typed again when it fails. */}
        <div hidden={signIn.is === 'signingIn'} className="signin__keep">
          <Form signIn={signIn} />
        </div>
      </main>
    </div>
  );
}

function Form({ signIn }: { signIn: SignIn }) {
  const commands = useCommands();
  const [address, setAddress] = useState(() => localStorage.getItem(addressKey) ?? '');
  const [password, setPassword] = useState('');
  const [isShown, setIsShown] = useState(false);
  const [configuration, setConfiguration] = useState<'automatic' | 'manual'>('automatic');
  const [server, setServer] = useState('');
  const [savePassword, setSavePassword] = useState(false);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    localStorage.setItem(addressKey, address.trim());
    void commands.signIn({
      address: address.trim(),
      password,
      server: configuration === 'manual' ? server.trim() : null,
      savePassword,
    });
  };
  const isComplete =
    address.trim() !== '' && password !== '' && (configuration === 'automatic' || server.trim() !== '');

  return (
    <form className="signin__form" onSubmit={submit} aria-label="Sign in">
      <h1>Sign in</h1>
      <p className="signin__hint">Use your company account.</p>
      {signIn.is === 'failed' && <Failed failure={signIn.failure} discovery={signIn.discovery} />}
      {signIn.is === 'signedOut' && <SignedOut why={signIn.why} />}
      <Field label="Sign-in address">
        <Input
          size="large"
          type="email"
          autoComplete="username"
          placeholder="name@company.example"
          contentBefore={<Person20Regular aria-hidden="true" />}
          value={address}
          onChange={(_event, data) => setAddress(data.value)}
        />
      </Field>
      <Field label="Password">
        <Input
          size="large"
          type={isShown ? 'text' : 'password'}
          autoComplete="current-password"
          contentBefore={<Key20Regular aria-hidden="true" />}
          contentAfter={
            <Button
              appearance="transparent"
              size="small"
              icon={isShown ? <EyeOff20Regular /> : <Eye20Regular />}
              aria-label={isShown ? 'Hide the password' : 'Show the password'}
              onClick={() => setIsShown(!isShown)}
            />
          }
          value={password}
          onChange={(_event, data) => setPassword(data.value)}
        />
      </Field>
      <RadioGroup
        className="signin__configuration"
        aria-label="Configuration"
        value={configuration}
        onChange={(_event, data) => setConfiguration(data.value as typeof configuration)}
      >
        <Radio
          value="automatic"
          label={<Choice name="Automatic configuration" hint="Find the server from your address" />}
        />
        <Radio value="manual" label={<Choice name="Manual" hint="Use the server your helpdesk gave you" />} />
        {configuration === 'manual' && (
          <Field
            label="Server address"
            className="signin__server"
            hint="server.company.example, with :port if it has one"
          >
            <Input
              value={server}
              onChange={(_event, data) => setServer(data.value)}
              autoComplete="off"
              spellCheck={false}
            />
          </Field>
        )}
      </RadioGroup>
      <Checkbox
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
    </form>
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

const signedOutTexts: Record<string, string> = {
  disabled: 'Your account was disabled, so you were signed out. Ask your administrator to enable it.',
  elsewhere: 'You were signed out by the server, or signed in somewhere else.',
  passwordChanged: 'Your password was changed on another device. Sign in with the new one.',
};

function SignedOut({ why }: { why: string | undefined }) {
  const text = why === undefined ? undefined : signedOutTexts[why];
  if (text === undefined) return null;
  return (
    <MessageBar intent="info" layout="multiline">
      <MessageBarBody>{text}</MessageBarBody>
    </MessageBar>
  );
}

function Failed({ failure, discovery }: { failure: SignInFailure; discovery: readonly DiscoveryStep[] }) {
  const { title, advice } = signInFailureText(failure);
  const isSomewhere = failure.is === 'unreachable' || failure.is === 'notSip';
  const url = isSomewhere ? new URL(failure.url.replace(/^ws/, 'http')).origin : null;
  return (
    <div role="alert">
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{title}</MessageBarTitle>
          {advice}{' '}
          {url !== null && (
            <Link href={url} target="_blank" rel="noreferrer" inline>
              Open {url}
            </Link>
          )}
          {failure.is === 'notFound' && <Steps discovery={discovery} />}
        </MessageBarBody>
      </MessageBar>
    </div>
  );
}

const stepNames: readonly [Step, string][] = [
  ['finding', 'Finding the server'],
  ['connecting', 'Connecting'],
  ['authenticating', 'Checking your password'],
  ['loading', 'Loading your contacts'],
];

function Progress({ signIn }: { signIn: Extract<SignIn, { is: 'signingIn' }> }) {
  const commands = useCommands();
  const title = useId();
  const current = stepNames.findIndex(([step]) => step === signIn.step);
  return (
    <section className="signin__form" aria-labelledby={title} aria-live="polite">
      <h1 id={title}>Signing in</h1>
      <p className="signin__hint">{signIn.server ?? 'Looking for your server'}</p>
      <ProgressBar value={(current + 0.5) / stepNames.length} aria-label="Signing in" />
      <ol className="signin__steps">
        {stepNames.map(([step, name], index) => (
          <li key={step} className={index === current ? 'is-current' : index < current ? 'is-done' : ''}>
            {index < current ? <CheckmarkCircle16Filled aria-hidden="true" /> : <Circle16Regular aria-hidden="true" />}
            <span>
              {name}
              {step === 'finding' && <Steps discovery={signIn.discovery} />}
            </span>
          </li>
        ))}
      </ol>
      <Button onClick={() => void commands.cancelSignIn()}>Cancel</Button>
    </section>
  );
}

const methodNames: Record<DiscoveryStep['method'], string> = {
  remembered: 'Server of last time',
  lyncdiscover: 'Lync discovery',
  hostMeta: 'Host metadata',
  pageOrigin: 'The server of this page',
  manual: 'Your server address',
};
const stateNames: Record<DiscoveryStep['state'], string> = {
  trying: 'asking',
  found: 'found',
  nothing: 'nothing there',
};

function Steps({ discovery }: { discovery: readonly DiscoveryStep[] }) {
  if (discovery.length === 0) return null;
  return (
    <ul className="signin__discovery">
      {discovery.map(({ method, url, state }) => (
        <li key={method} className={`is-${state}`}>
          <span>{methodNames[method]}</span> <code>{new URL(url).host}</code> <span>{stateNames[state]}</span>
        </li>
      ))}
    </ul>
  );
}

/** What Confab does, drawn with its own parts. */
function Art() {
  return (
    <div className="art">
      <i className="art__ring" />
      <i className="art__ring art__ring--2" />
      <i className="art__ring art__ring--3" />
      {artPeople.map(([initials, color, left, top]) => (
        <span key={initials} className={`art__face face face--40 face-${color}`} style={{ left, top }}>
          {initials}
        </span>
      ))}
      <div className="art__card">
        <p className="art__in">Row 42 looks odd. Shall we fix it together?</p>
        <p className="art__out">Yes. Pulling in Carol.</p>
        <p className="art__line">You added Carol and Dan</p>
      </div>
    </div>
  );
}

const artPeople: readonly [string, string, string, string][] = [
  ['MC', 'lavender', '10%', '14%'],
  ['EL', 'pumpkin', '46%', '8%'],
  ['DW', 'teal', '78%', '12%'],
  ['SP', 'darkGreen', '88%', '48%'],
  ['PR', 'magenta', '22%', '84%'],
  ['HF', 'seafoam', '64%', '88%'],
];
