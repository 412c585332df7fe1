import { Button } from '@fluentui/react-components';
import { History20Regular } from '@fluentui/react-icons';
import { useContext } from 'react';
import { stepsOf } from '../replay/recording';
import { NavigationContext } from '../shell/navigation';
import type { TraceModel } from './traceModel';

/** Shows Confab as it was while this trace was made, message by message. */
export function ReplayButton({ name, model }: { name: string; model: TraceModel }) {
  const navigation = useContext(NavigationContext);
  const { rows } = model.index;
  if (navigation === null) return null;
  return (
    <Button
      appearance="subtle"
      icon={<History20Regular />}
      disabledFocusable={!rows.some(({ dialog }) => dialog !== null)}
      onClick={() => navigation.replay({ name, steps: stepsOf(rows) })}
    >
      <span className="tracebar__word">Replay</span>
    </Button>
  );
}
