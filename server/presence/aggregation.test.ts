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
  ['picked Busy, machine inactive', [machine(5000), user(6500)], 6500],
  ['picked Busy, machine away', [machine(15500), user(6500)], 7500],
  ['picked Do not disturb, machine away', [machine(15500), user(9500)], 9500],
  ['a meeting while available', [machine(3500), { type: 'calendarState', availability: 6500 }], 6500],
  ['a meeting under Do not disturb', [machine(3500), user(9500), { type: 'calendarState', availability: 6500 }], 9500],
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
