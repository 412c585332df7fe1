import { Button, Input } from '@fluentui/react-components';
import { ArrowDownLeft16Regular, ArrowUpRight16Regular, Search16Regular } from '@fluentui/react-icons';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { VList } from 'virtua';
import { headerOf, methodOf, parseMessage } from '../../protocol/sip/message';
import type { TraceEntry } from '../../trace/entry';
import { filterRows } from '../../trace/filter';
import { useTraceFeed } from '../useApp';
import { preciseTimeText } from '../words/timeText';
import { TraceModel } from './traceModel';
import './trace.css';

interface Summary {
  title: string;
  detail: string;
  kind: 'request' | 'good' | 'bad' | 'state';
}

function summaryOf(entry: TraceEntry): Summary {
  if (entry.kind === 'state') return { title: `Connection: ${entry.text}`, detail: entry.url, kind: 'state' };
  if (entry.kind !== 'sip') return { title: entry.text, detail: '', kind: 'state' };
  const message = parseMessage(entry.text);
  if (message === null) return { title: 'Not readable as SIP', detail: entry.text.slice(0, 80), kind: 'bad' };
  const who = headerOf(message, entry.direction === 'out' ? 'To' : 'From') ?? '';
  const detail = /<([^>]+)>/.exec(who)?.[1] ?? who;
  const event = headerOf(message, 'Event');
  if (message.method !== null)
    return { title: `${message.method}${event === undefined ? '' : ` ${event}`}`, detail, kind: 'request' };
  return {
    title: `${message.status} ${message.reason} · ${methodOf(message)}`,
    detail,
    kind: message.status >= 300 && message.status !== 401 ? 'bad' : 'good',
  };
}

/** Every SIP message in and out, live, with its text as it was on the wire (credentials masked). */
export function TracePage() {
  const feed = useTraceFeed();
  const [model] = useState(() => new TraceModel());
  const version = useSyncExternalStore(model.subscribe, model.version);
  const [sought, setSought] = useState('');
  const [clearedAt, setClearedAt] = useState(0);
  const [selected, setSelected] = useState<number | null>(null);
  useEffect(() => {
    model.clear();
    return feed.follow(model);
  }, [feed, model]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the model's rows change with its version
  const entries = useMemo(
    () => filterRows(model.index.rows, { text: sought, repeats: true }).map(({ entry }) => entry),
    [model, version, sought],
  );
  const shown = useMemo(
    () => entries.filter(({ kind, seq }) => kind !== 'ping' && seq > clearedAt),
    [entries, clearedAt],
  );
  const current = shown.find(({ seq }) => seq === selected);
  const move = (step: number) => {
    const index = shown.findIndex(({ seq }) => seq === selected);
    const next = shown[Math.max(0, Math.min(shown.length - 1, index + step))];
    if (next !== undefined) setSelected(next.seq);
  };

  return (
    <section className="pane trace" aria-label="Trace" data-region>
      <header className="trace__head">
        <h1>Trace</h1>
        <span className="trace__count">{shown.length} messages, passwords and credentials hidden</span>
        <Input
          contentBefore={<Search16Regular aria-hidden="true" />}
          placeholder="Filter by any text"
          aria-label="Filter the trace"
          value={sought}
          onChange={(_event, data) => setSought(data.value)}
        />
        <Button onClick={() => setClearedAt(entries.at(-1)?.seq ?? 0)}>Clear the view</Button>
      </header>
      <div className={`trace__body${current === undefined ? '' : ' trace__body--detail'}`}>
        {shown.length === 0 ? (
          <p className="trace__none">No messages yet. They appear here as they pass.</p>
        ) : (
          <VList
            className="trace__list"
            role="listbox"
            aria-label="SIP messages"
            tabIndex={0}
            aria-activedescendant={current === undefined ? undefined : `trace-${current.seq}`}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
              event.preventDefault();
              move(event.key === 'ArrowDown' ? 1 : -1);
            }}
          >
            {shown.map((entry) => (
              <TraceRow
                key={entry.seq}
                entry={entry}
                isSelected={entry.seq === selected}
                onSelect={() => setSelected(entry.seq)}
              />
            ))}
          </VList>
        )}
        {current !== undefined && (
          <section className="trace__detail" aria-label="Message text" tabIndex={0}>
            {current.fault !== undefined && <p className="trace__fault">{current.fault}</p>}
            <pre>{current.text}</pre>
          </section>
        )}
      </div>
    </section>
  );
}

function TraceRow({ entry, isSelected, onSelect }: { entry: TraceEntry; isSelected: boolean; onSelect(): void }) {
  const { title, detail, kind } = useMemo(() => summaryOf(entry), [entry]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box takes the keys
    <div
      className={`tracerow tracerow--${kind}`}
      role="option"
      id={`trace-${entry.seq}`}
      aria-selected={isSelected}
      tabIndex={-1}
      onClick={onSelect}
    >
      <time>{preciseTimeText(entry.at)}</time>
      <span role="img" aria-label={entry.direction === 'out' ? 'sent' : 'received'}>
        {entry.direction === 'out' ? <ArrowUpRight16Regular /> : <ArrowDownLeft16Regular />}
      </span>
      <span className="tracerow__title ellipsis">{title}</span>
      <span className="tracerow__detail ellipsis">{detail}</span>
    </div>
  );
}
