import { type CSSProperties, type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { VList, type VListHandle } from 'virtua';
import { gapBefore } from '../../trace/gaps';
import { neighbourOf } from '../../trace/neighbour';
import type { Row } from '../../trace/row';
import type { NameOf } from '../words/bodyText';
import { stepsOf } from './Ladder';
import { TraceRow } from './TraceRow';
import type { TraceModel } from './traceModel';

const rowHeight = 32;
/** So near the end counts as being there. */
const nearEndPx = 40;

export interface TraceListHandle {
  /** Takes the focus, with a row in sight. */
  focus(): void;
  show(row: Row): void;
}

interface TraceListProps {
  model: TraceModel;
  rows: readonly Row[];
  selected: Row | undefined;
  nameOf: NameOf;
  /** What comes is scrolled to. */
  follows: boolean;
  onFollows(follows: boolean): void;
  onSelect(row: Row): void;
  onKeyDown(event: KeyboardEvent): void;
  ref: Ref<TraceListHandle>;
}

/** The messages, with their arrows beside them in one scroll. Draws only what is in sight. */
export function TraceList(props: TraceListProps) {
  const { model, rows, selected, nameOf, follows, onFollows, onSelect, onKeyDown, ref } = props;
  const list = useRef<VListHandle>(null);
  const element = useRef<HTMLDivElement>(null);
  const scrolledTo = useRef(0);
  const lanes = model.lanes.all;
  const last = rows.at(-1);

  const show = (row: Row) => {
    const at = rows.indexOf(row);
    if (at >= 0) list.current?.scrollToIndex(at, { align: 'nearest' });
  };
  useImperativeHandle(ref, () => ({
    focus: () => element.current?.querySelector<HTMLElement>('[role="listbox"]')?.focus(),
    show,
  }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: to the end whenever that is another row
  useEffect(() => {
    if (follows && rows.length > 0) list.current?.scrollToIndex(rows.length - 1, { align: 'end' });
  }, [follows, last]);

  const move = (event: KeyboardEvent): Row | undefined => {
    const page = Math.max(1, Math.floor((list.current?.viewportSize ?? 0) / rowHeight) - 1);
    const at = selected === undefined ? -1 : rows.indexOf(selected);
    const to = (index: number) => rows[Math.max(0, Math.min(rows.length - 1, index))];
    switch (event.key) {
      case 'ArrowDown':
        return selected === undefined ? to(follows ? rows.length - 1 : 0) : neighbourOf(selected, 'shown', 1, rows);
      case 'ArrowUp':
        return selected === undefined ? to(rows.length - 1) : neighbourOf(selected, 'shown', -1, rows);
      case 'PageDown':
        return to(at + page);
      case 'PageUp':
        return to(at - page);
      case 'Home':
        return to(0);
      case 'End':
        return to(rows.length - 1);
    }
    return undefined;
  };

  return (
    <div className="trace__list" ref={element} style={{ '--steps': stepsOf(lanes) } as CSSProperties}>
      <VList
        ref={list}
        data={rows}
        itemSize={rowHeight}
        role="listbox"
        aria-label="SIP messages"
        aria-keyshortcuts="[ ] E /"
        tabIndex={0}
        aria-activedescendant={selected === undefined ? undefined : `trace-${selected.entry.seq}`}
        onScroll={(offset) => {
          const { scrollSize = 0, viewportSize = 0 } = list.current ?? {};
          const isAtEnd = scrollSize - viewportSize - offset < nearEndPx;
          // Back, by the person; what comes only moves the end away.
          if (follows && !isAtEnd && offset < scrolledTo.current) onFollows(false);
          scrolledTo.current = offset;
        }}
        onKeyDown={(event) => {
          const row = move(event);
          if (row === undefined) return onKeyDown(event);
          event.preventDefault();
          onSelect(row);
        }}
      >
        {(row, index) => (
          <TraceRow
            key={row.entry.seq}
            row={row}
            span={model.lanes.spanOf(row)}
            lanes={lanes}
            nameOf={nameOf}
            gap={gapBefore(row, rows[index - 1])}
            isSelected={row === selected}
            position={index + 1}
            count={rows.length}
            onSelect={() => onSelect(row)}
          />
        )}
      </VList>
    </div>
  );
}
