import { offlineAvailability } from '../../src/protocol/lync/availability';
import type { StateContent } from '../../src/protocol/lync/categories';

/** A state as published: by whom it lives and since when it stands. */
export interface PublishedState extends StateContent {
  /** ISO time. */
  publishTime?: string;
}

/** What others are told of somebody's states. */
export interface AggregateState {
  availability: number;
  activity?: { token: string } | { custom: string };
  lastActive?: string;
}

const inactiveFrom = 4500;
const busyFrom = 6000;
const busyInactive = 7500;
const doNotDisturbFrom = 9000;
const doNotDisturbTo = 12_000;
const awayFrom = 15_000;

const isBusy = ({ availability }: StateContent): boolean => availability >= busyFrom && availability < doNotDisturbFrom;
const isUndisturbed = ({ availability }: AggregateState): boolean =>
  availability >= doNotDisturbFrom && availability < doNotDisturbTo;

/**
 * One state out of all that a person's endpoints and calendar published ([MS-PRES] 3.2, `lync-wire` 4.5). Ours, in order:
 *
 * | machine (the most active endpoint) | user (picked)           | told                                   |
 * |---|---|---|
 * | none                               | any                     | offline                                |
 * | any                                | none                    | machine                                |
 * | inactive or away                   | busy                    | busy, inactive (7500)                  |
 * | any                                | do not disturb          | user                                   |
 * | any                                | at or above the machine | user                                   |
 * | any                                | below the machine       | machine                                |
 *
 * A phone or calendar state of 6000 or more then raises what is below 6000, one of "do not disturb" (presenting) also who is
 * busy. Who is idle is told with since when.
 */
export function aggregate(states: readonly PublishedState[]): AggregateState {
  const machine = lowest(states.filter(({ type }) => type === 'machineState'));
  if (machine === undefined || machine.availability >= offlineAvailability)
    return { availability: offlineAvailability };
  const user = states.find(({ type }) => type === 'userState');
  const base = user === undefined ? told(machine) : combined(machine, user);
  const raising = highest(states.filter(({ type }) => type === 'phoneState' || type === 'calendarState'));
  const state = raising !== undefined && isRaised(base, raising) ? told(raising) : base;
  const idleSince = isIdle(machine.availability) ? (machine.lastActive ?? machine.publishTime) : undefined;
  return isIdle(state.availability) && idleSince !== undefined ? { ...state, lastActive: idleSince } : state;
}

function isRaised(base: AggregateState, by: PublishedState): boolean {
  if (by.availability < busyFrom) return false;
  return base.availability < (isUndisturbed(by) ? doNotDisturbFrom : busyFrom);
}

function lowest(states: readonly PublishedState[]): PublishedState | undefined {
  return [...states].sort((a, b) => a.availability - b.availability)[0];
}

function highest(states: readonly PublishedState[]): PublishedState | undefined {
  return [...states].sort((a, b) => b.availability - a.availability)[0];
}

function combined(machine: PublishedState, user: PublishedState): AggregateState {
  if (isBusy(user) && isIdle(machine.availability)) return { ...told(user), availability: busyInactive };
  if (isUndisturbed(user) || user.availability >= machine.availability) return told(user);
  return told(machine);
}

function told({ availability, activity }: StateContent): AggregateState {
  return activity === undefined ? { availability } : { availability, activity };
}

/** Do Not Disturb as the Workgroup container sees it: they may break through ([MS-PRES]). */
export function forWorkgroup(state: AggregateState): AggregateState {
  return isUndisturbed(state) ? { availability: 6900, activity: { token: 'urgent-interruptions-only' } } : state;
}

/** True when somebody is away or inactive, so that since when is worth telling. */
function isIdle(availability: number): boolean {
  return (
    (availability >= inactiveFrom && availability < busyFrom) ||
    (availability >= busyInactive && availability < doNotDisturbFrom) ||
    (availability >= awayFrom && availability < offlineAvailability)
  );
}
