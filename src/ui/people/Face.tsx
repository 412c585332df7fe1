import { memo } from 'react';
import type { Status } from '../../domain/people';
import type { Aor } from '../../protocol/sip/uri';
import { nameOf, statusOf } from '../../state/selectors';
import { useApp } from '../useApp';
import './people.css';

/** Fluent's colourful palette, as the design uses it. */
const colors = [
  'cornflower', 'berry', 'teal', 'magenta', 'seafoam', 'darkGreen', 'lavender', 'gold', 'pink', 'steel',
  'pumpkin', 'royalBlue', 'lilac', 'forest', 'peach', 'navy', 'grape', 'cranberry', 'brass', 'plum',
]; // biome-ignore format: a palette

export function colorOf(aor: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < aor.length; at += 1) hash = Math.imul(hash ^ aor.charCodeAt(at), 0x01000193);
  // Neighbouring addresses differ in few bits: mixed, so that colleagues get different colours.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return colors[hash % colors.length] ?? 'cornflower';
}

export function initialsOf(name: string): string {
  const words = name
    .replace(/@.*$/, '')
    .split(/[\s._-]+/)
    .filter(Boolean);
  const [first = '?'] = words;
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return `${[...first][0] ?? ''}${[...last][0] ?? ''}`.toUpperCase();
}

const kinds: Record<Status, string> = {
  available: 'available',
  inactive: 'away',
  busy: 'busy',
  'busy-inactive': 'busy',
  'do-not-disturb': 'dnd',
  'be-right-back': 'away',
  away: 'away',
  'off-work': 'away',
  offline: 'offline',
  unknown: 'unknown',
};

/** Presence as a shape and a colour, never by colour alone: check, disc, bar, clock, cross, ring. */
export function PresenceDot({ status, inline = false }: { status: Status; inline?: boolean }) {
  // The words always stand beside it: read out, it would say them twice.
  const kind = kinds[status];
  return (
    <span className={`dot dot--${kind}${inline ? ' dot--inline' : ''}`} aria-hidden="true">
      <svg viewBox="0 0 12 12" aria-hidden="true">
        {kind === 'unknown' || kind === 'offline' ? (
          <circle cx="6" cy="6" r="4.7" fill="none" stroke="currentColor" strokeWidth="1.4" />
        ) : (
          <circle cx="6" cy="6" r="6" fill="currentColor" />
        )}
        {kind === 'available' && <path d="M3.5 6.3 5.2 8l3.4-3.7" className="dot__mark" />}
        {kind === 'dnd' && <path d="M3.5 6h5" className="dot__mark" />}
        {kind === 'away' && <path d="M6 3.4v2.8l1.9 1.7" className="dot__mark" />}
        {kind === 'offline' && <path d="M4.3 4.3l3.4 3.4m0-3.4L4.3 7.7" className="dot__cross" />}
      </svg>
    </span>
  );
}

interface FaceProps {
  aor: Aor;
  size?: 24 | 32 | 40 | 48 | 56 | 72;
  /** False in places that show presence already. */
  presence?: boolean;
}

/** A person as initials on a colour, with presence. Decorative: the name stands beside it. */
export const Face = memo(function Face({ aor, size = 32, presence = true }: FaceProps) {
  const name = useApp((state) => nameOf(state, aor));
  const status = useApp((state) => statusOf(state, aor));
  return (
    <span className={`face face--${size} face-${colorOf(aor)}`}>
      <span aria-hidden="true">{initialsOf(name)}</span>
      {presence && <PresenceDot status={status} />}
    </span>
  );
});

/** Up to three people in one circle, for conferences. */
export const Faces = memo(function Faces({ people }: { people: readonly Aor[] }) {
  const names = useApp((state) =>
    people
      .slice(0, 3)
      .map((aor) => nameOf(state, aor))
      .join('\n'),
  );
  if (people.length === 0)
    return (
      <span className="face face--40 face-platinum" aria-hidden="true">
        …
      </span>
    );
  return (
    <span className={`pie pie--${Math.min(people.length, 3)}`} aria-hidden="true">
      {people.slice(0, 3).map((aor, index) => (
        <span key={aor} className={`face-${colorOf(aor)}`}>
          {initialsOf(names.split('\n')[index] ?? '')}
        </span>
      ))}
    </span>
  );
});
