import { ArrowDownLeft12Regular, ArrowUpRight12Regular } from '@fluentui/react-icons';
import { useMemo } from 'react';
import { gistOf } from '../../trace/gist';
import type { Lane, Span } from '../../trace/lanes';
import type { Row } from '../../trace/row';
import type { NameOf } from '../words/bodyText';
import { preciseTimeText } from '../words/timeText';
import { delayText, gistText, noteText, rowTitle } from '../words/traceText';
import { DialogLetter } from './DialogLetter';
import { Arrow, spanText } from './Ladder';

interface TraceRowProps {
  row: Row;
  span: Span | null;
  lanes: readonly Lane[];
  nameOf: NameOf;
  /** Silence before it that is worth a mark, in ms. */
  gap: number | null;
  isSelected: boolean;
  /** Its place among `count` shown rows, from 1: the others are not drawn. */
  position: number;
  count: number;
  onSelect(): void;
}

/** One message: a line of the list, and its arrow. */
export function TraceRow(props: TraceRowProps) {
  const { row, span, lanes, nameOf, gap, isSelected, position, count, onSelect } = props;
  const { entry, dialog, isFailure, repeats } = row;
  const isOut = entry.direction === 'out';
  const about = useMemo(() => (dialog === null ? noteText(row) : gistText(gistOf(row), nameOf)), [row, dialog, nameOf]);
  const peer = dialog === null ? '' : nameOf(dialog.peer);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box takes the keys
    <div
      className={`tracerow${isFailure ? ' tracerow--failed' : ''}${dialog === null ? ' tracerow--note' : ''}`}
      role="option"
      id={`trace-${entry.seq}`}
      aria-selected={isSelected}
      aria-posinset={position}
      aria-setsize={count}
      tabIndex={-1}
      onClick={onSelect}
    >
      {gap !== null && (
        <div className="tracerow__gap">
          <span>{delayText(gap)} later</span>
        </div>
      )}
      <div className="tracerow__line">
        <div className="tracerow__list">
          <DialogLetter dialog={dialog} />
          <time>{preciseTimeText(entry.at)}</time>
          <span className="tracerow__direction">
            {dialog !== null &&
              (isOut ? <ArrowUpRight12Regular aria-label="sent" /> : <ArrowDownLeft12Regular aria-label="received" />)}
          </span>
          <span className="tracerow__text ellipsis">
            <b>{rowTitle(row)}</b> {about}
          </span>
          {repeats > 0 && (
            <span className="tracerow__repeats">
              {repeats + 1}×<span className="sr-only"> sent</span>
            </span>
          )}
          {span !== null && <span className="sr-only">{spanText(span, lanes, peer)}</span>}
        </div>
        <div className="tracerow__ladder" aria-hidden="true">
          <div className="ladder__lanes ladder__lanes--lines">
            {span !== null && <Arrow row={row} span={span} missedName={peer} />}
          </div>
        </div>
      </div>
    </div>
  );
}
