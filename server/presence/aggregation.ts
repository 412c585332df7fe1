import { offlineAvailability } from '../../src/protocol/lync/availability';
import type { StateContent } from '../../src/protocol/lync/categories';

/** What others are told of somebody's states. */
export interface AggregateState {
  availability: number;
  activity?: { token: string } | { custom: string };
  lastActive?: string;
}

const busyFrom = 6000;
const busyInactive = 7500;
const doNotDisturbFrom = 9000;
const doNotDisturbTo = 12000;
const awayFrom = 15000;

/**
 * One state out of all that a person's endpoints and calendar published ([MS-PRES] 3.2, `lync-wire` 4.5). Ours, in order:
 *
 * | machine (the most active endpoint) | user (picked)           | told                                   |
 * |---|---|---|
 * | none                               | any                     | offline                                |
 * | any                                | none                    | machine                                |
 * | any                                | at or above the machine | user                                   |
 * | inactive or away                   | busy                    | busy, inactive (7500)                  |
 * | away                               | do not disturb          | user                                   |
 * | any                                | below the machine       | machine                                |
 *
 * A phone or calendar state of 6000 or more then raises what is below it.
 */
export function aggregate(states: readonly StateContent[]): AggregateState {
  const machine = lowest(states.filter(({ type }) => type === 'machineState'));
  if (machine === undefined || machine.availability >= offlineAvailability)
    return { availability: offlineAvailability };
  const user = states.find(({ type }) => type === 'userState');
  const base = user === undefined ? told(machine) : combined(machine, user);
  const raising = states
    .filter(({ type, availability }) => (type === 'phoneState' || type === 'calendarState') && availability >= busyFrom)
    .sort((a, b) => b.availability - a.availability)[0];
  return raising !== undefined && base.availability < busyFrom ? told(raising) : base;
}

function lowest(states: readonly StateContent[]): StateContent | undefined {
  return states.reduce<StateContent | undefined>(
    (least, state) => (least === undefined || state.availability < least.availability ? state : least),
    undefined,
  );
}

function combined(machine: StateContent, user: StateContent): AggregateState {
  if (user.availability >= machine.availability) return told(user);
  const isBusy = user.availability >= busyFrom && user.availability < doNotDisturbFrom;
  if (isBusy) return { ...told(user), availability: busyInactive };
  const isUndisturbed = user.availability >= doNotDisturbFrom && user.availability < doNotDisturbTo;
  return isUndisturbed ? told(user) : told(machine);
}

function told({ availability, activity, lastActive }: StateContent): AggregateState {
  return {
    availability,
    ...(activity === undefined ? {} : { activity }),
    ...(lastActive === undefined ? {} : { lastActive }),
  };
}

/** Do Not Disturb as the Workgroup container sees it: they may break through ([MS-PRES]). */
export function forWorkgroup(state: AggregateState): AggregateState {
  const isUndisturbed = state.availability >= doNotDisturbFrom && state.availability < doNotDisturbTo;
  return isUndisturbed ? { availability: 6900, activity: { token: 'urgent-interruptions-only' } } : state;
}

/** True when somebody is away or inactive, so that since when is worth telling. */
export function isIdle(availability: number): boolean {
  return (
    (availability >= 4500 && availability < busyFrom) ||
    (availability >= awayFrom && availability < offlineAvailability)
  );
}
