import type { Card, Presence, SettableStatus, Status } from '../../domain/people';
import { availabilityOf, wordOf } from '../../protocol/lync/availability';
import type { CardContent, StateContent } from '../../protocol/lync/categories';

/** Between the numbers and tokens of [MS-PRES] and the words of the screen (`lync-wire` 4.5). */

/** Away with this token is Off Work. */
const offWork = 'off-work';

export function statusOf(state: StateContent): Status {
  const word = wordOf(state.availability);
  const isOffWork = state.activity !== undefined && 'token' in state.activity && state.activity.token === offWork;
  return word === 'away' && isOffWork ? 'off-work' : word;
}

export function presenceOf(state: StateContent, knownAt: number): Presence {
  const status = statusOf(state);
  const lastActive = timeOf(state.lastActive ?? '');
  return {
    status,
    ...(state.activity === undefined || status === 'off-work' ? {} : { activity: state.activity }),
    ...(Number.isFinite(lastActive) ? { lastActive } : {}),
    knownAt,
  };
}

/** Lync writes times in UTC and without a zone. */
function timeOf(text: string): number {
  return Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
}

/** A userState: what the person picked. */
export function userStateOf(status: Exclude<SettableStatus, 'reset'>): StateContent {
  const state = { type: 'userState', manual: true };
  if (status === 'off-work') return { ...state, availability: availabilityOf('away'), activity: { token: offWork } };
  return { ...state, availability: availabilityOf(status) };
}

const settable: readonly Status[] = ['available', 'busy', 'do-not-disturb', 'be-right-back', 'off-work', 'away'];

/** What a userState says was picked; other clients pick what ours cannot, which shows as nothing picked. */
export function pickedOf(state: StateContent): SettableStatus {
  const status = statusOf(state);
  return settable.includes(status) ? (status as SettableStatus) : 'reset';
}

export function machineStateOf(activity: 'active' | 'inactive' | 'away'): StateContent {
  const word = activity === 'active' ? 'available' : activity;
  return { type: 'machineState', manual: false, availability: availabilityOf(word) };
}

/** Shows a program: Lync's "Presenting", which is a Do Not Disturb that the person did not pick. */
export const presentingState: StateContent = {
  type: 'phoneState',
  manual: false,
  availability: availabilityOf('do-not-disturb'),
  activity: { token: 'in-presentation' },
};

/** Only what is said: an empty field of one card must not hide the same field of another. */
export function cardOf(content: CardContent): Card {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== ''));
}
