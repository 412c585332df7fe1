import { Button } from '@fluentui/react-components';
import { ChevronDown12Regular, ChevronUp12Regular } from '@fluentui/react-icons';
import { useMemo, useState } from 'react';
import { type MediaMoment, type MediaTimeline, mediaTimelines } from '../../trace/mediaTimeline';
import type { Row } from '../../trace/row';
import { durationText, preciseTimeText } from '../words/timeText';
import { noteText } from '../words/traceText';
import type { TraceModel } from './traceModel';
import './media.css';

interface MediaStripProps {
  model: TraceModel;
  /** Of the model. */
  version: number;
  selected: Row | undefined;
  onSelect(row: Row): void;
}

/** The media of the trace over time: the way of each connection, and what it measured. */
export function MediaStrip({ model, version, selected, onSelect }: MediaStripProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the model's rows change with its version
  const timelines = useMemo(() => mediaTimelines(model.index.rows), [model, version]);
  const isMedia = selected?.entry.kind === 'media';
  const [picked, setIsOpen] = useState<boolean | null>(null);
  if (timelines.length === 0) return null;
  // Who was led to a note of it wants to see it.
  const isOpen = picked ?? isMedia;
  return (
    <section className="mediastrip" aria-label="Media">
      <button type="button" className="mediastrip__head" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        {isOpen ? <ChevronUp12Regular aria-hidden="true" /> : <ChevronDown12Regular aria-hidden="true" />}
        Media <b>{timelines.length}</b>
      </button>
      {isOpen && (
        <div className="mediastrip__all">
          {timelines.map((timeline) => (
            <Timeline key={timeline.connection} timeline={timeline} selected={selected} onSelect={onSelect} />
          ))}
        </div>
      )}
    </section>
  );
}

const directions = { in: 'Looking at a shared screen', out: 'Sharing a screen' };
const stateNames = {
  checking: 'Looking for a way',
  connected: 'Connected',
  disconnected: 'Interrupted',
  failed: 'Failed',
  closed: 'Ended',
};

interface TimelineProps {
  timeline: MediaTimeline;
  selected: Row | undefined;
  onSelect(row: Row): void;
}

function Timeline({ timeline, selected, onSelect }: TimelineProps) {
  const { direction, moments } = timeline;
  const [isTable, setIsTable] = useState(false);
  const start = moments[0]?.at ?? 0;
  const end = Math.max(start + 1_000, moments.at(-1)?.at ?? 0);
  const name = direction === null ? 'A connection' : directions[direction];
  return (
    <article className="mediatime">
      <header>
        <h3>{name}</h3>
        <p>
          {preciseTimeText(start)}, {durationText(end - start)} long{pathsText(moments)}
        </p>
        <Button size="small" appearance="subtle" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
          {isTable ? 'As a picture' : 'As a table'}
        </Button>
      </header>
      {isTable ? (
        <Table moments={moments} onSelect={onSelect} />
      ) : (
        <>
          <States moments={moments} start={start} end={end} selected={selected} onSelect={onSelect} />
          {measures.map((measure) => (
            <Measure key={measure.name} measure={measure} moments={moments} start={start} end={end} />
          ))}
        </>
      )}
    </article>
  );
}

interface SpanProps {
  moments: readonly MediaMoment[];
  start: number;
  end: number;
}

const part = (at: number, start: number, end: number): string =>
  `${(((at - start) / (end - start)) * 100).toFixed(2)}%`;

/** The way, in which state when; and where something was measured. Each leads to its note. */
function States({ moments, start, end, selected, onSelect }: SpanProps & Pick<TimelineProps, 'selected' | 'onSelect'>) {
  const states = moments.filter((moment) => moment.is === 'state');
  return (
    <div className="mediatime__line">
      <span className="mediatime__name">State</span>
      <div className="mediatime__plot">
        {states.map(({ row, at, state }, index) => (
          <button
            key={row.entry.seq}
            type="button"
            className={`mediastate mediastate--${state}`}
            aria-pressed={row === selected}
            title={`${stateNames[state]}, ${preciseTimeText(at)}`}
            style={{
              left: part(at, start, end),
              right: `calc(100% - ${part(states[index + 1]?.at ?? end, start, end)})`,
            }}
            onClick={() => onSelect(row)}
          >
            <span className="ellipsis">{stateNames[state]}</span>
          </button>
        ))}
        {moments.map(({ is, row, at }) =>
          is === 'state' ? null : (
            <button
              key={row.entry.seq}
              type="button"
              className="mediamark"
              aria-pressed={row === selected}
              aria-label={`Measured ${preciseTimeText(at)}: ${noteText(row)}`}
              style={{ left: part(at, start, end) }}
              onClick={() => onSelect(row)}
            />
          ),
        )}
      </div>
    </div>
  );
}

