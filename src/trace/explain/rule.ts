import type { Owner } from '../../domain/checkup';
import type { Flow } from './flow';

/** One cause: by what it is known, and whose it is. Rules are asked in order; the first that applies names the cause. */
export interface Rule<Cause extends string = string> {
  readonly cause: Cause;
  readonly owner: Owner;
  readonly applies: Test;
}

export type Test = (flow: Flow) => boolean;

export function rule<Cause extends string>(cause: Cause, owner: Owner, ...tests: readonly Test[]): Rule<Cause> {
  return { cause, owner, applies: (flow) => tests.every((test) => test(flow)) };
}

// ---- What rules ask ----------------------------------------------------------------------------------------------------------

/** A final answer with one of these codes. */
export const status =
  (...codes: readonly number[]): Test =>
  (flow) =>
    codes.includes(flow.status);

/** An error id of [MS-OCER] in any of the three headers. */
export const told =
  (...ids: readonly number[]): Test =>
  (flow) =>
    flow.told.some(({ id }) => ids.includes(id));

/** An error id between these, both included. */
export const toldBetween =
  (low: number, high: number): Test =>
  (flow) =>
    flow.told.some(({ id }) => id >= low && id <= high);

/** Words in a reason, a warning or a Reason header. */
export const says =
  (words: RegExp): Test =>
  (flow) =>
    words.test(flow.warning) ||
    words.test(flow.reason?.text ?? '') ||
    flow.told.some(({ reason }) => words.test(reason));

export const method =
  (...names: readonly string[]): Test =>
  (flow) =>
    names.includes(flow.method);

export const about =
  (...topics: readonly Flow['topic'][]): Test =>
  (flow) =>
    topics.includes(flow.topic);

export const weAsked: Test = ({ asker }) => asker === 'us';
export const theyAsked: Test = ({ asker }) => asker === 'them';
export const byPeer: Test = ({ origin }) => origin.is === 'peer';
export const byServer: Test = ({ origin }) => origin.is !== 'peer';
export const unanswered: Test = ({ request, response }) =>
  request !== null && response === null && request.frame.method !== 'ACK' && request.frame.method !== 'BENOTIFY';
export const either =
  (...tests: readonly Test[]): Test =>
  (flow) =>
    tests.some((test) => test(flow));
export const not =
  (test: Test): Test =>
  (flow) =>
    !test(flow);

/** With a person: an IM, an invitation, a call, a shared window. */
export const withPerson = about('im', 'invitation', 'call', 'sharing', 'file');
export const inConference = about('factory', 'conference', 'roster', 'conferenceChat');
