import { concatBytes, fromHex, sameBytes, toHex } from '../bytes';
import { hmacMd5, md5 } from '../crypto/md5';
import { rc4 } from '../crypto/rc4';
import { negotiate } from './negotiateFlags';
import type { NtlmSession } from './ntlmV2';

type Way = 'client-to-server' | 'server-to-client';

/** Signs what one end sends and checks what the other sent. The text is that of `signedText.ts`, in UTF-8. */
export interface MessageSigner {
  /** 32 hexadecimal digits, for `response` or `rspauth`. */
  sign(text: Uint8Array): string;
  /** Takes digits of either case. */
  verify(text: Uint8Array, signature: string): boolean;
}

/** The signer of one end of a session ([MS-NLMP] §3.4). */
export function messageSigner(session: NtlmSession, end: 'client' | 'server'): MessageSigner {
  const clientMac = macOf(session, 'client-to-server');
  const serverMac = macOf(session, 'server-to-client');
  const [own, peers] = end === 'client' ? [clientMac, serverMac] : [serverMac, clientMac];
  return {
    sign: (text) => toHex(own(text)),
    verify: (text, signature) => {
      const given = fromHex(signature);
      return given !== null && sameBytes(peers(text), given);
    },
  };
}

/** [MS-SIPAE] §3.2.5.1: every message has the sequence number 100, little-endian. */
const sequence = Uint8Array.of(100, 0, 0, 0);
const version = Uint8Array.of(1, 0, 0, 0);

/** NTLMSSP_MESSAGE_SIGNATURE with extended session security (§3.4.4.2): version, sealed checksum, sequence number. */
function macOf(session: NtlmSession, way: Way): (text: Uint8Array) => Uint8Array {
  const key = signKey(session, way);
  // Connection-less: RC4 starts anew for each message from the sequence number, so its first bytes are always these.
  const pad = rc4(md5(concatBytes(sealKey(session, way), sequence)), new Uint8Array(8));
  return (text) => {
    const checksum = hmacMd5(key, concatBytes(sequence, text));
    return concatBytes(
      version,
      pad.map((byte, index) => byte ^ (checksum[index] ?? 0)),
      sequence,
    );
  };
}

/** SIGNKEY, §3.4.5.2. */
export function signKey(session: NtlmSession, way: Way): Uint8Array {
  return md5(concatBytes(session.sessionKey, magic(way, 'signing')));
}

/** SEALKEY, §3.4.5.3: of as many bytes of the session key as both ends agreed on. */
export function sealKey({ sessionKey, flags }: NtlmSession, way: Way): Uint8Array {
  const length = flags & negotiate.key128 ? 16 : flags & negotiate.key56 ? 7 : 5;
  return md5(concatBytes(sessionKey.subarray(0, length), magic(way, 'sealing')));
}

function magic(way: Way, kind: 'signing' | 'sealing'): Uint8Array {
  return new TextEncoder().encode(`session key to ${way} ${kind} key magic constant\0`);
}
