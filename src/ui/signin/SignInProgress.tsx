import { Button, ProgressBar } from '@fluentui/react-components';
import { CheckmarkCircle20Filled, Circle20Regular, Stethoscope20Regular } from '@fluentui/react-icons';
import { type ReactNode, useId, useRef } from 'react';
import type { DiscoveryStep, SignIn, Step } from '../../domain/signIn';
import { colorOf, initialsOf } from '../people/Face';
import { useCommands } from '../useApp';
import '../shell/steps.css';
import { addressOfLastTime } from './address';

type SigningIn = Extract<SignIn, { is: 'signingIn' }>;

const steps: readonly { step: Step; name: string; about: string }[] = [
  { step: 'finding', name: 'Finding your server', about: 'From the part after the @' },
  { step: 'connecting', name: 'Connecting', about: 'Over a WebSocket' },
  { step: 'authenticating', name: 'Authenticating', about: 'Checking your password' },
  { step: 'loading', name: 'Loading your contacts', about: 'Contacts, groups and presence' },
];

/** What is done to sign in, as it is done. */
export function SignInProgress({ signIn, onDoctor }: { signIn: SigningIn; onDoctor(): void }) {
  const commands = useCommands();
  const title = useId();
  const address = addressOfLastTime();
  const current = steps.findIndex(({ step }) => step === signIn.step);
  const seconds = useSeconds(current);
  return (
    <section className="signin__form" aria-labelledby={title}>
      <h1 id={title}>Signing in</h1>
      <p className="signin__hint" role="status">
        {signIn.isAway
          ? 'The server does not answer. Confab keeps trying, every few seconds, and signs you in when it is back.'
          : 'This usually takes a moment.'}
      </p>
      {address !== '' && (
        <div className="signin__who">
          <span className={`face face--48 face-${colorOf(`sip:${address.toLowerCase()}`)}`} aria-hidden="true">
            {initialsOf(address)}
          </span>
          <strong className="ellipsis">{address}</strong>
        </div>
      )}
      <ol className="steps" aria-live="polite">
        {steps.map(({ step, name, about }, index) => (
          <StepRow
            key={step}
            name={name}
            state={index < current ? 'done' : index === current ? 'now' : 'todo'}
            seconds={seconds[index]}
          >
            {detailOf(step, index < current, signIn) ?? about}
          </StepRow>
        ))}
      </ol>
      <ProgressBar value={(current + 0.5) / steps.length} aria-label="Signing in" />
      <div className="signin__actions">
        <Button onClick={() => void commands.cancelSignIn()}>Cancel</Button>
        {signIn.isAway && (
          <Button appearance="subtle" icon={<Stethoscope20Regular />} onClick={onDoctor}>
            Connection doctor
          </Button>
        )}
      </div>
    </section>
  );
}

function detailOf(step: Step, isDone: boolean, { discovery, server }: SigningIn): ReactNode {
  if (step === 'finding' && discovery.length > 0) return <Discovery discovery={discovery} />;
  if (step !== 'connecting' || server === null) return undefined;
  const { host, protocol } = new URL(server);
  if (!isDone) return host;
  return protocol === 'wss:' ? `${host}, encrypted with TLS` : `${host}, not encrypted`;
}

interface StepRowProps {
  name: string;
  state: 'done' | 'now' | 'todo';
  seconds: number | undefined;
  children: ReactNode;
}

function StepRow({ name, state, seconds, children }: StepRowProps) {
  return (
    <li className={`step step--${state}`} aria-current={state === 'now' ? 'step' : undefined}>
      <span className="step__icon">
        {state === 'done' && <CheckmarkCircle20Filled aria-label="Done" />}
        {state === 'now' && <span className="spinner" role="img" aria-label="In progress" />}
        {state === 'todo' && <Circle20Regular aria-hidden="true" />}
      </span>
      <div className="step__text">
        <span className="step__name">{name}</span>
        <div className="step__about">{children}</div>
      </div>
      {state === 'done' && seconds !== undefined && <span className="step__time">{seconds.toFixed(1)} s</span>}
    </li>
  );
}

const msPerSecond = 1_000;

/** How long each step before the current one took. */
function useSeconds(current: number): readonly (number | undefined)[] {
  const began = useRef<number[]>([]);
  began.current[current] ??= performance.now();
  return steps.map((_step, index) => {
    const [from, to] = [began.current[index], began.current[index + 1]];
    return from === undefined || to === undefined ? undefined : (to - from) / msPerSecond;
  });
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

/** Where the server was looked for. */
export function Discovery({ discovery }: { discovery: readonly DiscoveryStep[] }) {
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
