import type { RTCPeerConnection, RTCRtpReceiver, RtpPacket } from 'werift';

/** What we need of werift and it keeps to itself. Its version is pinned; `internals.test.ts` tells when one of these moves. */

/** Of one received stream, as the receiver reports count it: before retransmission. */
export interface StreamCounts {
  readonly packets_expected: number;
  readonly packets_lost: number;
}

export function countsOf(receiver: RTCRtpReceiver, ssrc: number): StreamCounts | undefined {
  return (receiver as unknown as { remoteStreams: Record<number, StreamCounts> }).remoteStreams[ssrc];
}

/** What looks for lost packets and asks for them: we do it ourselves (`missingPackets.ts`). */
export function nackHandlerOf(receiver: RTCRtpReceiver): { addPacket(packet: RtpPacket): void } {
  return (receiver as unknown as { nack: { addPacket(packet: RtpPacket): void } }).nack;
}

/** How many bytes more we would take on the data channels, as the other end was told; below zero it did not listen. */
export function dataWindowOf(pc: RTCPeerConnection): number | undefined {
  return (pc.sctpTransport?.sctp as unknown as { advertisedRwnd: number } | undefined)?.advertisedRwnd;
}
