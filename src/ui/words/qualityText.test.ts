import { describe, expect, it } from 'vitest';
import type { Quality } from '../../media/quality';
import { factsOf, lagText } from './qualityText';

const looking: Quality = {
  direction: 'in',
  bitrate: 860_400,
  framesPerSecond: 12,
  width: 1920,
  height: 1080,
  loss: 0.002,
  roundTripMs: 42,
  delayMs: 163,
  path: { by: 'relay', protocol: 'tcp' },
};
const unknown: Quality = {
  direction: 'in',
  bitrate: null,
  framesPerSecond: null,
  width: null,
  height: null,
  loss: null,
  roundTripMs: null,
  delayMs: null,
  path: null,
};

describe('the quality of what is shared', () => {
  it('is told in numbers', () => {
    expect(factsOf(looking)).toEqual([
      ['Delay', '184 ms'],
      ['Round trip', '42 ms'],
      ['Frames', '12 per second'],
      ['Resolution', '1920 × 1080'],
      ['Bandwidth', '860 kbit/s'],
      ['Lost packets', '0.2%'],
      ['Path', 'Relay through the edge, TCP'],
    ]);
    expect(factsOf({ ...looking, bitrate: 2_340_000, path: null })).toContainEqual(['Bandwidth', '2.3 Mbit/s']);
  });

  it('leaves out what the browser does not tell', () => {
    expect(factsOf(unknown)).toEqual([]);
  });

  it('is told in one sentence', () => {
    expect(lagText(looking, 'Alice')).toBe('You see changes about 0.2 seconds after Alice makes them.');
    expect(lagText({ ...looking, delayMs: 3, roundTripMs: 1 }, 'Alice')).toContain('about 0.1 seconds');
    expect(lagText(unknown, 'Alice')).toBe('Nothing moves in what Alice shows.');
    expect(lagText(looking, null)).toBe('How your picture leaves this device.');
  });
});
