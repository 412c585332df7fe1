import { Button } from '@fluentui/react-components';
import { ArrowRight16Regular, ErrorCircle16Filled, Info16Filled } from '@fluentui/react-icons';
import { type Explanation, verdictOf } from '../../trace/explain/explain';
import type { Row } from '../../trace/row';
import { CopyButton } from '../shell/CopyButton';
import type { NameOf } from '../words/bodyText';
import { type CauseText, causeText } from '../words/causeText';
import { RetryButton } from './RetryButton';

interface ExplainedProps {
  /** Of this browser, now: then it can be tried again. */
  isOurs: boolean;
  explanation: Explanation;
  row: Row;
  nameOf: NameOf;
  onShow(row: Row): void;
}

/** Why it failed: what was tried, who refused and why, what to do, and whose it is. */
export function Explained({ isOurs, explanation, row, nameOf, onShow }: ExplainedProps) {
  const text = causeText(verdictOf(explanation), nameOf);
  const { response } = explanation.flow;
  const isFault = explanation.owner !== 'nobody';
  return (
    <section className={`explained${isFault ? ' explained--fault' : ''}`} aria-label="Explanation">
      <p className="explained__kind">
        {isFault ? <ErrorCircle16Filled aria-hidden="true" /> : <Info16Filled aria-hidden="true" />} Explanation
      </p>
      <h3>{text.title}.</h3>
      <p>{text.why}</p>
      {text.todo.length > 0 && (
        <>
          <h4>What to do</h4>
          <ul>
            {text.todo.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ul>
        </>
      )}
      <p className="explained__owner">{text.owner}</p>
      <div className="explained__actions">
        <CopyButton text={reportOf(text, explanation)}>Copy for helpdesk</CopyButton>
        {isOurs && <RetryButton explanation={explanation} />}
        {response !== null && response !== row && (
          <Button size="small" icon={<ArrowRight16Regular />} onClick={() => onShow(response)}>
            Show the answer
          </Button>
        )}
      </div>
    </section>
  );
}

/** What an administrator finds the same message by. */
function reportOf({ title, why, todo, owner }: CauseText, { flow, facts }: Explanation): string {
  const { entry, frame } = flow.response ?? flow.request ?? flow.row;
  const steps = todo.map((step) => `- ${step}`);
  const code = [facts.status === 0 ? '' : `${facts.status} ${facts.reasonPhrase}`, facts.id ?? ''].join(' ').trim();
  const found = [
    new Date(entry.at).toISOString(),
    flow.method,
    code,
    frame.callId === '' ? '' : `Call-ID ${frame.callId}`,
  ];
  return [`${title}.`, why, ...steps, owner, found.filter((part) => part !== '').join(', ')].join('\n');
}
