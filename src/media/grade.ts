import type { Quality } from './quality';

/** How a shared picture comes across, in one word. */
export type Grade = 'good' | 'fair' | 'poor';

/** From which on it is fair, and poor. A picture that nobody changes has few frames: these say nothing. */
const limits: Record<'loss' | 'roundTripMs' | 'delayMs', readonly [number, number]> = {
  loss: [0.02, 0.08],
  roundTripMs: [250, 600],
  delayMs: [400, 1_200],
};

/** The worst of what is known; `null` while nothing is. */
export function gradeOf(quality: Quality): Grade | null {
  const grades = (Object.keys(limits) as (keyof typeof limits)[]).flatMap((key) => {
    const value = quality[key];
    const [fair, poor] = limits[key];
    return value === null ? [] : [value >= poor ? 2 : value >= fair ? 1 : 0];
  });
  if (grades.length === 0) return null;
  return (['good', 'fair', 'poor'] as const)[Math.max(...grades)] ?? null;
}
