import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import { formatPointerMessage, mostPoints, type PointerMessage, parsePointerMessage } from './pointerMessage';
import { longestPointerMessage } from './relayedData';

describe('SHR-12 what is pointed at', () => {
  it.each<PointerMessage>([
    { is: 'point', x: 0, y: 1, laser: false },
    { is: 'point', x: 0.5, y: 0.25, laser: true },
    { is: 'away' },
    {
      is: 'ink',
      stroke: 7,
      points: [
        [0.1, 0.2],
        [0.3, 0.4],
      ],
    },
    { is: 'clear' },
    { is: 'zoom', by: 'in' },
    { is: 'surface', surface: 'tab', zoom: true },
  ])('writes and reads again %j', (message) => {
    expect(parsePointerMessage(formatPointerMessage(message))).toEqual(message);
  });

  it('writes places to four places, so that a full stroke fits in a message', () => {
    const third = 1 / 3;
    expect(formatPointerMessage({ is: 'point', x: third, y: third, laser: false })).toContain('"x":0.3333,');
    const points = Array.from({ length: mostPoints }, () => [third, third] as const);
    expect(formatPointerMessage({ is: 'ink', stroke: 1_000_000, points }).length).toBeLessThan(longestPointerMessage);
  });

  it('keeps nothing that is not ours', () => {
    expect(parsePointerMessage('{"is":"away","x":1,"__proto__":{"a":1}}')).toEqual({ is: 'away' });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '<point/>'],
    ['no object', '[]'],
    ['an unknown word', '{"is":"click","x":0.5,"y":0.5}'],
    ['a place beside the picture', '{"is":"point","x":1.2,"y":0.5}'],
    ['a place that is no number', '{"is":"point","x":"0.5","y":0.5}'],
    ['half a place', '{"is":"point","x":0.5}'],
    ['ink without points', '{"is":"ink","stroke":1,"points":[]}'],
    ['ink with a place too many', '{"is":"ink","stroke":1,"points":[[0,0,0]]}'],
    ['more ink than a hand draws', JSON.stringify({ is: 'ink', stroke: 1, points: Array(65).fill([0, 0]) })],
    ['a stroke without number', '{"is":"ink","stroke":1.5,"points":[[0,0]]}'],
    ['a zoom that is none', '{"is":"zoom","by":"max"}'],
    ['what is no surface', '{"is":"surface","surface":"soul"}'],
    ['more than a message', `{"is":"away"${' '.repeat(longestPointerMessage)}}`],
  ])('refuses %s', (_what, text) => {
    expect(() => parsePointerMessage(text)).toThrow(MalformedBody);
  });
});
