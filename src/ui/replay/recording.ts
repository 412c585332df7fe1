import type { Row } from '../../trace/row';
import type { TraceTarget } from '../trace/target';

/** A trace to be played, and what it is called. */
export interface Recording {
  name: string;
  steps: readonly Row[];
  /** Shows something of it in the trace that it is made from. */
  show(target: TraceTarget): void;
}

/** The rows that are steps: messages, and the connection that came or went. */
export function stepsOf(rows: readonly Row[]): Row[] {
  return rows.filter(({ entry }) => entry.kind === 'sip' || entry.kind === 'state');
}

/** Somebody whose connection a server's log has. */
export interface Logged {
  /** A bare address. */
  address: string;
  /** Of the connections by which they registered. */
  urls: ReadonlySet<string>;
}

/** Who registered with the server whose log it is, by address. */
export function peopleIn(rows: readonly Row[]): Logged[] {
  const people = new Map<string, Set<string>>();
  for (const { entry, frame } of rows) {
    if (frame.is !== 'request' || frame.method !== 'REGISTER' || entry.direction !== 'in') continue;
    const urls = people.get(frame.from) ?? new Set();
    people.set(frame.from, urls.add(entry.url));
  }
  return [...people].map(([address, urls]) => ({ address, urls })).sort((a, b) => a.address.localeCompare(b.address));
}

/** A server's log as this person's client would have logged it: what came in there went out here. */
export function stepsOfPerson(rows: readonly Row[], { urls }: Logged): Row[] {
  return stepsOf(rows)
    .filter(({ entry }) => urls.has(entry.url))
    .map((row) => ({ ...row, entry: { ...row.entry, direction: row.entry.direction === 'in' ? 'out' : 'in' } }));
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
