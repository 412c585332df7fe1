import { Button, Select, Tab, TabList } from '@fluentui/react-components';
import {
  ChevronDown16Regular,
  ChevronUp16Regular,
  Copy16Regular,
  Dismiss16Regular,
  Filter16Regular,
  TextWrap16Regular,
} from '@fluentui/react-icons';
import { useMemo, useState } from 'react';
import { readBodies } from '../../trace/bodies';
import { explain } from '../../trace/explain/explain';
import { hexDump } from '../../trace/hexDump';
import { neighbourOf, type Scope } from '../../trace/neighbour';
import type { Row, TraceDialog } from '../../trace/row';
import type { NameOf } from '../words/bodyText';
import { preciseTimeText } from '../words/timeText';
import { delayText, rowTitle } from '../words/traceText';
import { DialogLetter } from './DialogLetter';
import { Explained } from './Explained';
import { MessageBody } from './MessageBody';
import { Headers } from './MessageText';

const scopes: Readonly<Record<Scope, string>> = {
  shown: 'all shown messages',
  transaction: 'this transaction',
  dialog: 'this dialog',
  conversation: 'this conversation',
};

type View = 'headers' | 'body' | 'raw' | 'bytes';

interface TraceDetailProps {
  row: Row;
  /** The whole trace, and the rows that the filter leaves. */
  rows: readonly Row[];
  shown: readonly Row[];
  /** Changes with the trace: an answer may have come. */
  version: number;
  nameOf: NameOf;
  /** The log of this browser as it grows. */
  isLive: boolean;
  onShow(row: Row): void;
  onOnly(dialog: TraceDialog): void;
  onClose(): void;
}

/** One message: why it failed, its headers, what its bodies say, and its bytes. */
export function TraceDetail({ row, rows, shown, version, nameOf, isLive, onShow, onOnly, onClose }: TraceDetailProps) {
  const { entry, frame, dialog } = row;
  const isSip = frame.is === 'request' || frame.is === 'response';
  const [scope, setScope] = useState<Scope>('shown');
  const [picked, setView] = useState<View>('headers');
  const [wraps, setWraps] = useState(true);
  const view = isSip ? picked : 'raw';
  const parts = useMemo(() => readBodies(entry.text), [entry]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows change with the version
  const explanation = useMemo(() => explain(row, rows), [row, version]);
  const step = (by: -1 | 1) => neighbourOf(row, scope, by, shown);
  const go = (to: Row | undefined) => to !== undefined && onShow(to);
  return (
    <aside className="pane trace__detail" aria-label="Message" data-region>
      <header className="tracehead">
        <div className="tracehead__title">
          <DialogLetter dialog={dialog} />
          <h2 className="ellipsis">{rowTitle(row)}</h2>
          <Button
            appearance="subtle"
            icon={<ChevronUp16Regular />}
            aria-label="Previous message"
            disabledFocusable={step(-1) === undefined}
            onClick={() => go(step(-1))}
          />
          <Button
            appearance="subtle"
            icon={<ChevronDown16Regular />}
            aria-label="Next message"
            disabledFocusable={step(1) === undefined}
            onClick={() => go(step(1))}
          />
          <Button appearance="subtle" icon={<Dismiss16Regular />} aria-label="Close the message" onClick={onClose} />
        </div>
        <p>{whenText(row)}</p>
        {dialog !== null && (
          <div className="tracehead__scope">
            <Select
              size="small"
              aria-label="Step through"
              value={scope}
              onChange={(_event, { value }) => setScope(value as Scope)}
            >
              {(Object.keys(scopes) as Scope[]).map((one) => (
                <option key={one} value={one}>
                  Step through {scopes[one]}
                </option>
              ))}
            </Select>
            <Button size="small" appearance="subtle" icon={<Filter16Regular />} onClick={() => onOnly(dialog)}>
              Only this dialog
            </Button>
          </div>
        )}
      </header>
      <div className="trace__reading">
        {explanation !== null && (
          <Explained isOurs={isLive} explanation={explanation} row={row} nameOf={nameOf} onShow={onShow} />
        )}
        {entry.fault !== undefined && <p className="trace__fault">{entry.fault}</p>}
        <div className="tracetabs">
          <TabList size="small" selectedValue={view} onTabSelect={(_event, { value }) => setView(value as View)}>
            {isSip && <Tab value="headers">Headers</Tab>}
            {isSip && <Tab value="body">{parts.length > 1 ? `Body (${parts.length})` : 'Body'}</Tab>}
            <Tab value="raw">Raw</Tab>
            {isSip && <Tab value="bytes">Bytes</Tab>}
          </TabList>
          <span className="tracetabs__space" />
          <Button
            size="small"
            appearance="subtle"
            className={wraps ? 'is-pressed' : ''}
            icon={<TextWrap16Regular />}
            aria-label="Wrap lines"
            aria-pressed={wraps}
            onClick={() => setWraps(!wraps)}
          />
          <Button
            size="small"
            appearance="subtle"
            icon={<Copy16Regular />}
            aria-label="Copy the message"
            onClick={() => void navigator.clipboard.writeText(entry.text)}
          />
        </div>
        <section
          className={`trace__text${wraps && view !== 'bytes' ? '' : ' trace__text--long'}`}
          aria-label="Message text"
          tabIndex={0}
        >
          {view === 'headers' && (
            <Headers
              text={entry.text}
              isFailure={row.isFailure || explanation !== null}
              dialogSize={dialog?.rows.length ?? 0}
              onDialog={() => dialog !== null && onOnly(dialog)}
            />
          )}
          {view === 'body' && <MessageBody parts={parts} nameOf={nameOf} />}
          {view === 'raw' && <pre>{entry.text}</pre>}
          {view === 'bytes' && <pre>{hexDump(entry.text)}</pre>}
        </section>
      </div>
    </aside>
  );
}

/** When, and how long after (or before) what belongs to it. */
function whenText({ entry, frame, transaction, repeats }: Row): string {
  const said = entry.kind === 'sip' ? (entry.direction === 'out' ? 'Sent' : 'Received') : 'Logged';
  const again = repeats === 0 ? '' : `, and ${repeats} more ${repeats === 1 ? 'time' : 'times'}`;
  const when = `${said} ${preciseTimeText(entry.at)}${again}`;
  if (frame.is === 'response') {
    const request = transaction?.rows.find((one) => one.frame.is === 'request' && one.frame.method === frame.method);
    return request === undefined
      ? when
      : `${when}, ${delayText(entry.at - request.entry.at)} after its ${frame.method}`;
  }
  if (frame.is !== 'request' || frame.method === 'ACK' || frame.method === 'BENOTIFY') return when;
  const answer = transaction?.rows.find((one) => one.frame.status >= 200 && one.frame.method === frame.method);
  return answer === undefined
    ? `${when}, not answered`
    : `${when}, answered ${delayText(answer.entry.at - entry.at)} later`;
}
