import { Button } from '@fluentui/react-components';
import {
  CheckmarkCircle20Filled,
  Circle20Regular,
  ErrorCircle20Filled,
  SubtractCircle20Regular,
} from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import type { Check, CheckState, Link } from '../../domain/checkup';
import type { TraceTarget } from '../trace/target';
import { brokenText, detailText, linkHints, linkNames, skippedText, tookText } from '../words/checkupText';

interface CheckRowProps {
  link: Link;
  check: Check;
  onTrace(target: TraceTarget): void;
}

const icons: Readonly<Record<CheckState['is'], ReactElement>> = {
  waiting: <Circle20Regular role="img" aria-label="Waiting" />,
  running: <span className="spinner" role="img" aria-label="In progress" />,
  fine: <CheckmarkCircle20Filled role="img" aria-label="Fine" />,
  broken: <ErrorCircle20Filled role="img" aria-label="Broken" />,
  skipped: <SubtractCircle20Regular role="img" aria-label="Not tried" />,
};

const classes: Readonly<Record<CheckState['is'], string>> = {
  waiting: 'todo',
  running: 'now',
  fine: 'done',
  broken: 'broken',
  skipped: 'todo',
};

/** One link: how it stands, and where it is broken, why, whose it is and what to do. */
export function CheckRow({ link, check: { state, tookMs }, onTrace }: CheckRowProps) {
  const isRunning = state.is === 'running';
  return (
    <li className={`step step--${classes[state.is]}`} aria-current={isRunning ? 'step' : undefined}>
      <span className="step__icon">{icons[state.is]}</span>
      <div className="step__text">
        <span className="step__name">{linkNames[link]}</span>
        {state.is === 'broken' ? (
          <Finding broken={state} onTrace={onTrace} />
        ) : (
          <div className="step__about">{aboutOf(link, state)}</div>
        )}
      </div>
      {tookMs !== null && state.is !== 'skipped' && <span className="step__time">{tookText(tookMs)}</span>}
    </li>
  );
}

function aboutOf(link: Link, state: CheckState): string {
  if (state.is === 'skipped') return skippedText(state.because);
  return state.is === 'fine' && state.detail !== null ? detailText(state.detail) : linkHints[link];
}

interface FindingProps {
  broken: Extract<CheckState, { is: 'broken' }>;
  onTrace(target: TraceTarget): void;
}

function Finding({ broken, onTrace }: FindingProps) {
  const { title, why, todo, owner } = brokenText(broken);
  const frame = broken.evidence?.frame;
  return (
    <div className="finding">
      <p className="finding__title">{title}.</p>
      {why !== '' && <p>{why}</p>}
      {todo.length > 0 && (
        <ul aria-label="What to do">
          {todo.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ul>
      )}
      <p className="finding__owner">
        Whose it is: <strong>{owner}</strong>
      </p>
      {frame !== undefined && (
        <Button size="small" onClick={() => onTrace({ is: 'frame', frame })}>
          Show in Trace
        </Button>
      )}
    </div>
  );
}
