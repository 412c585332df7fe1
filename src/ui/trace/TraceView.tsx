import { Button, Tab, TabList } from '@fluentui/react-components';
import { ArrowDown16Regular, Pause16Regular } from '@fluentui/react-icons';
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { type Filter, filterRows, without } from '../../trace/filter';
import { neighbourOf } from '../../trace/neighbour';
import type { Row } from '../../trace/row';
import { messagesText } from '../words/traceText';
import { LaneHeads } from './Ladder';
import { MediaStrip } from './MediaStrip';
import { TraceDetail } from './TraceDetail';
import { TraceFilterBar } from './TraceFilterBar';
import { TraceList, type TraceListHandle } from './TraceList';
import { rowOfTarget, type TraceTarget } from './target';
import type { TraceModel } from './traceModel';
import { useNameOf } from './useNameOf';

interface TraceViewProps {
  model: TraceModel;
  /** Of the model. */
  version: number;
  /** Free text that shown messages have in them. */
  sought: string;
  /** What to show first. */
  target: TraceTarget | null;
  /** The log as it grows; else a file. */
  isLive: boolean;
  /** Said where there is nothing to show. */
  empty: ReactNode;
  /** Is given the rows that the filters leave. */
  shownRows: RefObject<readonly Row[]>;
  onFind(): void;
}

/** A trace to read: filters, the messages with the ladder, and one message in detail. */
export function TraceView({ model, version, sought, target, isLive, empty, shownRows, onFind }: TraceViewProps) {
  const nameOf = useNameOf();
  const [filter, setFilter] = useState<Filter>({});
  const [selected, setSelected] = useState<Row>();
  const [follows, setFollows] = useState(isLive && target === null);
  const [shape, setShape] = useState<'list' | 'ladder'>('list');
  const list = useRef<TraceListHandle>(null);
  const wanted = useDeferredValue(
    useMemo(() => ({ level: 'information' as const, ...filter, text: sought }), [filter, sought]),
  );
  const at = useDeferredValue(version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the model's rows change with its version
  const rows = useMemo(() => filterRows(model.index.rows, wanted), [model, at, wanted]);
  useEffect(() => {
    shownRows.current = rows;
  }, [rows, shownRows]);
  // Forgotten, with the oldest or with all.
  const current = selected !== undefined && model.index.find(selected.entry.seq) === selected ? selected : undefined;
  const isMissing = useTarget({ model, version, target, onFound: setSelected });

  const shown = useRef<Row>(undefined);
  useEffect(() => {
    // A target may be known before the list has its row.
    if (current === shown.current || (current !== undefined && !rows.includes(current))) return;
    shown.current = current;
    if (current !== undefined) list.current?.show(current);
  }, [current, rows]);

  const select = (row: Row) => {
    setSelected(row);
    setFollows(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = event.key === ']' ? 1 : event.key === '[' ? -1 : 0;
    const next = step === 0 || current === undefined ? undefined : neighbourOf(current, 'dialog', step, rows);
    if (next !== undefined) select(next);
    else if (event.key === 'e' || event.key === 'E')
      setFilter({ ...filter, failuresOnly: filter.failuresOnly !== true });
    else if (event.key === '/') onFind();
    else if (event.key === 'Enter') document.querySelector<HTMLElement>('.trace__text')?.focus();
    else if (event.key === 'Escape') setSelected(undefined);
    else return;
    event.preventDefault();
  };
  const close = () => {
    setSelected(undefined);
    list.current?.focus();
  };
  const count = model.index.rows.length;
  return (
    <div className={`panes__row trace__row${current === undefined ? '' : ' trace__row--detail'}`}>
      <section className={`pane trace__pane trace__pane--${shape}`} aria-label="Messages and ladder" data-region>
        <TraceFilterBar model={model} version={version} filter={filter} nameOf={nameOf} onFilter={setFilter} />
        <MediaStrip model={model} version={version} selected={current} onSelect={select} />
        <TabList
          className="trace__shape"
          size="small"
          selectedValue={shape}
          onTabSelect={(_event, { value }) => setShape(value as typeof shape)}
        >
          <Tab value="list">List</Tab>
          <Tab value="ladder">Ladder</Tab>
        </TabList>
        <div className="trace__heads" aria-hidden="true">
          <div className="trace__headlist">
            <span>Time</span>
            <span>Message</span>
          </div>
          <LaneHeads lanes={model.lanes.all} />
        </div>
        {rows.length === 0 ? (
          <p className="trace__none">
            {count === 0 && empty}
            {/* Else they come with the next drawing. */}
            {count > 0 && at === version && 'No message is like that. Take a filter away to see more.'}
          </p>
        ) : (
          <TraceList
            ref={list}
            model={model}
            rows={rows}
            selected={current}
            nameOf={nameOf}
            follows={follows}
            onFollows={setFollows}
            onSelect={select}
            onKeyDown={onKeyDown}
          />
        )}
        <footer className="trace__foot">
          {isMissing ? (
            <span role="status">The message is not in the log: logging was off, or it was forgotten since.</span>
          ) : (
            <span>
              {isLive && follows && 'Following new messages · '}
              {rows.length === count
                ? messagesText(count)
                : `${rows.length.toLocaleString('en')} of ${messagesText(count)} shown`}
            </span>
          )}
          {isLive && (
            <Button
              size="small"
              appearance="subtle"
              icon={follows ? <Pause16Regular /> : <ArrowDown16Regular />}
              onClick={() => setFollows(!follows)}
            >
              {follows ? 'Pause' : 'Follow'}
            </Button>
          )}
        </footer>
      </section>
      {current !== undefined && (
        <TraceDetail
          row={current}
          rows={model.index.rows}
          shown={rows}
          version={version}
          nameOf={nameOf}
          isLive={isLive}
          onShow={select}
          onOnly={(dialog) => setFilter({ ...without(filter, 'dialogs'), dialogs: new Set([dialog]) })}
          onClose={close}
        />
      )}
    </div>
  );
}

interface Wanted {
  model: TraceModel;
  version: number;
  target: TraceTarget | null;
  onFound(row: Row): void;
}

/** Looks for the target until it is read; true when all was read without it. */
function useTarget({ model, version, target, onFound }: Wanted): boolean {
  const [found, setFound] = useState<TraceTarget | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked for as the trace is read
  useEffect(() => {
    if (target === null || found === target) return;
    // What failed last is known when everything is there.
    const row = target.is !== 'frame' && !model.isWhole ? undefined : rowOfTarget(target, model.index);
    if (row === undefined) return;
    setFound(target);
    onFound(row);
  }, [model, version, target, found]);
  return target !== null && found !== target && model.isWhole;
}
