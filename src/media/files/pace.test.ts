import { expect, it } from 'vitest';
import { fakeWorld } from '../../testing/fakeWorld';
import { Pace } from './pace';

it('tells how far and how fast, four times a second at most, by the last seconds', async () => {
  const world = fakeWorld();
  const told: (number | null)[][] = [];
  const pace = new Pace(world, (bytes, rate) => told.push([bytes, rate]));
  for (let bytes = 0; bytes <= 1_000; bytes += 100) {
    pace.reached(bytes);
    await world.elapse(100);
  }
  expect(told).toEqual([
    [0, null],
    [300, 1_000],
    [600, 1_000],
    [900, 1_000],
  ]);
  await world.elapse(60_000);
  pace.reached(1_000);
  for (let seconds = 1; seconds <= 4; seconds += 1) {
    await world.elapse(1_000);
    pace.reached(1_000 + seconds * 2_000);
  }
  expect(told.at(-1)).toEqual([9_000, 2_000]);
});
