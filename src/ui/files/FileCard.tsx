import { ProgressBar } from '@fluentui/react-components';
import {
  CheckmarkCircle16Regular,
  Clock16Regular,
  DismissCircle16Regular,
  ErrorCircle16Filled,
  PlugDisconnected16Regular,
} from '@fluentui/react-icons';
import { memo, type ReactElement } from 'react';
import { type FileItem, type FileState, isFileOver } from '../../domain/file';
import { endingOf } from '../../protocol/shared/fileName';
import { sizeInWords } from '../../protocol/shared/sizeInWords';
import { firstNameOf, nameOf } from '../../state/selectors';
import type { State } from '../../state/state';
import { FaceButton } from '../people/FaceButton';
import { ExplainLink, targetOf } from '../trace/ExplainLink';
import { useApp } from '../useApp';
import { fileStateText, progressText } from '../words/fileText';
import { timeText } from '../words/timeText';
import { FileActions } from './FileActions';
import { kindOf } from './kinds';
import './files.css';

interface FileCardProps {
  item: FileItem;
  /** It begins a group of its author's. */
  head: boolean;
}

/** A file in the transcript: what it is, how far it is, and what can be done with it. */
export const FileCard = memo(function FileCard({ item, head }: FileCardProps) {
  const { own, author, at, file, id } = item;
  const name = useApp((state) => nameOf(state, author));
  const kind = kindOf(file);
  return (
    <div
      className={`message${own ? ' message--own' : ''}${head ? ' message--head' : ''}`}
      data-message={id}
      tabIndex={-1}
    >
      {!own &&
        (head ? <FaceButton aor={author} presence={false} takesFocus={false} /> : <span className="message__gap" />)}
      <div className="message__body">
        {head && (
          <p className="message__who">
            {own ? <span className="sr-only">You, </span> : <strong className="ellipsis">{name}</strong>}{' '}
            <time>{timeText(at)}</time>
          </p>
        )}
        {!head && <span className="sr-only">{`${own ? 'You' : name}, ${timeText(at)}`}</span>}
        <section
          className={`file${item.state.is === 'failed' ? ' file--failed' : ''}`}
          aria-label={`File ${file.name}`}
        >
          <div className="file__what">
            <span className="file__icon" aria-hidden="true">
              {kind.icon}
            </span>
            <div className="file__facts">
              <FileName name={file.name} />
              <p className="file__size">
                {sizeInWords(file.size)} · {kind.name}
              </p>
            </div>
          </div>
          {item.state.is === 'moving' ? <Progress item={item} /> : <Where item={item} />}
          <FileActions item={item} />
        </section>
      </div>
    </div>
  );
});

/** A long name gives way in the middle: its ending says what it is. */
function FileName({ name }: { name: string }) {
  const ending = endingOf(name);
  const stem = ending === name ? name : name.slice(0, name.length - ending.length);
  return (
    <p className="file__name" title={name}>
      <bdi className="ellipsis">{stem}</bdi>
      {stem !== name && <bdi>{name.slice(stem.length)}</bdi>}
    </p>
  );
}

function Progress({ item: { id, file, own } }: { item: FileItem }) {
  const transfer = useApp((state) => state.transfers[id]);
  const { bytes = 0, bytesPerSecond = null } = transfer ?? {};
  return (
    // The list around it would read it out at every step.
    <div className="file__progress" aria-live="off">
      <ProgressBar
        value={file.size === 0 ? 1 : bytes / file.size}
        thickness="large"
        aria-label={own ? 'Sent' : 'Received'}
        aria-valuetext={progressText({ bytes, bytesPerSecond }, file.size)}
      />
      <p className="file__state numbers">{progressText({ bytes, bytesPerSecond }, file.size)}</p>
    </div>
  );
}

const icons: Record<Exclude<FileState['is'], 'moving'>, ReactElement> = {
  offered: <Clock16Regular aria-hidden="true" />,
  interrupted: <PlugDisconnected16Regular aria-hidden="true" />,
  done: <CheckmarkCircle16Regular aria-hidden="true" />,
  declined: <DismissCircle16Regular aria-hidden="true" />,
  missed: <Clock16Regular aria-hidden="true" />,
  cancelled: <DismissCircle16Regular aria-hidden="true" />,
  failed: <ErrorCircle16Filled aria-hidden="true" />,
};

function Where({ item }: { item: FileItem }) {
  const { state } = item;
  const who = useApp((all) => whoOf(all, item));
  if (state.is === 'moving') return null;
  return (
    <p
      className={`file__state${state.is === 'failed' ? ' file__state--failed' : ''}`}
      role={state.is === 'failed' ? 'alert' : isFileOver(state) ? 'status' : undefined}
    >
      {icons[state.is]}
      <span>
        {fileStateText(item, who)} {state.is === 'failed' && <ExplainLink target={targetOf(state.failure)} />}
      </span>
    </p>
  );
}

/** Whom the file is from, or for. */
function whoOf(state: State, { own, author, conversation }: FileItem): string {
  if (!own) return firstNameOf(state, author);
  const party = state.conversations[conversation]?.party;
  return party?.is === 'pairwise' ? firstNameOf(state, party.peer) : 'the conference';
}
