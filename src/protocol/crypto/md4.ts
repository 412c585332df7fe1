/** MD4 (RFC 1320), which NTLM needs for the NT hash and which current OpenSSL no longer offers. */

import { digestBlocks } from './digestBlocks';

/** The 16-byte digest of `input`. */
export function md4(input: Uint8Array): Uint8Array {
  const words = digestBlocks(input);
  const state: Words = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < words.length; block += 16) mix(state, words, block);
  const digest = new Uint8Array(16);
  const view = new DataView(digest.buffer);
  for (const [index, word] of state.entries()) view.setUint32(index * 4, word, true);
  return digest;
}

type Words = [number, number, number, number];

interface Round {
  readonly constant: number;
  readonly shifts: readonly [number, number, number, number];
  readonly order: readonly number[];
  mix(x: number, y: number, z: number): number;
}

const rounds: readonly Round[] = [
  {
    constant: 0,
    shifts: [3, 7, 11, 19],
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    mix: (x, y, z) => (x & y) | (~x & z),
  },
  {
    constant: 0x5a827999,
    shifts: [3, 5, 9, 13],
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
  },
  {
    constant: 0x6ed9eba1,
    shifts: [3, 9, 11, 15],
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    mix: (x, y, z) => x ^ y ^ z,
  },
];

/** RFC 1320 3.4: three rounds of sixteen steps over one block. */
function mix(state: Words, words: Uint32Array, block: number): void {
  let [a, b, c, d] = state;
  for (const round of rounds) {
    for (const [step, word] of round.order.entries()) {
      const sum = (a + round.mix(b, c, d) + (words[block + word] ?? 0) + round.constant) | 0;
      const shift = round.shifts[step & 3] ?? 0;
      [a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c];
    }
  }
  state[0] = (state[0] + a) >>> 0;
  state[1] = (state[1] + b) >>> 0;
  state[2] = (state[2] + c) >>> 0;
  state[3] = (state[3] + d) >>> 0;
}
