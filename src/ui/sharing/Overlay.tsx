import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { ConversationId } from '../../domain/ids';
import type { Tool } from '../../media/pointing';
import type { Place } from '../../protocol/shared/pointerMessage';
import type { Aor } from '../../protocol/sip/uri';
import { firstNameOf } from '../../state/selectors';
import { useApp } from '../useApp';
import { useMarks, useTabMedia } from './tabMedia';

interface OverlayProps {
  id: ConversationId;
  /** What we draw with; `null` where we may not. */
  tool: Tool | null;
}

/** Pointers and ink over a shared picture, for everybody the same. */
export function Overlay({ id, tool }: OverlayProps) {
  const marks = useMarks(id);
  const draw = useDrawing(id, tool);
  return (
    <div
      className={tool === null ? 'marks' : `marks marks--${tool}`}
      {...(tool === null
        ? {}
        : { role: 'application', tabIndex: 0, 'aria-label': 'Point with the arrow keys; with Shift the pen draws' })}
      {...draw}
    >
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        {marks.strokes.map(({ key, who, points }) => (
          <polyline
            key={key}
            className={`ink pointer-${hueOf(who)}`}
            points={points.map(([x, y]) => `${x},${y}`).join(' ')}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      {marks.pointers.map((pointer) => (
        <PointerMark key={pointer.who} {...pointer} />
      ))}
    </div>
  );
}

function PointerMark({ who, x, y, laser }: { who: Aor; x: number; y: number; laser: boolean }) {
  const first = useApp((state) => (state.account?.aor === who ? 'You' : firstNameOf(state, who)));
  return (
    <span
      className={`ptr pointer-${hueOf(who)}${laser ? ' ptr--laser' : ''}`}
      style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
    >
      {!laser && (
        <svg width="16" height="20" viewBox="0 0 16 20" aria-hidden="true">
          <path d="M1 1v15l4.2-3.6 2.6 6 2.6-1.1-2.6-5.9H14z" stroke="#fff" strokeWidth="1.2" strokeLinejoin="round" />
        </svg>
      )}
      <b>{first}</b>
    </span>
  );
}

const hues = 6;

/** The same colour for the same person everywhere. */
function hueOf(who: Aor): number {
  let sum = 0;
  for (let at = 0; at < who.length; at += 1) sum = (sum * 31 + who.charCodeAt(at)) % 9_973;
  return sum % hues;
}

const keyStep = 0.02;
const arrows: Record<string, Place> = {
  ArrowLeft: [-keyStep, 0],
  ArrowRight: [keyStep, 0],
  ArrowUp: [0, -keyStep],
  ArrowDown: [0, keyStep],
};

const bounded = (value: number): number => Math.min(1, Math.max(0, value));

function useDrawing(id: ConversationId, tool: Tool | null) {
  const media = useTabMedia();
  const at = useRef<Place>([0.5, 0.5]);
  const isPressed = useRef(false);
  if (tool === null) return {};
  const pointing = () => media.pointing(id);
  const placeIn = ({ currentTarget, clientX, clientY }: PointerEvent<HTMLElement>): Place => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    return [bounded((clientX - left) / width), bounded((clientY - top) / height)];
  };
  const move = (place: Place) => {
    at.current = place;
    pointing()?.point(tool, place, isPressed.current);
  };
  const release = () => {
    if (!isPressed.current) return;
    isPressed.current = false;
    pointing()?.lift();
  };
  return {
    onPointerMove: (event: PointerEvent<HTMLElement>) => move(placeIn(event)),
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      isPressed.current = true;
      move(placeIn(event));
    },
    onPointerUp: release,
    onPointerCancel: release,
    onPointerLeave: () => {
      if (!isPressed.current) pointing()?.away();
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const step = arrows[event.key];
      if (step === undefined) return;
      event.preventDefault();
      isPressed.current = event.shiftKey;
      move([bounded(at.current[0] + step[0]), bounded(at.current[1] + step[1])]);
    },
    onKeyUp: (event: KeyboardEvent<HTMLElement>) => {
      if (event.key === 'Shift') release();
    },
    onBlur: () => pointing()?.away(),
  };
}
