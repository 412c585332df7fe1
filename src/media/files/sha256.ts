import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../../protocol/bytes';
import type { Digest } from './digest';

/** SHA-256 of what passes by (FIPS 180-4): WebCrypto wants all of it at once. */
export class Sha256 implements Digest {
  readonly #hash = sha256.create();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  async take(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  async hex(): Promise<string> {
    return toHex(this.#hash.clone().digest());
  }
}
