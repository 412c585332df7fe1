import { Button, Popover, PopoverSurface, PopoverTrigger, Tooltip } from '@fluentui/react-components';
import { Copy16Regular } from '@fluentui/react-icons';
import type { ConversationId } from '../../domain/ids';
import type { Grade } from '../../media/grade';
import type { Reading } from '../../media/meter';
import { say } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { factsOf, gradeTexts, lagMs, lagText } from '../words/qualityText';
import { useConnectionId, useReadings } from './tabMedia';
import './quality.css';

interface QualityProps {
  id: ConversationId;
  /** Whose screen we look at, by first name; `null` when we show ours. */
  sharer: string | null;
}

/** How the picture comes across: bars in the bar, numbers behind them. */
export function QualityButton({ id, sharer }: QualityProps) {
  const readings = useReadings(id);
  const latest = readings.at(-1);
  if (latest === undefined) return null;
  const full = document.fullscreenElement;
  const name = `Sharing quality: ${gradeTexts[latest.grade ?? 'good'].toLowerCase()}`;
  return (
    <Popover
      positioning={{ position: 'below', align: 'end', offset: 12 }}
      trapFocus
      mountNode={full instanceof HTMLElement ? full : null}
    >
      <PopoverTrigger disableButtonEnhancement>
        <Tooltip content={name} relationship="label">
          <Button appearance="subtle" icon={<Bars grade={latest.grade} />} />
        </Tooltip>
      </PopoverTrigger>
      <PopoverSurface className="quality" aria-label="Sharing quality">
        <Numbers id={id} readings={readings} latest={latest} sharer={sharer} />
      </PopoverSurface>
    </Popover>
  );
}

const lit: Record<Grade, number> = { good: 4, fair: 3, poor: 1 };

function Bars({ grade }: { grade: Grade | null }) {
  return (
    <span className={`bars bars--${grade ?? 'good'}`} aria-hidden="true">
      {[1, 2, 3, 4].map((bar) => (
        <i key={bar} className={bar > lit[grade ?? 'good'] ? 'is-off' : ''} />
      ))}
    </span>
  );
}

interface NumbersProps {
  id: ConversationId;
  readings: readonly Reading[];
  latest: Reading;
  sharer: string | null;
}

function Numbers({ id, readings, latest, sharer }: NumbersProps) {
  const { go, showTrace } = useNavigation();
  const connection = useConnectionId(id);
  const show = () => (connection === null ? go('trace') : showTrace({ is: 'media', connection }));
  const facts = factsOf(latest.quality);
  const copy = async () => {
    const text = facts.map(([name, value]) => `${name}: ${value}`).join('\n');
    await navigator.clipboard.writeText(text).catch(() => say('The browser does not let this page copy.'));
  };
  return (
    <>
      <div className="quality__head">
        <h3>Sharing quality</h3>
        {latest.grade !== null && <span className={`grade grade--${latest.grade}`}>{gradeTexts[latest.grade]}</span>}
      </div>
      <p className="quality__sub">{lagText(latest.quality, sharer)}</p>
      <Graph readings={readings} />
      <dl className="quality__facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="quality__foot">
        <Button size="small" icon={<Copy16Regular />} onClick={() => void copy()}>
          Copy
        </Button>
        <Button className="quality__trace" size="small" appearance="transparent" onClick={show}>
          Show in trace
        </Button>
      </div>
    </>
  );
}

const width = 288;
const height = 64;
/** Two minutes of looks. */
const most = 60;

/** The delay over the last two minutes. */
function Graph({ readings }: { readings: readonly Reading[] }) {
  const lags = readings.map(({ quality }) => lagMs(quality));
  const known = lags.filter((lag) => lag !== null);
  if (known.length < 2) return null;
  const top = Math.max(100, ...known) * 1.1;
  const first = most - lags.length;
  const points = lags.flatMap((lag, at) =>
    lag === null ? [] : [`${((first + at) * width) / (most - 1)} ${(height - (lag * height) / top).toFixed(1)}`],
  );
  const line = `M${points.join(' L')}`;
  const [start, end] = [points[0]?.split(' ')[0], points.at(-1)?.split(' ')[0]];
  const said = `Delay over the last two minutes, between ${Math.round(Math.min(...known))} and ${Math.round(Math.max(...known))} milliseconds`;
  return (
    <svg className="quality__graph" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={said}>
      <path className="quality__grid" d={`M0 .5h${width}M0 ${height / 2}h${width}M0 ${height - 0.5}h${width}`} />
      <path className="quality__area" d={`${line} L${end} ${height} L${start} ${height}Z`} />
      <path className="quality__line" d={line} />
    </svg>
  );
}
