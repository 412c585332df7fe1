import { Link } from '@fluentui/react-components';
import { ErrorCircle20Filled, Info20Regular } from '@fluentui/react-icons';
import type { DiscoveryStep, SignInFailure } from '../../domain/signIn';
import { signInFailureText } from '../words/failureText';
import '../shell/bars.css';
import { Discovery } from './SignInProgress';

interface SignInFailedProps {
  failure: SignInFailure;
  discovery: readonly DiscoveryStep[];
  /** Goes to the manual configuration; `null` when there already. */
  onManual: (() => void) | null;
  onTrace(): void;
  onDoctor(): void;
}

/** Why it did not work, and what to do. */
export function SignInFailed({ failure, discovery, onManual, onTrace, onDoctor }: SignInFailedProps) {
  const { title, advice } = signInFailureText(failure);
  const isSomewhere = failure.is === 'unreachable' || failure.is === 'notSip';
  const url = isSomewhere ? new URL(failure.url.replace(/^ws/, 'http')).origin : null;
  const isAboutServer = url !== null || failure.is === 'notFound';
  return (
    <div className="failbox" role="alert">
      <h2>
        <ErrorCircle20Filled aria-hidden="true" /> {title}
      </h2>
      <p>{advice}</p>
      {url !== null && (
        <p>
          <Link href={url} target="_blank" rel="noreferrer" inline>
            Open {url}
          </Link>
        </p>
      )}
      {isAboutServer && onManual !== null && (
        <p>
          <button type="button" className="link failbox__manual" onClick={onManual}>
            Enter the server by hand
          </button>
        </p>
      )}
      {failure.is === 'notFound' && discovery.length > 0 && (
        <>
          <h3>What was tried</h3>
          <Discovery discovery={discovery} />
        </>
      )}
      <p>
        <button type="button" className="link failbox__manual" onClick={onTrace}>
          Explain
        </button>{' '}
        <button type="button" className="link" onClick={onDoctor}>
          Ask the doctor
        </button>
      </p>
    </div>
  );
}

const signedOutTexts: Record<string, string> = {
  disabled: 'Your account was disabled, so you were signed out. Ask your administrator to enable it.',
  elsewhere: 'You were signed out by the server, or signed in somewhere else.',
  passwordChanged: 'Your password was changed on another device. Sign in with the new one.',
};

export function SignedOut({ why }: { why: string | undefined }) {
  const text = why === undefined ? undefined : signedOutTexts[why];
  if (text === undefined) return null;
  return (
    <div className="bar bar--info signin__note" role="status">
      <Info20Regular aria-hidden="true" />
      <p className="bar__text">{text}</p>
    </div>
  );
}
