import { Button } from '@fluentui/react-components';
import { ArrowClockwise20Regular, ArrowLeft20Regular, Stethoscope24Regular } from '@fluentui/react-icons';
import { useContext, useEffect, useRef } from 'react';
import { type CheckupWish, links } from '../../domain/checkup';
import { CopyButton } from '../shell/CopyButton';
import type { TraceTarget } from '../trace/target';
import { LinkContext, useApp } from '../useApp';
import { reportText, summaryText } from '../words/checkupText';
import { CheckRow } from './CheckRow';
import { runCheckup } from './runCheckup';
import '../shell/steps.css';
import './doctor.css';

interface DoctorPageProps {
  /** With what to sign in; `null` for who is signed in. */
  signIn: CheckupWish['signIn'];
  /** Where it came from, as `Back to …`. */
  back: string;
  onBack(): void;
  onTrace(target: TraceTarget): void;
}

/** Looks at every link between this browser and a conversation, and says which is broken, whose it is and what to do. */
export function DoctorPage({ signIn, back, onBack, onTrace }: DoctorPageProps) {
  const link = useContext(LinkContext);
  const checkup = useApp((state) => state.checkup);
  const begun = useRef(false);
  const isRunning = checkup !== null && checkup.endedAt === null;
  const run = () => link !== null && void runCheckup(link, signIn);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it begins when the page is opened, once
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    if (!isRunning) run();
  }, []);
  return (
    <section className="pane doctor" aria-label="Connection doctor" data-region>
      <header className="doctor__head">
        <span className="doctor__icon" aria-hidden="true">
          <Stethoscope24Regular />
        </span>
        <div className="doctor__title">
          <h1>Connection doctor</h1>
          <p role="status">{checkup === null ? 'Beginning' : summaryText(checkup)}</p>
        </div>
        <Button appearance="subtle" icon={<ArrowLeft20Regular />} onClick={onBack}>
          {back}
        </Button>
      </header>
      <div className="doctor__body" tabIndex={0}>
        {checkup !== null && (
          <>
            <ol className="steps doctor__steps" aria-label="Links">
              {links.map((one) => (
                <CheckRow key={one} link={one} check={checkup.checks[one]} onTrace={onTrace} />
              ))}
            </ol>
            <div className="doctor__actions">
              {isRunning ? (
                <Button onClick={() => void link?.commands.cancelCheckup()}>Stop</Button>
              ) : (
                <Button icon={<ArrowClockwise20Regular />} onClick={run}>
                  Look again
                </Button>
              )}
              {!isRunning && <CopyButton text={reportText(checkup, navigator.userAgent)}>Copy the report</CopyButton>}
            </div>
            <p className="doctor__note">
              The doctor signs in beside you and leaves nothing behind: nobody sees it, and no conversation is begun.
              The report names your address and your server, and holds no password.
            </p>
          </>
        )}
      </div>
    </section>
  );
}
