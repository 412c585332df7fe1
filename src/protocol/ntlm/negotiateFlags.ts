/** [MS-NLMP] §2.2.2.5, those that SIP has to do with. */
export const negotiate = {
  unicode: 0x1,
  requestTarget: 0x4,
  sign: 0x10,
  /** Connection-less: no NEGOTIATE message, and each message is signed on its own. */
  datagram: 0x40,
  ntlm: 0x200,
  alwaysSign: 0x8000,
  targetTypeDomain: 0x10000,
  extendedSessionSecurity: 0x80000,
  identify: 0x100000,
  targetInfo: 0x800000,
  version: 0x2000000,
  key128: 0x20000000,
  keyExchange: 0x40000000,
  key56: 0x80000000,
} as const;

/** Without these two ends cannot sign SIP messages for each other ([MS-SIPAE] §3.1: connection-less NTLMv2). */
const needed =
  negotiate.unicode |
  negotiate.sign |
  negotiate.datagram |
  negotiate.ntlm |
  negotiate.extendedSessionSecurity |
  negotiate.keyExchange;

export function canSign(flags: number): boolean {
  return (flags & needed) === needed;
}

/** What a home server offers: all of [MS-NLMP] that pidgin-sipe insists on, and every length of the seal key. */
export const offeredFlags =
  (needed |
    negotiate.requestTarget |
    negotiate.alwaysSign |
    negotiate.targetTypeDomain |
    negotiate.identify |
    negotiate.targetInfo |
    negotiate.key128 |
    negotiate.key56) >>>
  0;
