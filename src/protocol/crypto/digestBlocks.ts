/** RFC 1320 and RFC 1321, 3.1 and 3.2: a one bit, zeros, and the length in bits, as little-endian words in blocks of 16. */
export function digestBlocks(input: Uint8Array): Uint32Array {
  const size = ((input.length + 8) >> 6) * 64 + 64;
  const bytes = new Uint8Array(size);
  bytes.set(input);
  bytes[input.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(size - 8, (input.length << 3) >>> 0, true);
  view.setUint32(size - 4, Math.floor(input.length / 0x20000000), true);
  return Uint32Array.from({ length: size / 4 }, (_, index) => view.getUint32(index * 4, true));
}
