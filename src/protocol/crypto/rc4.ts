/** RC4, of which NTLM makes its key exchange and its seals. `key` has 1 to 256 bytes; applied twice it gives the input back. */
export function rc4(key: Uint8Array, input: Uint8Array): Uint8Array {
  if (key.length === 0 || key.length > 256) throw new RangeError('an RC4 key has 1 to 256 bytes');
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const swap = (one: number, other: number): void => {
    [state[one], state[other]] = [state[other] ?? 0, state[one] ?? 0];
  };
  let other = 0;
  for (let one = 0; one < 256; one += 1) {
    other = (other + (state[one] ?? 0) + (key[one % key.length] ?? 0)) & 255;
    swap(one, other);
  }
  let one = 0;
  other = 0;
  return input.map((byte) => {
    one = (one + 1) & 255;
    other = (other + (state[one] ?? 0)) & 255;
    swap(one, other);
    return byte ^ (state[((state[one] ?? 0) + (state[other] ?? 0)) & 255] ?? 0);
  });
}
