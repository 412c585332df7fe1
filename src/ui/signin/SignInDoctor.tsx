import type { CheckupWish } from '../../domain/checkup';
import { DoctorPage } from '../doctor/DoctorPage';
import type { TraceTarget } from '../trace/target';
import '../shell/panes.css';

interface SignInDoctorProps {
  signIn: CheckupWish['signIn'];
  /** The trace is over it. */
  isHidden: boolean;
  onClose(): void;
  onTrace(target: TraceTarget): void;
}

/** The doctor, asked by one who is not signed in. */
export function SignInDoctor({ signIn, isHidden, onClose, onTrace }: SignInDoctorProps) {
  return (
    <main className="signintrace" hidden={isHidden}>
      <DoctorPage signIn={signIn} back="Back to sign in" onBack={onClose} onTrace={onTrace} />
    </main>
  );
}
