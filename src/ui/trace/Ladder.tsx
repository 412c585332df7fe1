import {
  DismissCircle16Filled,
  ErrorCircle12Filled,
  Laptop20Regular,
  Person20Regular,
  Router20Regular,
  Server20Regular,
  ShieldGlobe20Regular,
} from '@fluentui/react-icons';
import type { CSSProperties, ReactElement } from 'react';
import type { Lane, Span } from '../../trace/lanes';
import type { Row } from '../../trace/row';
import { laneDetail, laneNames, rowTitle } from '../words/traceText';

const icons: Record<Lane['role'], ReactElement> = {
  client: <Laptop20Regular aria-hidden="true" />,
  edge: <ShieldGlobe20Regular aria-hidden="true" />,
  proxy: <Router20Regular aria-hidden="true" />,
  server: <Server20Regular aria-hidden="true" />,
  peer: <Person20Regular aria-hidden="true" />,
};

/** Custom properties: lanes are placed by their number among `--steps` intervals. */
const placed = (values: Record<string, number>): CSSProperties =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`--${name}`, value]));

export const stepsOf = (lanes: readonly Lane[]): number => Math.max(1, lanes.length - 1);

/** The elements that messages pass, over their lifelines. */
export function LaneHeads({ lanes }: { lanes: readonly Lane[] }) {
  return (
    <div className="ladder" style={placed({ steps: stepsOf(lanes) })}>
      <div className="ladder__lanes">
        {lanes.map((lane, at) => (
          <span key={`${lane.role} ${lane.host}`} className="lane" style={placed({ from: at })} title={lane.host}>
            {icons[lane.role]}
            <b>{laneNames[lane.role]}</b>
            <span className="ellipsis">{laneDetail(lane)}</span>
          </span>
        ))}
      </div>
    </div>
  );
}

interface ArrowProps {
  row: Row;
  span: Span;
  /** Who was not reached, where it did not get there. */
  missedName: string;
}

/** A message on its way: solid a request, dashed a response, a ring where it passed, a cross where it ended. */
export function Arrow({ row, span: { from, to, hops, missed }, missedName }: ArrowProps) {
  const [left, right] = [Math.min(from, to), Math.max(from, to)];
  const isFailed = row.isFailure;
  const shape = [
    'arrow',
    to > from ? 'arrow--right' : 'arrow--left',
    row.frame.is === 'response' ? 'arrow--response' : '',
    missed === null ? '' : 'arrow--stopped',
    isFailed ? 'arrow--failed' : `dlg-${row.dialog?.color ?? 0}`,
  ];
  return (
    <>
      <span className={shape.join(' ')} style={placed({ from: left, to: right })}>
        <span className="arrow__name">
          {isFailed && <ErrorCircle12Filled />}
          {rowTitle(row)}
        </span>
        {hops.map((hop) => (
          <i key={hop} className="arrow__hop" style={placed({ hop: (hop - left) / (right - left) })} />
        ))}
      </span>
      {missed !== null && (
        <>
          <DismissCircle16Filled className="ladder__stop" style={placed({ from: to })} />
          <span className="arrow arrow--ghost" style={placed({ from: to, to: missed })}>
            <span className="arrow__name">never reached {missedName}</span>
          </span>
        </>
      )}
    </>
  );
}

/** The same in words, for those who do not see it. */
export function spanText({ from, to, missed }: Span, lanes: readonly Lane[], missedName: string): string {
  const name = (at: number): string => {
    const lane = lanes[at];
    return lane === undefined ? '' : `${laneNames[lane.role]} ${laneDetail(lane)}`;
  };
  return `${name(from)} to ${name(to)}${missed === null ? '' : `, never reached ${missedName}`}`;
}
