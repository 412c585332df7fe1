import { Button } from '@fluentui/react-components';
import { Delete20Regular, Pulse20Filled, Record20Regular, RecordStop20Regular } from '@fluentui/react-icons';
import { type Ref, useEffect, useState } from 'react';
import { orSay } from '../shell/Notices';
import { Search } from '../shell/Search';
import { useApp, useCommands } from '../useApp';
import { durationText } from '../words/timeText';
import { sizeText } from '../words/traceText';
import { ClearDialog } from './ClearDialog';

interface TraceBarProps {
  count: number;
  /** In characters of the log, about as many bytes. */
  size: number;
  /** Logging may be switched, and the log cleared. */
  mayChange: boolean;
  sought: string;
  onSought(sought: string): void;
  ref: Ref<HTMLElement>;
}

/** What is logged, and what can be done with all of it. */
export function TraceBar({ count, size, mayChange, sought, onSought, ref }: TraceBarProps) {
  const commands = useCommands();
  const isOn = useApp((state) => state.logging.isOn);
  const since = useApp((state) => state.logging.since);
  const [isClearing, setIsClearing] = useState(false);
  return (
    <header className="pane tracebar" ref={ref} data-region>
      <span className="tracebar__icon" aria-hidden="true">
        <Pulse20Filled />
      </span>
      <div className="tracebar__title">
        <h1>SIP trace</h1>
        <p className="ellipsis">
          {count} messages, {sizeText(size)}. Kept in this browser, passwords hidden.
        </p>
      </div>
      {isOn && <LoggingTag since={since} />}
      <span className="tracebar__space" />
      <Search label="Find in messages" value={sought} onValue={onSought} />
      {mayChange && (
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
        </>
      )}
      {isClearing && <ClearDialog count={count} onClosed={() => setIsClearing(false)} />}
    </header>
  );
}

const secondMs = 1_000;

/** Apart, since it changes every second. */
function LoggingTag({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), secondMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="tracetag">
      <i aria-hidden="true" /> Logging for {durationText(now - since)}
    </span>
  );
}
