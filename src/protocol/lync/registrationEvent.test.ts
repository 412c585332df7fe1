import { expect, it } from 'vitest';
import { type DeregistrationEvent, formatDeregistered, parseDeregistered } from './registrationEvent';

// lync-wire 1.6
it.each<DeregistrationEvent>(['unregistered', 'rejected', 'deactivated'])('1.6: carries %s', (event) => {
  expect(formatDeregistered(event)).toBe(`deregistered;event=${event}`);
  expect(parseDeregistered(formatDeregistered(event))).toBe(event);
});

it.each<[string, DeregistrationEvent | null]>([
  [' Deregistered ; reason=x ; Event=Rejected \r\n', 'rejected'],
  ['deregistered', 'unregistered'],
  ['deregistered;event=', 'unregistered'],
  ['deregistered;event=__proto__', 'unregistered'],
  ['registered;event=rejected', null],
  ['event=rejected', null],
  ['', null],
])('1.6: reads %j as %j', (text, expected) => {
  expect(parseDeregistered(text)).toBe(expected);
});
