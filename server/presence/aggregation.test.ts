import { expect, it } from 'vitest';
import type { StateContent } from '../../src/protocol/lync/categories';
import { aggregate, forWorkgroup } from './aggregation';

const machine = (availability: number): StateContent => ({ type: 'machineState', availability });
const user = (availability: number): StateContent => ({ type: 'userState', availability });

it.each<[string, StateContent[], number]>([
  ['nothing published', [], 18500],
  ['a picked status without an endpoint', [user(3500)], 18500],
  ['one endpoint', [machine(3500)], 3500],
  ['the most active of two endpoints', [machine(15500), machine(3500)], 3500],
  ['a picked status above the machine', [machine(3500), user(12500)], 12500],
  ['picked Available, machine inactive', [machine(5000), user(3500)], 5000],
  ['picked Busy, machine inactive', [machine(5000), user(6500)], 7500],
  ['picked Busy, one of two machines active', [machine(15500), machine(3500), user(6500)], 6500],
  ['picked Available, machine away', [machine(15500), user(3500)], 15500],
  ['picked Be right back, machine away', [machine(15500), user(12500)], 15500],
  ['an endpoint that says it is offline', [machine(18500)], 18500],
  ['a call while away', [machine(15500), { type: 'phoneState', availability: 6500 }], 15500],
  ['picked Busy, machine away', [machine(15500), user(6500)], 7500],
  ['picked Do not disturb, machine away', [machine(15500), user(9500)], 9500],
  ['a meeting while available', [machine(3500), { type: 'calendarState', availability: 6500 }], 6500],
  ['a meeting under Do not disturb', [machine(3500), user(9500), { type: 'calendarState', availability: 6500 }], 9500],
  ['presenting while available', [machine(3500), { type: 'phoneState', availability: 9500 }], 9500],
  ['presenting while busy', [machine(3500), user(6500), { type: 'phoneState', availability: 9500 }], 9500],
  ['presenting under Be right back', [machine(3500), user(12500), { type: 'phoneState', availability: 9500 }], 12500],
  ['a call while busy', [machine(3500), user(6500), { type: 'phoneState', availability: 8000 }], 6500],
])('[MS-PRES] aggregates %s', (_what, states, availability) => {
  expect(aggregate(states).availability).toBe(availability);
});

it('lets the workgroup see that it may break through Do not disturb', () => {
  expect(forWorkgroup({ availability: 9500 })).toEqual({
    availability: 6900,
    activity: { token: 'urgent-interruptions-only' },
  });
  expect(forWorkgroup({ availability: 6500 })).toEqual({ availability: 6500 });
});

it('keeps the words of what was picked, and the token of a meeting', () => {
  const offWork = { ...user(15500), activity: { token: 'off-work' } };
  expect(aggregate([machine(3500), offWork])).toEqual({ availability: 15500, activity: { token: 'off-work' } });
  const meeting = { type: 'calendarState', availability: 6500, activity: { token: 'in-a-meeting' } };
  expect(aggregate([machine(3500), meeting])).toEqual({ availability: 6500, activity: { token: 'in-a-meeting' } });
});

it.each([
  ['inactive', [machine(5000)], 5000],
  ['away', [machine(15500)], 15500],
  ['busy and inactive', [machine(15500), user(6500)], 7500],
] as const)('4.5: tells since when somebody is %s', (_what, [first, ...others], availability) => {
  const since = { ...first, publishTime: '2026-03-02T09:00:00.000' };
  expect(aggregate([since, ...others])).toEqual({ availability, lastActive: '2026-03-02T09:00:00.000' });
  expect(aggregate([{ ...since, lastActive: '2026-03-02T08:55:00.000' }, ...others]).lastActive).toBe(
    '2026-03-02T08:55:00.000',
  );
});

it('4.5: tells no time of somebody who is there', () => {
  expect(aggregate([{ ...machine(3500), publishTime: '2026-03-02T09:00:00.000' }])).toEqual({ availability: 3500 });
});
