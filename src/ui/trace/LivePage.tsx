import { type RefObject, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Row } from '../../trace/row';
import { DoctorButton } from '../doctor/DoctorButton';
import { useApp, useCommands, useTraceFeed } from '../useApp';
import { messagesText, sizeText } from '../words/traceText';
import { ExportMenu } from './ExportMenu';
import { ImportButton } from './ImportButton';
import { LoggingActions, LoggingTag } from './LoggingActions';
import { ReplayButton } from './ReplayButton';
import { TraceBar } from './TraceBar';
import { TraceView } from './TraceView';
import type { TraceTarget } from './target';
import { TraceModel } from './traceModel';

interface LivePageProps {
  target: TraceTarget | null;
  since: number;
  bar: RefObject<HTMLElement | null>;
  onFile(file: File): void;
  onFind(): void;
}

/** The log of this browser, as it grows. */
export function LivePage({ target, since, bar, onFile, onFind }: LivePageProps) {
  const feed = useTraceFeed();
  const commands = useCommands();
  const [model] = useState(() => new TraceModel(since));
  const version = useSyncExternalStore(model.subscribe, model.version);
  const [sought, setSought] = useState('');
  /** What a recording of it led to. */
  const [shown, setShown] = useState<TraceTarget | null>(null);
  useEffect(() => {
    if (target !== null) setShown(null);
  }, [target]);
  const shownRows = useRef<readonly Row[]>([]);
  const hasNews = useApp((state) => state.logging.hasNews);
  useEffect(() => {
    if (hasNews) void commands.seeLog();
  }, [hasNews, commands]);
  useEffect(() => {
    model.clear();
    return feed.follow(model);
  }, [feed, model]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the model's rows change with its version
  const size = useMemo(() => model.index.rows.reduce((sum, { entry }) => sum + entry.text.length, 0), [model, version]);
  const count = model.index.rows.length;
  return (
    <>
      <TraceBar
        ref={bar}
        title="SIP trace"
        detail={`${messagesText(count)}, ${sizeText(size)}. Kept in this browser, passwords hidden.`}
        tag={<LoggingTag />}
        sought={sought}
        onSought={setSought}
      >
        {since === 0 && <LoggingActions count={count} />}
        {since === 0 && <DoctorButton />}
        <ReplayButton name="what this browser logged" model={model} version={version} onShow={setShown} />
        <ImportButton onFile={onFile} />
        <ExportMenu model={model} shown={shownRows} />
      </TraceBar>
      <TraceView
        model={model}
        version={version}
        sought={sought}
        target={shown ?? target}
        isLive
        empty="No messages yet. They appear here as they pass."
        shownRows={shownRows}
        onFind={onFind}
      />
    </>
  );
}
