import { expect, it } from 'vitest';
import { type AvailabilityWord, availabilityOf, wordOf } from './availability';

// lync-wire 4.5
it.each<[AvailabilityWord, number, number, number]>([
  ['unknown', 0, 2999, 0],
  ['available', 3000, 4499, 3500],
  ['inactive', 4500, 5999, 5000],
  ['busy', 6000, 7499, 6500],
  ['busy-inactive', 7500, 8999, 7500],
  ['do-not-disturb', 9000, 11_999, 9500],
  ['be-right-back', 12_000, 14_999, 12_500],
  ['away', 15_000, 17_999, 15_500],
  ['offline', 18_000, 99_999, 18_500],
])('4.5: %s is %d to %d, written %d', (word, from, to, canonical) => {
  expect([wordOf(from), wordOf(to)]).toEqual([word, word]);
  expect(availabilityOf(word)).toBe(canonical);
});

it.each([-1, Number.NaN])('%d is unknown', (availability) => {
  expect(wordOf(availability)).toBe('unknown');
});
