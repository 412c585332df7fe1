import type { Failure } from '../../domain/failure';
import { useNavigation } from '../shell/navigation';
import type { TraceTarget } from './target';

/** The message that shows this failure; `null` where none was logged. */
export function targetOf({ frame }: Failure): TraceTarget | null {
  return frame === undefined ? null : { is: 'frame', frame };
}

/** From something that failed to why, in Trace. */
export function ExplainLink({ target }: { target: TraceTarget | null }) {
  const { showTrace } = useNavigation();
  if (target === null) return null;
  return (
    <button type="button" className="link" onClick={() => showTrace(target)}>
      Explain
    </button>
  );
}
