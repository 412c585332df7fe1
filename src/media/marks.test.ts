import { beforeEach, describe, expect, it } from 'vitest';
import type { Aor } from '../protocol/sip/uri';
import { type FakeWorld, fakeWorld } from '../testing/fakeWorld';
import { MarkBoard } from './marks';

const bob = 'sip:bob@contoso.example' as Aor;
const carol = 'sip:carol@contoso.example' as Aor;

let world: FakeWorld;
let board: MarkBoard;
let changes: number;

beforeEach(() => {
  world = fakeWorld();
  changes = 0;
  board = new MarkBoard(world, () => {
    changes += 1;
  });
});

describe('the marks over a picture', () => {
  it('have one pointer a person, where it was last', () => {
    board.apply(bob, { is: 'point', x: 0.1, y: 0.2, laser: false });
    board.apply(carol, { is: 'point', x: 0.5, y: 0.5, laser: true });
    board.apply(bob, { is: 'point', x: 0.3, y: 0.4, laser: false });
    expect(board.marks.pointers).toEqual([
      { who: carol, x: 0.5, y: 0.5, laser: true },
      { who: bob, x: 0.3, y: 0.4, laser: false },
    ]);
    board.apply(carol, { is: 'away' });
    expect(board.marks.pointers.map(({ who }) => who)).toEqual([bob]);
  });

  it.each([
    ['a pointer', false, 10_000],
    ['a laser', true, 1_500],
  ])('lose %s that moves no more', async (_what, laser, stays) => {
    board.apply(bob, { is: 'point', x: 0.1, y: 0.2, laser });
    await world.elapse(stays - 1);
    expect(board.marks.pointers).toHaveLength(1);
    await world.elapse(1);
    expect(board.marks.pointers).toEqual([]);
  });

  it('have strokes, piece by piece, of whoever drew them, until they are wiped', () => {
    board.apply(bob, { is: 'ink', stroke: 1, points: [[0, 0]] });
    board.apply(carol, { is: 'ink', stroke: 1, points: [[1, 1]] });
    board.apply(bob, { is: 'ink', stroke: 1, points: [[0.1, 0.1]] });
    board.apply(bob, { is: 'ink', stroke: 2, points: [[0.5, 0.5]] });
    expect(board.marks.strokes.map(({ who, points }) => [who, points])).toEqual([
      [
        bob,
        [
          [0, 0],
          [0.1, 0.1],
        ],
      ],
      [carol, [[1, 1]]],
      [bob, [[0.5, 0.5]]],
    ]);
    board.apply(carol, { is: 'clear' });
    expect(board.marks.strokes).toEqual([]);
  });

  it('stay the same objects while nothing changes', () => {
    const before = board.marks;
    board.apply(bob, { is: 'away' });
    board.apply(bob, { is: 'clear' });
    board.apply(bob, { is: 'zoom', by: 'in' });
    expect(board.marks).toBe(before);
    expect(changes).toBe(0);
  });

  it('are bounded: the oldest strokes go, and a stroke ends', () => {
    for (let stroke = 0; stroke < 300; stroke += 1) board.apply(bob, { is: 'ink', stroke, points: [[0, 0]] });
    expect(board.marks.strokes).toHaveLength(200);
    expect(board.marks.strokes[0]?.key).toBe(`${bob} 100`);
    const points = Array.from({ length: 64 }, () => [0.5, 0.5] as const);
    for (let piece = 0; piece < 50; piece += 1) board.apply(bob, { is: 'ink', stroke: 299, points });
    expect(board.marks.strokes.at(-1)?.points).toHaveLength(2_000);
  });

  it('leave nothing ticking when stopped', () => {
    board.apply(bob, { is: 'point', x: 0, y: 0, laser: false });
    board.stop();
    expect(world.ticking).toBe(0);
  });
});
