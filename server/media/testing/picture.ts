/** A packet of a made-up VP8 picture (RFC 7741): enough to be told from others, nothing to decode. */
export interface Picture {
  /** Whose it is. */
  readonly source: string;
  readonly number: number;
  readonly isKey: boolean;
}

export function formatPicture({ source, number, isKey }: Picture): Buffer {
  // Descriptor: start of partition 0; header: bit 0 is zero in a key frame, which then says 9d 01 2a.
  const head = isKey ? [0x10, 0x10, 0x00, 0x00, 0x9d, 0x01, 0x2a] : [0x10, 0x11, 0x00, 0x00, 0x00, 0x00, 0x00];
  return Buffer.concat([Buffer.from(head), Buffer.from(`${source}:${number}:`), Buffer.alloc(200)]);
}

export function parsePicture(payload: Buffer): Picture {
  const [source = '', number = ''] = payload.subarray(7).toString('latin1').split(':');
  return { source, number: Number(number), isKey: ((payload[1] ?? 1) & 1) === 0 };
}
