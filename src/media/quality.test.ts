import { describe, expect, it } from 'vitest';
import { qualityOf } from './quality';

const at = 1_000_000;
const entry = (id: string, type: string, more: object = {}): [string, unknown] => [
  id,
  { id, type, timestamp: at, ...more },
];

const way = (local: object, remote: object) => [
  entry('T', 'transport', { selectedCandidatePairId: 'P' }),
  entry('P', 'candidate-pair', { localCandidateId: 'L', remoteCandidateId: 'R', currentRoundTripTime: 0.042 }),
  entry('L', 'local-candidate', local),
  entry('R', 'remote-candidate', remote),
];
const host = { candidateType: 'host', protocol: 'udp' };

const inbound = (more: object) =>
  entry('I', 'inbound-rtp', {
    kind: 'video',
    framesPerSecond: 12,
    frameWidth: 1920,
    frameHeight: 1080,
    bytesReceived: 0,
    packetsReceived: 0,
    packetsLost: 0,
    ...more,
  });

describe('the quality of a picture', () => {
  it('tells rates by two looks', () => {
    const before = qualityOf([inbound({ timestamp: at - 2_000 }), ...way(host, host)], 'in', null);
    expect(before.quality).toMatchObject({ bitrate: null, loss: null, delayMs: null, framesPerSecond: 12 });
    const counters = { bytesReceived: 215_000, packetsReceived: 98, packetsLost: 2 };
    const delay = { jitterBufferDelay: 4.6, jitterBufferEmittedCount: 25 };
    expect(qualityOf([inbound({ ...counters, ...delay }), ...way(host, host)], 'in', before.sample).quality).toEqual({
      direction: 'in',
      bitrate: 860_000,
      framesPerSecond: 12,
      width: 1920,
      height: 1080,
      loss: 0.02,
      roundTripMs: 42,
      delayMs: 184,
      path: { by: 'host', protocol: 'udp' },
    });
  });

  it('of what we send takes the losses from the other end', () => {
    const outbound = (bytesSent: number, packetsSent: number, timestamp: number) =>
      entry('O', 'outbound-rtp', { kind: 'video', bytesSent, packetsSent, timestamp });
    const theirs = (packetsLost: number) =>
      entry('M', 'remote-inbound-rtp', { kind: 'video', packetsLost, roundTripTime: 0.1 });
    const { sample } = qualityOf([outbound(0, 0, at - 1_000), theirs(0)], 'out', null);
    const { quality } = qualityOf([outbound(125_000, 100, at), theirs(5)], 'out', sample);
    expect(quality).toMatchObject({ bitrate: 1_000_000, loss: 0.05, roundTripMs: 100, path: null });
  });

  it.each([
    [host, { candidateType: 'relay', protocol: 'udp' }, { by: 'relay', protocol: 'udp' }],
    [{ candidateType: 'relay', protocol: 'udp', relayProtocol: 'tcp' }, host, { by: 'relay', protocol: 'tcp' }],
    [{ candidateType: 'prflx', protocol: 'udp' }, host, { by: 'reflexive', protocol: 'udp' }],
    [host, { candidateType: 'srflx', protocol: 'udp' }, { by: 'reflexive', protocol: 'udp' }],
    [{ candidateType: 'host', protocol: 'tcp' }, host, { by: 'host', protocol: 'tcp' }],
  ])('tells the path %j to %j', (local, remote, path) => {
    expect(qualityOf(way(local, remote), 'in', null).quality.path).toEqual(path);
  });

  it('looks at the picture only, and bears a browser that tells nothing', () => {
    const sound = entry('A', 'inbound-rtp', { kind: 'audio', bytesReceived: 9_999 });
    expect(qualityOf([sound, inbound({ bytesReceived: 5 })], 'in', null).sample.bytes).toBe(5);
    expect(qualityOf([], 'in', null).quality).toMatchObject({ bitrate: null, framesPerSecond: null, path: null });
    expect(qualityOf([inbound({ framesPerSecond: Number.NaN })], 'in', null).quality.framesPerSecond).toBeNull();
  });

  it('counters that began anew are no negative rate', () => {
    const { sample } = qualityOf(
      [inbound({ bytesReceived: 1_000, packetsReceived: 10, timestamp: at - 1_000 })],
      'in',
      null,
    );
    expect(qualityOf([inbound({ bytesReceived: 10 })], 'in', sample).quality).toMatchObject({ bitrate: 0, loss: null });
  });
});
