import { Button } from '@fluentui/react-components';
import { ArrowLeft20Regular } from '@fluentui/react-icons';
import { TracePage } from '../trace/TracePage';
import '../shell/panes.css';

interface SignInTraceProps {
  /** Epoch ms. What was logged before the attempt may be another person's. */
  since: number;
  onClose(): void;
}

/** Why a sign-in failed, read by one who is not signed in: this attempt only. */
export function SignInTrace({ since, onClose }: SignInTraceProps) {
  return (
    <main className="signintrace">
      <Button className="signintrace__back" appearance="subtle" icon={<ArrowLeft20Regular />} onClick={onClose}>
        Back to sign in
      </Button>
      <TracePage since={since} target={lastFailure} />
    </main>
  );
}

const lastFailure = { is: 'lastFailure' } as const;
