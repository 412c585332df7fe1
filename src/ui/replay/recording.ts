import type { Row } from '../../trace/row';

/** A trace to be played, and what it is called. */
export interface Recording {
  name: string;
  steps: readonly Row[];
}

/** The rows that are steps: messages, and the connection that came or went. */
export function stepsOf(rows: readonly Row[]): Row[] {
  return rows.filter(({ entry }) => entry.kind === 'sip' || entry.kind === 'state');
}

/** Longer silences are cut to this. */
const longestWaitMs = 2_000;
/** What comes together is shown together. */
const togetherMs = 60;

/** While playing: the place after this one, and how long it is until then, in ms. */
export function nextStep(steps: readonly Row[], position: number, speed: number): { position: number; waitMs: number } {
  const at = (index: number): number => steps[index]?.entry.at ?? 0;
  let next = position + 1;
  while (next < steps.length && at(next) - at(position) < togetherMs * speed) next += 1;
  const silentMs = position === 0 ? 0 : (at(position) - at(position - 1)) / speed;
  return { position: Math.min(next, steps.length), waitMs: Math.max(togetherMs, Math.min(longestWaitMs, silentMs)) };
}
