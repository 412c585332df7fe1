import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/manualClock';
import { KeyFrames } from './keyFrames';

let clock: ManualClock;
let asked: number;
let keyFrames: KeyFrames;
beforeEach(() => {
  clock = new ManualClock();
  asked = 0;
  keyFrames = new KeyFrames(clock, () => {
    asked += 1;
  });
});

describe('asking the sharer for key frames', () => {
  it('is done at once, and for twenty who join at once only once', () => {
    for (let viewer = 0; viewer < 20; viewer += 1) keyFrames.want();
    expect(asked).toBe(1);
  });

  it('is done again every 300 ms until one came', () => {
    keyFrames.want();
    clock.advance(650);
    expect(asked).toBe(3);
    keyFrames.came();
    clock.advance(5000);
    expect(asked).toBe(3);
  });

  it('is put off when one came just now', () => {
    keyFrames.want();
    keyFrames.came();
    keyFrames.want();
    expect(asked).toBe(1);
    clock.advance(300);
    expect(asked).toBe(2);
  });

  it('ends', () => {
    keyFrames.want();
    keyFrames.stop();
    clock.advance(5000);
    expect(asked).toBe(1);
  });
});
