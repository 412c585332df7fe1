import { useRef, useState } from 'react';
import type { CheckupWish } from '../../domain/checkup';
import { loaded } from '../loaded';
import { Mark } from '../shell/Mark';
import type { TraceTarget } from '../trace/target';
import { useApp } from '../useApp';
import { SignInArt } from './SignInArt';
import { SignInForm } from './SignInForm';
import { SignInProgress } from './SignInProgress';
import './signin.css';

const SignInDoctor = loaded(async () => (await import('./SignInDoctor')).SignInDoctor);
const SignInTrace = loaded(async () => (await import('./SignInTrace')).SignInTrace);

const lastFailure = { is: 'lastFailure' } as const;

/** The first screen: who, with what password, and where the server is. */
export function SignInPage() {
  const signIn = useApp((state) => state.signIn);
  const began = useRef(Date.now());
  const [target, setTarget] = useState<TraceTarget | null>(null);
  /** What the doctor signs in with; `false` when it was not asked. */
  const [patient, setPatient] = useState<CheckupWish['signIn'] | false>(false);
  const askDoctor = (filledIn: CheckupWish['signIn']) => {
    began.current = Date.now();
    setPatient(filledIn);
  };
  const isForm = signIn.is !== 'signingIn';
  return (
    <>
      {target !== null && (
        <SignInTrace
          since={began.current}
          target={target}
          back={patient === false ? 'Back to sign in' : 'Back to the doctor'}
          onClose={() => setTarget(null)}
        />
      )}
      {patient !== false && (
        <SignInDoctor
          signIn={patient}
          isHidden={target !== null}
          onClose={() => setPatient(false)}
          onTrace={setTarget}
        />
      )}
      <div className="signin" hidden={target !== null || patient !== false}>
        <aside className="signin__brand" aria-hidden="true">
          <div className="signin__logo">
            <Mark size={36} />
            <span>Confab</span>
          </div>
          <SignInArt />
          <p className="signin__promise">
            Start with a message.
            <br />
            Bring in everyone who matters.
          </p>
          <p className="signin__sub">IM and conferences on your own company server.</p>
        </aside>
        <main className="signin__main">
          {signIn.is === 'signingIn' && <SignInProgress signIn={signIn} onDoctor={() => askDoctor(null)} />}
          {/* Stays while one signs in, so that nothing has to be typed again when it fails. */}
          <div hidden={!isForm} className="signin__keep">
            <SignInForm
              signIn={signIn}
              onAttempt={() => {
                began.current = Date.now();
              }}
              onTrace={() => setTarget(lastFailure)}
              onDoctor={askDoctor}
            />
          </div>
        </main>
      </div>
    </>
  );
}
