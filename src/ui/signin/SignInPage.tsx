import { useRef, useState } from 'react';
import { loaded } from '../loaded';
import { Mark } from '../shell/Mark';
import { useApp } from '../useApp';
import { SignInArt } from './SignInArt';
import { SignInForm } from './SignInForm';
import { SignInProgress } from './SignInProgress';
import './signin.css';

const SignInTrace = loaded(async () => (await import('./SignInTrace')).SignInTrace);

/** The first screen: who, with what password, and where the server is. */
export function SignInPage() {
  const signIn = useApp((state) => state.signIn);
  const began = useRef(Date.now());
  const [isTracing, setIsTracing] = useState(false);
  const isForm = signIn.is !== 'signingIn';
  return (
    <>
      {isTracing && <SignInTrace since={began.current} onClose={() => setIsTracing(false)} />}
      <div className="signin" hidden={isTracing}>
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
          {signIn.is === 'signingIn' && <SignInProgress signIn={signIn} />}
          {/* Stays while one signs in, so that nothing has to be typed again when it fails. */}
          <div hidden={!isForm} className="signin__keep">
            <SignInForm
              signIn={signIn}
              onAttempt={() => {
                began.current = Date.now();
              }}
              onTrace={() => setIsTracing(true)}
            />
          </div>
        </main>
      </div>
    </>
  );
}
