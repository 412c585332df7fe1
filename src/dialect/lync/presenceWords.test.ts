import { describe, expect, it } from 'vitest';
import type { SettableStatus } from '../../domain/people';
import { pickedOf, presenceOf, statusOf, userStateOf } from './presenceWords';

const state = (availability: number, token?: string) => {
  return { type: 'aggregateState', availability, ...(token === undefined ? {} : { activity: { token } }) };
};

describe('4.5 availability', () => {
  it.each([
    [0, 'unknown'],
    [2999, 'unknown'],
    [3000, 'available'],
    [5000, 'inactive'],
    [6500, 'busy'],
    [7500, 'busy-inactive'],
    [9500, 'do-not-disturb'],
    [12500, 'be-right-back'],
    [15500, 'away'],
    [18500, 'offline'],
  ])('%i is %s', (availability, status) => {
    expect(statusOf(state(availability))).toBe(status);
  });

  it('with the token off-work, Away is Off Work, and no activity beside it', () => {
    expect(presenceOf(state(15500, 'off-work'), 7)).toEqual({ status: 'off-work', knownAt: 7 });
    expect(statusOf(state(6500, 'off-work'))).toBe('busy');
  });

  it('keeps the activity and, in UTC though the zone is missing, since when', () => {
    const told = { ...state(6500, 'in-a-meeting'), lastActive: '2026-03-02T07:40:00' };
    expect(presenceOf(told, 7)).toEqual({
      status: 'busy',
      activity: { token: 'in-a-meeting' },
      lastActive: Date.UTC(2026, 2, 2, 7, 40),
      knownAt: 7,
    });
    expect(presenceOf({ ...told, lastActive: 'yesterday' }, 7).lastActive).toBeUndefined();
  });

  const settable: Exclude<SettableStatus, 'reset'>[] = [
    'available',
    'busy',
    'do-not-disturb',
    'be-right-back',
    'off-work',
    'away',
  ];
  it.each(settable)('reads %s as it writes it', (status) => {
    expect(pickedOf(userStateOf(status))).toBe(status);
  });

  it('takes a status that nobody can pick for none', () => {
    expect(pickedOf(state(18500))).toBe('reset');
  });
});
