import { concatBytes, sameBytes } from '../bytes';
import { md4 } from '../crypto/md4';
import { hmacMd5 } from '../crypto/md5';
import { rc4 } from '../crypto/rc4';
import { MalformedBody } from '../malformed';
import type { AuthenticateMessage } from './authenticateMessage';
import type { ChallengeMessage } from './challengeMessage';
import { canSign, negotiate, offeredFlags } from './negotiateFlags';
import { encodeUtf16 } from './payload';
import { avId, parseTargetInfo } from './targetInfo';

/** NTLMv2 ([MS-NLMP] §3.3.2), connection-less as SIP uses it: the client's answer to a CHALLENGE, and the server's look at it. */

/** What a password is kept as (NTOWFv1, [MS-NLMP] §3.3.1): 16 bytes, as good as the password. */
export function ntHash(password: string): Uint8Array {
  return md4(encodeUtf16(password));
}

/** Both ends sign with keys of this: `messageSigner.ts`. */
export interface NtlmSession {
  /** ExportedSessionKey, 16 bytes. */
  sessionKey: Uint8Array;
  flags: number;
}

export interface NtlmIdentity {
  /** As it goes over the wire: `alice@contoso.example` with an empty domain, or `alice` of `CONTOSO`. */
  user: string;
  domain: string;
  workstation: string;
  ntHash: Uint8Array;
}

/** What must be new for each answer. */
export interface NtlmFreshness {
  /** 8 random bytes. */
  clientChallenge: Uint8Array;
  /** 16 random bytes. */
  sessionKey: Uint8Array;
  /** Milliseconds since 1970. */
  now: number;
}

/** The client's answer. Throws MalformedBody when the server does not offer what signing needs. */
export function answerChallenge(
  challenge: ChallengeMessage,
  identity: NtlmIdentity,
  fresh: NtlmFreshness,
): { message: AuthenticateMessage; session: NtlmSession } {
  if (!canSign(challenge.flags)) throw new MalformedBody('NTLM CHALLENGE', 'does not offer to sign messages');
  const flags = (challenge.flags & (offeredFlags | negotiate.version) & ~negotiate.targetTypeDomain) >>> 0;
  const { targetInfo } = challenge;
  const timestamp = targetInfo.length === 0 ? undefined : parseTargetInfo(targetInfo).get(avId.timestamp);
  const key = responseKey(identity.ntHash, identity.user, identity.domain);
  const blob = concatBytes(
    Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0),
    timestamp?.length === 8 ? timestamp : fileTime(fresh.now),
    fresh.clientChallenge,
    new Uint8Array(4),
    targetInfo,
    new Uint8Array(4),
  );
  const proof = hmacMd5(key, concatBytes(challenge.serverChallenge, blob));
  const lmProof = hmacMd5(key, concatBytes(challenge.serverChallenge, fresh.clientChallenge));
  const message: AuthenticateMessage = {
    // §3.1.5.1.2: with the server's time the LM response is left out.
    lmResponse: timestamp === undefined ? concatBytes(lmProof, fresh.clientChallenge) : new Uint8Array(24),
    ntResponse: concatBytes(proof, blob),
    domain: identity.domain,
    user: identity.user,
    workstation: identity.workstation,
    encryptedSessionKey: rc4(hmacMd5(key, proof), fresh.sessionKey),
    flags,
  };
  return { message, session: { sessionKey: fresh.sessionKey, flags } };
}

/**
 * The server's look at an answer: `null` when it was not made with this NT hash for this challenge, or would not sign
 * messages. Takes the same time for a right and a wrong one.
 */
export function checkAnswer(
  message: AuthenticateMessage,
  serverChallenge: Uint8Array,
  hash: Uint8Array,
): NtlmSession | null {
  const proof = message.ntResponse.slice(0, 16);
  const key = responseKey(hash, message.user, message.domain);
  const expected = hmacMd5(key, concatBytes(serverChallenge, message.ntResponse.slice(16)));
  const sessionKey = rc4(hmacMd5(key, proof), message.encryptedSessionKey);
  if (!sameBytes(proof, expected) || sessionKey.length !== 16 || !canSign(message.flags)) return null;
  return { sessionKey, flags: message.flags };
}

/** NTOWFv2: of the names exactly as they stand in the message, the user's in capitals. */
export function responseKey(hash: Uint8Array, user: string, domain: string): Uint8Array {
  return hmacMd5(hash, encodeUtf16(capitals(user) + domain));
}

/** Windows makes capitals unit by unit: the sharp s stays. */
function capitals(text: string): string {
  return text.replace(/[^A-Z]/g, (unit) => (unit.toUpperCase().length === 1 ? unit.toUpperCase() : unit));
}

/** [MS-DTYP] §2.3.3 FILETIME: steps of 100 ns since 1601. */
function fileTime(milliseconds: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const steps = (BigInt(Math.floor(milliseconds)) + 11644473600000n) * 10000n;
  new DataView(bytes.buffer).setBigUint64(0, steps, true);
  return bytes;
}
