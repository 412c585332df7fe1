/** True for the first packet of a VP8 key frame (RFC 7741 §4.2, §4.3). */
export function isKeyFrameStart(payload: Uint8Array): boolean {
  const first = payload[0] ?? 0;
  const startsPartition = (first & 0x10) !== 0 && (first & 0x07) === 0;
  if (!startsPartition) return false;
  let header = 1;
  if ((first & 0x80) !== 0) {
    const extension = payload[1] ?? 0;
    header += 1;
    if ((extension & 0x80) !== 0) header += ((payload[header] ?? 0) & 0x80) !== 0 ? 2 : 1;
    if ((extension & 0x40) !== 0) header += 1;
    if ((extension & 0x30) !== 0) header += 1;
  }
  return header < payload.length && ((payload[header] ?? 1) & 0x01) === 0;
}
