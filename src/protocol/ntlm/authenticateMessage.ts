import { buildMessage, decodeUtf16, encodeUtf16, openMessage, readField } from './payload';

const what = 'NTLM AUTHENTICATE';

/** AUTHENTICATE_MESSAGE, type 3 ([MS-NLMP] §2.2.1.3), without the MIC, which connection-less NTLM does not have. */
export interface AuthenticateMessage {
  lmResponse: Uint8Array;
  /** 16 bytes of proof and the client's blob. */
  ntResponse: Uint8Array;
  domain: string;
  user: string;
  workstation: string;
  encryptedSessionKey: Uint8Array;
  /** `negotiateFlags.ts`: what both ends agreed on. */
  flags: number;
}

/** Throws MalformedBody. */
export function parseAuthenticateMessage(bytes: Uint8Array): AuthenticateMessage {
  const view = openMessage(bytes, what, 3, 64);
  const field = (at: number): Uint8Array => readField(view, at, what);
  return {
    lmResponse: field(12),
    ntResponse: field(20),
    domain: decodeUtf16(field(28), what),
    user: decodeUtf16(field(36), what),
    workstation: decodeUtf16(field(44), what),
    encryptedSessionKey: field(52),
    flags: view.getUint32(60, true),
  };
}

export function formatAuthenticateMessage(message: AuthenticateMessage): Uint8Array {
  const { bytes, view } = buildMessage(3, 72, [
    [28, encodeUtf16(message.domain)],
    [36, encodeUtf16(message.user)],
    [44, encodeUtf16(message.workstation)],
    [12, message.lmResponse],
    [20, message.ntResponse],
    [52, message.encryptedSessionKey],
  ]);
  view.setUint32(60, message.flags, true);
  return bytes;
}
