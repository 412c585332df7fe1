import { Button } from '@fluentui/react-components';
import { Delete20Regular, Record20Regular, RecordStop20Regular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import { orSay } from '../shell/Notices';
import { useApp, useCommands } from '../useApp';
import { durationText } from '../words/timeText';
import { ClearDialog } from './ClearDialog';
import { LoggingOptions } from './LoggingOptions';

/** Starts and stops logging, and forgets what was logged. */
export function LoggingActions({ count }: { count: number }) {
  const commands = useCommands();
  const isOn = useApp((state) => state.logging.isOn);
  const [isClearing, setIsClearing] = useState(false);
  return (
    <>
      <Button
        appearance={isOn ? 'secondary' : 'primary'}
        icon={isOn ? <RecordStop20Regular /> : <Record20Regular />}
        onClick={() => void orSay(commands.setLogging({ isOn: !isOn }))}
      >
        <span className="tracebar__word">{isOn ? 'Stop logging' : 'Start logging'}</span>
      </Button>
      <Button
        appearance="subtle"
        icon={<Delete20Regular />}
        disabledFocusable={count === 0}
        onClick={() => setIsClearing(true)}
      >
        <span className="tracebar__word">Clear</span>
      </Button>
      <LoggingOptions />
      {isClearing && <ClearDialog count={count} onClosed={() => setIsClearing(false)} />}
    </>
  );
}

const secondMs = 1_000;

/** That it is logged, and for how long. */
export function LoggingTag() {
  const isOn = useApp((state) => state.logging.isOn);
  const since = useApp((state) => state.logging.since);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), secondMs);
    return () => clearInterval(timer);
  }, []);
  if (!isOn) return null;
  return (
    <span className="tracetag">
      <i aria-hidden="true" /> Logging for {durationText(now - since)}
    </span>
  );
}
