import { describe, expect, it } from 'vitest';
import { RTCPeerConnection } from 'werift';
import { countsOf, dataWindowOf, nackHandlerOf } from './internals';

describe('what we need of werift and it keeps to itself', () => {
  it('is where the pinned version has it', async () => {
    const pc = new RTCPeerConnection();
    pc.createDataChannel('x');
    expect(dataWindowOf(pc)).toBeGreaterThan(100_000);
    const { receiver } = pc.addTransceiver('video');
    expect(nackHandlerOf(receiver).addPacket).toBeTypeOf('function');
    expect(countsOf(receiver, 1)).toBeUndefined();
    await pc.close();
  });
});
