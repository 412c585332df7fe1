import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/manualClock';
import { QueueDelay } from './queueDelay';

let clock: ManualClock;
let delay: QueueDelay;
beforeEach(() => {
  clock = new ManualClock();
  delay = new QueueDelay(clock);
});

/** A packet that left the sharer some ms ago, by a clock that has nothing to do with ours. */
function packet(tookMs: number, theirClockMs = 123_456_789): void {
  const sentAt = clock.now() - tookMs + theirClockMs;
  delay.packet(Math.round((sentAt * 2 ** 18) / 1000) % 2 ** 24);
}

/** Half a second of packets that take so long; whether a queue was growing. */
function passes(tookMs: number, slowestMs = tookMs): boolean {
  for (let count = 0; count < 10; count += 1) {
    clock.advance(50);
    packet(count === 3 ? tookMs : slowestMs);
  }
  return delay.isGrowing();
}

describe('how long packets wait on their way', () => {
  it('a steady way has no queue, however slow', () => {
    expect([passes(900), passes(905), passes(895)]).toEqual([false, false, false]);
  });

  it('a way on which all packets take longer than before has one', () => {
    expect([passes(20), passes(150), passes(300), passes(400)]).toEqual([false, false, true, true]);
    expect(passes(30)).toBe(false);
  });

  it('some late packets are none: we may have been busy', () => {
    passes(20);
    expect(passes(25, 800)).toBe(false);
  });

  it('a way that stays longer for twenty seconds is another way', () => {
    passes(20);
    const verdicts = Array.from({ length: 50 }, () => passes(400));
    expect([verdicts[0], verdicts.at(-1)]).toEqual([true, false]);
  });

  it('goes on when the 24 bits of the sender begin anew, every 64 seconds', () => {
    const verdicts = Array.from({ length: 300 }, () => passes(20));
    expect(verdicts).not.toContain(true);
  });

  it('says nothing without packets', () => {
    expect(delay.isGrowing()).toBe(false);
    passes(20);
    clock.advance(60_000);
    expect(delay.isGrowing()).toBe(false);
  });
});
