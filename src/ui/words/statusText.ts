import type { Presence, SettableStatus, Status } from '../../domain/people';
import { sinceText, timeText } from './timeText';

export const statusWords: Record<Status, string> = {
  available: 'Available',
  inactive: 'Inactive',
  busy: 'Busy',
  'busy-inactive': 'Busy (inactive)',
  'do-not-disturb': 'Do not disturb',
  'be-right-back': 'Be right back',
  away: 'Away',
  'off-work': 'Off work',
  offline: 'Offline',
  unknown: 'Presence unknown',
};

const activities: Record<string, string> = {
  'in-a-conference': 'In a conference',
  'in-a-meeting': 'In a meeting',
  'on-the-phone': 'In a call',
  'in-presentation': 'Presenting',
  'out-of-office': 'Out of office',
  'off-work': 'Off work',
  'urgent-interruptions-only': 'Urgent interruptions only',
};

export const settableWords: Record<SettableStatus, string> = {
  available: 'Available',
  busy: 'Busy',
  'do-not-disturb': 'Do not disturb',
  'be-right-back': 'Be right back',
  'off-work': 'Off work',
  away: 'Appear away',
  reset: 'Reset status',
};

/** Whether the text tells since when. */
export function isIdle({ status, activity, lastActive }: Presence): boolean {
  return (status === 'inactive' || status === 'away') && activity === undefined && lastActive !== undefined;
}

/** What is written beside a name: the activity or status, and since when where that helps. */
export function presenceText(presence: Presence | undefined, now: number): string {
  if (presence === undefined) return statusWords.unknown;
  const { status, activity, last, lastActive = now, knownAt } = presence;
  const refined =
    activity === undefined ? undefined : 'token' in activity ? activities[activity.token] : activity.custom;
  if (status === 'unknown' && last !== undefined) return `${refined ?? statusWords[last]} at ${timeText(knownAt)}`;
  const word = refined ?? statusWords[status];
  return isIdle(presence) ? `${word}${sinceText(lastActive, now)}` : word;
}
