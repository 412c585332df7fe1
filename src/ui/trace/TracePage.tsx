import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useTraceFeed } from '../useApp';
import { TraceBar } from './TraceBar';
import { TraceView } from './TraceView';
import type { TraceTarget } from './target';
import { TraceModel } from './traceModel';
import './trace.css';
import './detail.css';

interface TracePageProps {
  target?: TraceTarget | null;
  /** Epoch ms; nothing older is shown. Then it is not signed in, and what is logged cannot be changed. */
  since?: number;
}

/** Every SIP message in and out, as it was on the wire (credentials masked), as a ladder, and what failed in words. */
export function TracePage({ target = null, since = 0 }: TracePageProps) {
  const feed = useTraceFeed();
  const [model] = useState(() => new TraceModel(since));
  const version = useSyncExternalStore(model.subscribe, model.version);
  const [sought, setSought] = useState('');
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    model.clear();
    return feed.follow(model);
  }, [feed, model]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the model's rows change with its version
  const size = useMemo(() => model.index.rows.reduce((sum, { entry }) => sum + entry.text.length, 0), [model, version]);
  return (
    <div className="trace">
      <TraceBar
        ref={bar}
        mayChange={since === 0}
        count={model.index.rows.length}
        size={size}
        sought={sought}
        onSought={setSought}
      />
      <TraceView
        model={model}
        version={version}
        sought={sought}
        target={target}
        isLive
        empty="No messages yet. They appear here as they pass."
        onFind={() => bar.current?.querySelector('input')?.focus()}
      />
    </div>
  );
}
