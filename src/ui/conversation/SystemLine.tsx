import {
  ChatDismiss16Regular,
  CursorHover16Regular,
  CursorProhibited16Regular,
  LockClosed16Regular,
  LockOpen16Regular,
  PeopleTeam16Regular,
  ShareScreenStart16Regular,
  ShareScreenStop16Regular,
} from '@fluentui/react-icons';
import type { ReactElement, ReactNode } from 'react';
import type { Line, LineEvent } from '../../domain/message';
import { ExplainLink, targetOf } from '../trace/ExplainLink';
import { useApp } from '../useApp';
import { lineText } from '../words/lineText';
import { timeText } from '../words/timeText';

const icons: Partial<Record<LineEvent['is'], ReactElement>> = {
  escalated: <PeopleTeam16Regular aria-hidden="true" />,
  started: <PeopleTeam16Regular aria-hidden="true" />,
  locked: <LockClosed16Regular aria-hidden="true" />,
  unlocked: <LockOpen16Regular aria-hidden="true" />,
  sharingStarted: <ShareScreenStart16Regular aria-hidden="true" />,
  sharingStopped: <ShareScreenStop16Regular aria-hidden="true" />,
  sharingMissed: <ChatDismiss16Regular aria-hidden="true" />,
  controlAsked: <CursorHover16Regular aria-hidden="true" />,
  controlGiven: <CursorHover16Regular aria-hidden="true" />,
  controlRefused: <CursorProhibited16Regular aria-hidden="true" />,
  controlEnded: <CursorProhibited16Regular aria-hidden="true" />,
  missed: <ChatDismiss16Regular aria-hidden="true" />,
};

const namesMarked = /\u2068([^\u2069]*)\u2069/;

/** Something that happened, between the messages. */
export function SystemLine({ line }: { line: Line }) {
  const text = useApp((state) => lineText(state, line.event));
  return (
    <div className="line">
      {icons[line.event.is]}
      <p>
        {partsOf(text)} <time>{timeText(line.at)}</time>{' '}
        {line.event.is === 'declined' && <ExplainLink target={targetOf(line.event.failure)} />}
      </p>
    </div>
  );
}

/** Every second part is a name. */
function partsOf(text: string): ReactNode[] {
  const parts: ReactNode[] = [];
  for (const part of text.split(namesMarked)) {
    const at = parts.length;
    parts.push(at % 2 === 1 ? <bdi key={at}>{part}</bdi> : part);
  }
  return parts;
}
