/** One end of a data channel in memory: ordered, reliable, and queued until `deliver`. */
export class FakeDataChannel extends EventTarget {
  readyState: RTCDataChannelState = 'open';
  binaryType: BinaryType = 'blob';
  bufferedAmountLowThreshold = 0;
  /** What was sent and is not delivered. */
  readonly queue: (string | ArrayBuffer)[] = [];
  other: FakeDataChannel | null = null;

  get bufferedAmount(): number {
    return this.queue.reduce((sum, data) => sum + (typeof data === 'string' ? data.length : data.byteLength), 0);
  }

  send(data: string | Uint8Array): void {
    if (this.readyState !== 'open') throw new DOMException('closed', 'InvalidStateError');
    this.queue.push(typeof data === 'string' ? data : data.slice().buffer);
  }

  deliver(): boolean {
    const before = this.bufferedAmount;
    const data = this.queue.shift();
    if (data === undefined) return false;
    this.other?.dispatchEvent(new MessageEvent('message', { data }));
    const isLow = (bytes: number): boolean => bytes <= this.bufferedAmountLowThreshold;
    if (!isLow(before) && isLow(this.bufferedAmount)) this.dispatchEvent(new Event('bufferedamountlow'));
    return true;
  }

  /** At this end, as the other has heard it. */
  close(): void {
    this.readyState = 'closed';
    this.dispatchEvent(new Event('close'));
  }
}

interface FakeDataChannels {
  near: FakeDataChannel;
  far: FakeDataChannel;
  /** Lets what is on the way arrive: until this is so, or until nothing is on the way. */
  arrive(isThere?: () => boolean): Promise<void>;
}

export function fakeDataChannels(): FakeDataChannels {
  const [near, far] = [new FakeDataChannel(), new FakeDataChannel()];
  near.other = far;
  far.other = near;
  const arrive = async (isThere?: () => boolean): Promise<void> => {
    for (let idle = 0; isThere === undefined ? idle < 5 : !isThere(); ) {
      const hasMoved = [near, far].map((end) => end.deliver()).includes(true);
      idle = hasMoved ? 0 : idle + 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { near, far, arrive };
}
