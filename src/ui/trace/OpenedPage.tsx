import { Button } from '@fluentui/react-components';
import { ArrowImport16Regular, Dismiss20Regular, Warning16Filled } from '@fluentui/react-icons';
import { type RefObject, useRef, useState, useSyncExternalStore } from 'react';
import type { Row } from '../../trace/row';
import { goneText, skippedText, unreadableText } from '../words/traceFileText';
import { messagesText, sizeText } from '../words/traceText';
import { ExportMenu } from './ExportMenu';
import { FileProgress } from './FileProgress';
import { ImportButton } from './ImportButton';
import type { OpenedTrace } from './openedTrace';
import { ReplayButton } from './ReplayButton';
import { TraceBar } from './TraceBar';
import { TraceView } from './TraceView';
import type { TraceTarget } from './target';

interface OpenedPageProps {
  opened: OpenedTrace;
  bar: RefObject<HTMLElement | null>;
  onFile(file: File): void;
  onFind(): void;
  onClose(): void;
}

/** A trace in a file, to be read only: the same ladder and explanations as for one's own. */
export function OpenedPage({ opened, bar, onFile, onFind, onClose }: OpenedPageProps) {
  const { model, name, size, read, total, state } = opened;
  const version = useSyncExternalStore(model.subscribe, model.version);
  const [sought, setSought] = useState('');
  /** What a recording of it led to. */
  const [shown, setShown] = useState<TraceTarget | null>(null);
  const shownRows = useRef<readonly Row[]>([]);
  const count = model.index.rows.length;
  const trouble = troubleText(opened);
  return (
    <>
      <TraceBar
        ref={bar}
        title={`Opened file: ${name}`}
        detail={`${count < total ? `The last ${count.toLocaleString('en')} of ` : ''}${messagesText(total)}, ${sizeText(size)}. To be read only.`}
        tag={
          <span className="tracetag tracetag--file">
            <ArrowImport16Regular aria-hidden="true" /> Imported file
          </span>
        }
        sought={sought}
        onSought={setSought}
      >
        {state.is === 'reading' ? (
          <FileProgress text="Reading" part={size === 0 ? 1 : Math.min(1, read / size)} onCancel={onClose} />
        ) : (
          <>
            <ReplayButton name={name} model={model} version={version} onShow={setShown} />
            <ImportButton onFile={onFile} />
            <ExportMenu model={model} shown={shownRows} />
            <Button icon={<Dismiss20Regular />} onClick={onClose}>
              <span className="tracebar__word">Close the file</span>
            </Button>
          </>
        )}
      </TraceBar>
      {trouble !== null && (
        <p className="pane tracetrouble" role="alert">
          <Warning16Filled aria-hidden="true" /> {trouble}
        </p>
      )}
      <TraceView
        model={model}
        version={version}
        sought={sought}
        target={shown}
        isLive={false}
        empty={state.is === 'reading' ? 'Reading…' : 'There is no message in this file.'}
        shownRows={shownRows}
        onFind={onFind}
      />
    </>
  );
}

function troubleText({ state }: OpenedTrace): string | null {
  switch (state.is) {
    case 'reading':
      return null;
    case 'read':
      return skippedText(state.skipped);
    case 'unreadable':
      return unreadableText(state.reason);
    case 'gone':
      return goneText;
  }
}
