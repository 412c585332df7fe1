import { digestBlocks } from './digestBlocks';

/** MD5 (RFC 1321) and HMAC-MD5 (RFC 2104), synchronous, which WebCrypto does not have. NTLM knows nothing better. */

/** RFC 1321 3.4: the integer part of 2^32 |sin i|. */
const sines = Int32Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 0x100000000));
const shifts = Uint8Array.of(7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21);

/** The 16-byte digest of `input`. */
export function md5(input: Uint8Array): Uint8Array {
  const words = digestBlocks(input);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let block = 0; block < words.length; block += 16) mix(state, words, block);
  const digest = new Uint8Array(16);
  const view = new DataView(digest.buffer);
  for (const [index, word] of state.entries()) view.setInt32(index * 4, word, true);
  return digest;
}

/** RFC 1321 3.4: four rounds of sixteen steps over one block. */
function mix(state: Int32Array, words: Uint32Array, block: number): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (let step = 0; step < 64; step += 1) {
    let mixed: number;
    let word: number;
    if (step < 16) {
      mixed = (b & c) | (~b & d);
      word = step;
    } else if (step < 32) {
      mixed = (b & d) | (c & ~d);
      word = (5 * step + 1) & 15;
    } else if (step < 48) {
      mixed = b ^ c ^ d;
      word = (3 * step + 5) & 15;
    } else {
      mixed = c ^ (b | ~d);
      word = (7 * step) & 15;
    }
    const sum = (a + mixed + (words[block + word] ?? 0) + (sines[step] ?? 0)) | 0;
    const shift = shifts[(step >> 4) * 4 + (step & 3)] ?? 0;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
}

/** The 16-byte keyed hash of `input`; `key` of any length. */
export function hmacMd5(key: Uint8Array, input: Uint8Array): Uint8Array {
  const block = new Uint8Array(64);
  block.set(key.length > 64 ? md5(key) : key);
  const inner = new Uint8Array(64 + input.length);
  const outer = new Uint8Array(80);
  for (const [index, byte] of block.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  inner.set(input, 64);
  outer.set(md5(inner), 64);
  return md5(outer);
}
