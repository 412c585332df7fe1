import { describe, expect, it } from 'vitest';
import type { MediaNote } from '../domain/mediaNote';
import { TraceScript } from '../testing/traceScript';
import { mediaTimelines } from './mediaTimeline';
import { formatNote } from './notes';

const quality: Extract<MediaNote, { is: 'mediaQuality' }> = {
  is: 'mediaQuality',
  connection: 'c1',
  direction: 'in',
  grade: 'good',
  bitrate: 860_000,
  framesPerSecond: 12,
  width: 1920,
  height: 1080,
  loss: 0.012,
  roundTripMs: 20,
  delayMs: 90,
  path: { by: 'relay', protocol: 'udp' },
};
const path = { is: 'mediaPath', gathered: ['host'], theirs: ['host'], relays: 0 } as const;

describe('the media of a trace', () => {
  it('is a timeline for each connection, of what it noted of itself', () => {
    const script = new TraceScript();
    script.note('media', formatNote({ ...path, connection: 'c1', state: 'checking' })).wait(200);
    script.note('media', formatNote({ ...path, connection: 'c2', state: 'failed' }));
    script
      .note('media', 'in plain words')
      .note('media', formatNote({ ...path, state: 'connected' }))
      .wait(300);
    script.note('media', formatNote(quality));
    const timelines = mediaTimelines(script.index().rows);
    expect(timelines.map(({ connection, direction, moments }) => [connection, direction, moments.length])).toEqual([
      ['c1', 'in', 2],
      ['c2', null, 1],
    ]);
    expect(timelines[0]?.moments[1]).toMatchObject({ is: 'quality', quality: { loss: 0.012 } });
  });

  it('says a measurement in a line for people', () => {
    expect(formatNote(quality).split('\n')[0]).toBe(
      'Looking at a shared screen: good. 12 frames/s, 1920x1080, 860 kbit/s, 1.2 % lost, round trip 20 ms, delay 90 ms, path relay over UDP',
    );
  });
});
