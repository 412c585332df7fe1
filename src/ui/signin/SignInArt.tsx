import type { Status } from '../../domain/people';
import { PresenceDot } from '../people/Face';
import './signart.css';

type Spot = readonly [initials: string, color: string, status: Status, size: 32 | 40 | 48, left: number, top: number];

const people: readonly Spot[] = [
  ['DW', 'teal', 'available', 48, 384, 44],
  ['MC', 'lavender', 'busy', 40, 68, 60],
  ['SP', 'darkGreen', 'available', 40, 452, 200],
  ['PR', 'magenta', 'do-not-disturb', 40, 142, 378],
  ['EL', 'pumpkin', 'available', 32, 244, 52],
  ['HF', 'seafoam', 'away', 32, 324, 400],
];

/** What Confab does, drawn with its own parts. Looks the same in both themes, on blue. */
export function SignInArt() {
  return (
    <div className="signart">
      <svg className="signart__rings" viewBox="0 0 520 440" width="520" height="440" aria-hidden="true">
        <circle cx="260" cy="220" r="92" strokeOpacity="0.22" />
        <circle cx="260" cy="220" r="152" strokeOpacity="0.14" />
        <circle cx="260" cy="220" r="214" strokeOpacity="0.08" />
      </svg>
      {people.map(([initials, color, status, size, left, top]) => (
        <Figure key={initials} initials={initials} color={color} status={status} size={size} at={{ left, top }} />
      ))}
      <div className="signart__card signart__chat">
        <p className="signart__in">
          <Figure initials="AM" color="cornflower" status="available" size={32} />
          <span>Row 42 looks odd. Shall we fix it together?</span>
        </p>
        <p className="signart__out">Yes. Pulling in Carol.</p>
        <p className="signart__line">You added Carol and Dan</p>
      </div>
      <div className="signart__card signart__typing">
        <Figure initials="CJ" color="berry" status="available" size={32} />
        <span className="signart__dots">
          <i />
          <i />
          <i />
        </span>
        Carol is typing
      </div>
      <div className="signart__card signart__people">
        <span className="signart__stack">
          <Figure initials="CJ" color="berry" size={28} />
          <Figure initials="DW" color="teal" size={28} />
          <Figure initials="AM" color="cornflower" size={28} />
        </span>
        6 people
      </div>
    </div>
  );
}

interface FigureProps {
  initials: string;
  color: string;
  size: 28 | 32 | 40 | 48;
  status?: Status;
  at?: { left: number; top: number };
}

function Figure({ initials, color, size, status, at }: FigureProps) {
  return (
    <span className={`face face--${size} signart__${color}${at === undefined ? '' : ' signart__figure'}`} style={at}>
      {initials}
      {status !== undefined && <PresenceDot status={status} />}
    </span>
  );
}
