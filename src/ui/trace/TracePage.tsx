import { useEffect, useRef, useState } from 'react';
import { LivePage } from './LivePage';
import { OpenedPage } from './OpenedPage';
import { OpenedTrace } from './openedTrace';
import type { TraceTarget } from './target';
import './trace.css';
import './detail.css';

interface TracePageProps {
  target?: TraceTarget | null;
  /** Epoch ms; nothing older is shown. Then nobody is signed in, and what is logged cannot be changed. */
  since?: number;
}

/** Every SIP message in and out, as it was on the wire (credentials masked), as a ladder, and what failed in words. */
export function TracePage({ target = null, since = 0 }: TracePageProps) {
  const [opened, setOpened] = useState<OpenedTrace | null>(null);
  const bar = useRef<HTMLElement>(null);
  useEffect(() => () => opened?.close(), [opened]);
  // Who asks for a message of one's own does not look for it in a file.
  useEffect(() => {
    if (target !== null) setOpened(null);
  }, [target]);
  const open = (file: File) => setOpened(new OpenedTrace(file));
  const find = () => bar.current?.querySelector('input')?.focus();
  return (
    <div className="trace">
      {opened === null ? (
        <LivePage target={target} since={since} bar={bar} onFile={open} onFind={find} />
      ) : (
        <OpenedPage
          key={opened.id}
          opened={opened}
          bar={bar}
          onFile={open}
          onFind={find}
          onClose={() => setOpened(null)}
        />
      )}
    </div>
  );
}
