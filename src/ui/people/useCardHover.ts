import { type PointerEvent, useEffect, useRef } from 'react';
import type { Aor } from '../../protocol/sip/uri';
import { useNavigation } from '../shell/navigation';

const restMs = 500;

/** Shows a person's card when the pointer rests on something for a while. Mice only: a finger has no rest. */
export function useCardHover(person: Aor): {
  onPointerEnter(event: PointerEvent<HTMLElement>): void;
  onPointerLeave(): void;
} {
  const { showCard } = useNavigation();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    onPointerEnter({ currentTarget, pointerType }) {
      if (pointerType !== 'mouse') return;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => showCard(person, currentTarget, true), restMs);
    },
    onPointerLeave: () => clearTimeout(timer.current),
  };
}
