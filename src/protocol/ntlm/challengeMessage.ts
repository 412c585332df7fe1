import { buildMessage, decodeUtf16, encodeUtf16, openMessage, readField } from './payload';

const what = 'NTLM CHALLENGE';

/** CHALLENGE_MESSAGE, type 2 ([MS-NLMP] §2.2.1.2). */
export interface ChallengeMessage {
  /** `negotiateFlags.ts`. */
  flags: number;
  /** 8 bytes. */
  serverChallenge: Uint8Array;
  targetName: string;
  /** As it stands, for the client has to send back the same bytes: `targetInfo.ts`. */
  targetInfo: Uint8Array;
}

/** Throws MalformedBody. */
export function parseChallengeMessage(bytes: Uint8Array): ChallengeMessage {
  const view = openMessage(bytes, what, 2, 48);
  return {
    flags: view.getUint32(20, true),
    serverChallenge: bytes.slice(24, 32),
    targetName: decodeUtf16(readField(view, 12, what), what),
    targetInfo: readField(view, 40, what),
  };
}

export function formatChallengeMessage(message: ChallengeMessage): Uint8Array {
  const { bytes, view } = buildMessage(2, 56, [
    [12, encodeUtf16(message.targetName)],
    [40, message.targetInfo],
  ]);
  view.setUint32(20, message.flags, true);
  bytes.set(message.serverChallenge.subarray(0, 8), 24);
  return bytes;
}
