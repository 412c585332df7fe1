import type { RTCRtpSender, RtpPacket } from 'werift';

/** What is sent of one source, on one stream of one viewer. */
interface Source {
  id: string;
  /** What came before this number is not sent: its first packet, or one well behind the present. */
  oldest: number;
}

/**
 * One stream towards a viewer, whatever source it comes from: sequence numbers and times go on without a gap when the
 * source changes or the viewer was away (RFC 3550 §5.1). A source begins with a packet that `mayBegin`.
 */
export class Outlet {
  readonly #sender: RTCRtpSender;
  readonly #clockRate: number;
  readonly #mayBegin: (payload: Uint8Array) => boolean;
  #source: Source | null = null;
  #lastAt = 0;

  constructor(sender: RTCRtpSender, clockRate: number, mayBegin: (payload: Uint8Array) => boolean) {
    this.#sender = sender;
    this.#clockRate = clockRate;
    this.#mayBegin = mayBegin;
  }

  /** True when it waits for a packet to begin with. */
  isWaitingFor(sourceId: string): boolean {
    return this.#source?.id !== sourceId;
  }

  /** The viewer sees nothing until a source begins anew. */
  interrupt(): void {
    this.#source = null;
  }

  send(packet: RtpPacket, sourceId: string, now: number): void {
    const { sequenceNumber, timestamp } = packet.header;
    if (this.#source?.id !== sourceId) {
      if (!this.#mayBegin(packet.payload)) return;
      this.#begin(sourceId, sequenceNumber, timestamp, now);
    } else if (!this.#isDue(this.#source, sequenceNumber)) return;
    this.#lastAt = now;
    // Each viewer's sender writes into the header, and keeps the packet for retransmission.
    const copy = packet.clone();
    copy.header.extensions = [];
    copy.header.padding = false;
    copy.header.paddingSize = 0;
    void this.#sender.sendRtp(copy);
  }

  #begin(id: string, sequenceNumber: number, timestamp: number, now: number): void {
    const step = Math.max(1, Math.round(((now - this.#lastAt) * this.#clockRate) / 1000));
    // werift goes on at what it sent last; so we name what stood before this packet.
    this.#sender.replaceRTP({
      sequenceNumber: (sequenceNumber - 1) & 0xffff,
      timestamp: (timestamp - step) >>> 0,
    } as Parameters<RTCRtpSender['replaceRTP']>[0]);
    this.#source = { id, oldest: sequenceNumber };
  }

  #isDue(source: Source, sequenceNumber: number): boolean {
    const ahead = (sequenceNumber - source.oldest) & 0xffff;
    if (ahead >= 0x8000) return false;
    // Numbers wrap: the mark follows, at a distance that no late packet has.
    if (ahead > 0x4000) source.oldest = (sequenceNumber - 0x2000) & 0xffff;
    return true;
  }
}