type Quality = Extract<MediaMoment, { is: 'quality' }>['quality'];

interface MeasureKind {
  name: string;
  of(quality: Quality): number | null;
  text(value: number): string;
  /** The scale goes at least so far. */
  least: number;
}

const measures: readonly MeasureKind[] = [
  {
    name: 'Bitrate',
    of: ({ bitrate }) => bitrate,
    text: (value) => `${Math.round(value / 1000).toLocaleString('en')} kbit/s`,
    least: 100_000,
  },
  { name: 'Loss', of: ({ loss }) => loss, text: (value) => `${(value * 100).toFixed(1)} %`, least: 0.05 },
  {
    name: 'Round trip',
    of: ({ roundTripMs }) => roundTripMs,
    text: (value) => `${Math.round(value)} ms`,
    least: 100,
  },
];

const height = 28;
const width = 1_000;

/** One number over time. */
function Measure({ measure, moments, start, end }: SpanProps & { measure: MeasureKind }) {
  const values = moments.flatMap((moment) => {
    const value = moment.is === 'quality' ? measure.of(moment.quality) : null;
    return value === null ? [] : [{ at: moment.at, value }];
  });
  const last = values.at(-1);
  if (last === undefined) return null;
  const most = Math.max(...values.map(({ value }) => value));
  const top = Math.max(measure.least, most) * 1.1;
  const place = ({ at, value }: { at: number; value: number }) =>
    `${(((at - start) / (end - start)) * width).toFixed(1)} ${(height - (value / top) * height).toFixed(1)}`;
  const said = `${measure.name}: ${measure.text(last.value)} at the end, ${measure.text(most)} at most`;
  return (
    <div className="mediatime__line">
      <span className="mediatime__name">{measure.name}</span>
      <svg
        className="mediatime__plot"
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={said}
      >
        <path className="mediatime__grid" d={`M0 ${height - 0.5}H${width}`} />
        <path className="mediatime__graph" d={`M${values.map(place).join(' L')}${values.length === 1 ? ' h1' : ''}`} />
      </svg>
      <span className="mediatime__value">{measure.text(last.value)}</span>
    </div>
  );
}

const pathNames = { host: 'directly', reflexive: 'through a NAT', relay: 'by a relay' };

function pathsText(moments: readonly MediaMoment[]): string {
  const paths = new Set(
    moments.flatMap((moment) => {
      const path = moment.is === 'quality' ? moment.quality.path : null;
      return path === null ? [] : [`${pathNames[path.by]} over ${path.protocol.toUpperCase()}`];
    }),
  );
  return paths.size === 0 ? '' : `, ${[...paths].join(', then ')}`;
}

/** The same in words and numbers. */
function Table({ moments, onSelect }: Pick<SpanProps, 'moments'> & Pick<TimelineProps, 'onSelect'>) {
  return (
    <div className="mediatime__table">
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">State</th>
            {measures.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">Path</th>
          </tr>
        </thead>
        <tbody>
          {moments.map((moment) => (
            <tr key={moment.row.entry.seq}>
              <td>
                <button type="button" className="link" onClick={() => onSelect(moment.row)}>
                  {preciseTimeText(moment.at)}
                </button>
              </td>
              <td>{moment.is === 'state' ? stateNames[moment.state] : ''}</td>
              {measures.map(({ name, of, text }) => {
                const value = moment.is === 'quality' ? of(moment.quality) : null;
                return <td key={name}>{value === null ? '' : text(value)}</td>;
              })}
              <td>
                {moment.is === 'quality' && moment.quality.path !== null ? pathNames[moment.quality.path.by] : ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
