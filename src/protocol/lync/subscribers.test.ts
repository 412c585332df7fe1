import { expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import type { Aor } from '../sip/uri';
import { formatSetSubscribers, parseSetSubscribers } from './subscribers';

// lync-wire 4.7
const wire =
  '<setSubscribers xmlns="http://schemas.microsoft.com/2006/09/sip/presence-subscribers">' +
  '<subscriber user="dave@fabrikam.example" acknowledged="true"/></setSubscribers>';

it('4.7: is read, and written again without sip:', () => {
  const acknowledgements = [{ aor: 'sip:dave@fabrikam.example' as Aor, acknowledged: true }];
  expect(parseSetSubscribers(wire)).toEqual(acknowledgements);
  expect(formatSetSubscribers(acknowledgements)).toBe(wire);
});

it('takes whoever is not said to be acknowledged for not', () => {
  const text = '<setSubscribers><subscriber user="dave@fabrikam.example"/></setSubscribers>';
  expect(parseSetSubscribers(text)).toEqual([{ aor: 'sip:dave@fabrikam.example', acknowledged: false }]);
});

it.each([
  ['nothing', ''],
  ['a cut document', wire.slice(0, -4)],
  ['another document', '<setContainerMembers/>'],
  ['a user without address', '<setSubscribers><subscriber acknowledged="true"/></setSubscribers>'],
  ['a user that is none', '<setSubscribers><subscriber user="dave"/></setSubscribers>'],
])('refuses %s', (_what, text) => {
  expect(() => parseSetSubscribers(text)).toThrow(MalformedBody);
});
