import { Button } from '@fluentui/react-components';
import { ArrowLeft20Regular } from '@fluentui/react-icons';
import { TracePage } from '../trace/TracePage';
import type { TraceTarget } from '../trace/target';
import '../shell/panes.css';

interface SignInTraceProps {
  /** Epoch ms. What was logged before the attempt may be another person's. */
  since: number;
  target: TraceTarget;
  /** Where it came from, as `Back to …`. */
  back: string;
  onClose(): void;
}

/** Why a sign-in failed, read by one who is not signed in: this attempt only. */
export function SignInTrace({ since, target, back, onClose }: SignInTraceProps) {
  return (
    <main className="signintrace">
      <Button className="signintrace__back" appearance="subtle" icon={<ArrowLeft20Regular />} onClick={onClose}>
        {back}
      </Button>
      <TracePage since={since} target={target} />
    </main>
  );
}
