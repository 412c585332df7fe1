import { expect, it } from 'vitest';
import { parseNatural } from './natural';

it.each<[string | undefined, number | null]>([
  ['0', 0],
  [' 42 ', 42],
  ['4294967295', 4_294_967_295],
  ['4294967296', null],
  ['', null],
  [undefined, null],
  ['-1', null],
  ['1.5', null],
  ['1e3', null],
  ['0x10', null],
  ['99999999999999999999', null],
  ['٣', null],
])('reads %j as %j', (text, expected) => {
  expect(parseNatural(text)).toBe(expected);
});

it('knows a limit of its own', () => {
  expect([parseNatural('63', 63), parseNatural('64', 63)]).toEqual([63, null]);
});
