import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../../protocol/bytes';

/** SHA-256 of what passes by: WebCrypto wants all of it at once (FIPS 180-4). */
export class Sha256 {
  readonly #hash = sha256.create();
  #bytes = 0;

  /** So many bytes went in. */
  get bytes(): number {
    return this.#bytes;
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  /** 64 hexadecimal digits, of what went in so far. */
  get hex(): string {
    return toHex(this.#hash.clone().digest());
  }
}
