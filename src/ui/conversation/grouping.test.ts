import { expect, it } from 'vitest';
import type { Item } from '../../domain/message';
import { alice, bob } from '../../testing/people';
import { placementOf } from './grouping';

const at = new Date(2026, 2, 2, 10, 0).getTime();
const message = (author: string, minutes: number): Item =>
  ({ kind: 'message', author, at: at + minutes * 60_000 }) as Item;
const line = (minutes: number): Item => ({ kind: 'line', at: at + minutes * 60_000 }) as Item;

it.each<[string, Item, Item | undefined, boolean, boolean]>([
  ['the first message', message(alice, 0), undefined, true, true],
  ['the same author soon after', message(alice, 4), message(alice, 0), false, false],
  ['the same author five minutes later', message(alice, 5), message(alice, 0), false, true],
  ['somebody else', message(bob, 1), message(alice, 0), false, true],
  ['after a system line', message(alice, 1), line(0), false, true],
  ['the next day', message(alice, 24 * 60), message(alice, 0), true, true],
  ['a system line', line(1), message(alice, 0), false, false],
])('places %s', (_what, item, previous, day, head) => {
  expect(placementOf(item, previous)).toEqual({ day, head });
});
