import { beforeEach, describe, expect, it } from 'vitest';
import type { MediaNote } from '../domain/mediaNote';
import { type FakeWorld, fakeWorld } from '../testing/fakeWorld';
import { Meter } from './meter';

let world: FakeWorld;
let report: Map<string, unknown>;
let notes: [MediaNote, string][];
let meter: Meter;

function received(packets: number, lost: number): void {
  const counters = { packetsReceived: packets, packetsLost: lost, bytesReceived: packets * 1_000 };
  report = new Map([
    ['I', { id: 'I', type: 'inbound-rtp', kind: 'video', timestamp: world.now(), framesPerSecond: 10, ...counters }],
  ]);
}

beforeEach(() => {
  world = fakeWorld();
  notes = [];
  received(0, 0);
  const connection = { getStats: async () => report } as unknown as RTCPeerConnection;
  meter = new Meter(connection, 'in', {
    world,
    id: 'c1',
    onReading: () => undefined,
    note: (note, level) => notes.push([note, level]),
  });
});

async function look(packets: number, lost: number): Promise<void> {
  await world.elapse(1_999);
  received(packets, lost);
  await world.elapse(1);
}

describe('the meter of a connection', () => {
  it('looks every two seconds, keeps two minutes and notes what is new', async () => {
    await look(10, 0);
    expect(notes).toEqual([]);
    await look(110, 0);
    expect(notes).toMatchObject([
      [
        { is: 'mediaQuality', connection: 'c1', grade: 'good', framesPerSecond: 10, bitrate: 400_000, loss: 0 },
        'information',
      ],
    ]);
    await look(210, 0);
    expect(notes).toHaveLength(1);
    await look(300, 10);
    expect(notes[1]).toMatchObject([{ grade: 'poor', bitrate: 360_000, loss: 0.1 }, 'warning']);
    expect(meter.readings.map(({ grade }) => grade)).toEqual([null, 'good', 'good', 'poor']);
    await world.elapse(200_000);
    expect(meter.readings).toHaveLength(60);
  });

  it('notes once a minute what stays as it is', async () => {
    for (let at = 1; at <= 92; at += 1) await look(at * 100, 0);
    expect(notes).toHaveLength(4);
  });

  it('looks no more once it is stopped', async () => {
    await look(10, 0);
    meter.stop();
    await world.elapse(60_000);
    expect(meter.readings).toHaveLength(1);
  });
});
