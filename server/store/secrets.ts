import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { md4 } from '../../src/protocol/crypto/md4';

/**
 * What a password is kept as. Each is as good as the password for its scheme, so none is stored or logged in the clear:
 * `ha1` is MD5(user@domain:domain:password), `userHa1` the same with the user part alone as user name (RFC 2617 3.2.2.2),
 * `nt` the MD4 of the password in UTF-16LE ([MS-NLMP] 3.3.1).
 */
export interface Credentials {
  readonly ha1: string;
  readonly userHa1: string;
  readonly nt: string;
}

export function credentialsOf(address: string, password: string): Credentials {
  const at = address.indexOf('@');
  const realm = address.slice(at + 1);
  return {
    ha1: md5(`${address}:${realm}:${password}`),
    userHa1: md5(`${address.slice(0, at)}:${realm}:${password}`),
    nt: Buffer.from(md4(Buffer.from(password, 'utf16le'))).toString('hex'),
  };
}

export function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex');
}

/** AES-256-GCM under a key kept outside the database; the address is bound in, so that rows cannot be exchanged. */
export class Vault {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    if (key.length !== 32) throw new Error('the secret key must have 32 bytes');
    this.#key = key;
  }

  /** 12 bytes nonce, 16 bytes tag, 48 bytes cipher text. */
  seal(aor: string, { ha1, userHa1, nt }: Credentials): Buffer {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(aor));
    const sealed = Buffer.concat([cipher.update(Buffer.from(ha1 + userHa1 + nt, 'hex')), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** Throws when the key is not the one that sealed it, or the row was tampered with. */
  open(aor: string, sealed: Buffer): Credentials {
    const cipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, 12), { authTagLength: 16 })
      .setAAD(Buffer.from(aor))
      .setAuthTag(sealed.subarray(12, 28));
    const hex = Buffer.concat([cipher.update(sealed.subarray(28)), cipher.final()]).toString('hex');
    return { ha1: hex.slice(0, 32), userHa1: hex.slice(32, 64), nt: hex.slice(64, 96) };
  }
}

/** The key of a data directory: `secret.key`, made at first use, readable by its owner only. */
export function secretKeyOf(dataDirectory: string): Buffer {
  const file = path.join(dataDirectory, 'secret.key');
  if (!existsSync(file)) {
    try {
      writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // Another process made it in the same moment: take theirs.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  chmodSync(file, 0o600);
  return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
}
