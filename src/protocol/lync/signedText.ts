import { parseNameAddr, splitCommas } from '../sip/headers';

/** What a signature is made of, apart from the message itself: all as they stand in the header, without quotes. */
export interface Protection {
  scheme: 'NTLM' | 'Kerberos' | 'TLS-DSK';
  /** `crand` when the client signs, `srand` when the server does. */
  rand: string;
  /** `cnum` or `snum`. */
  num: string;
  realm: string;
  targetname: string;
  /** Of the handshake; 2 when it named none. */
  version: number;
}

/** The headers of a message that are signed, each value as it stands; `undefined` when absent. */
export interface SignedHeaders {
  callId: string;
  cseq: string;
  from: string;
  to: string;
  /** One string a header line. */
  assertedIdentity?: readonly string[];
  /** Counts when there is no P-Asserted-Identity. */
  preferredIdentity?: readonly string[];
  expires?: string | undefined;
  /** `null` for a request. */
  status: number | null;
}

/**
 * The text under a signature ([MS-SIPAE] §3.2.5.1 for versions 3 and 4, [MS-SIP] §3.1.4.2 for 2): values in angle
 * brackets, an absent one as `<>`, with no change of case or quoting. To URI and identities are signed from version 3 up.
 */
export function signedText(protection: Protection, headers: SignedHeaders): string {
  const [cseq = '', method = ''] = headers.cseq.trim().split(/\s+/);
  const from = parseNameAddr(headers.from);
  const to = parseNameAddr(headers.to);
  const isWhole = protection.version >= 3;
  const identities = isWhole ? identitiesOf(headers) : [];
  const values = [
    protection.scheme,
    protection.rand,
    protection.num,
    protection.realm,
    protection.targetname,
    headers.callId,
    cseq,
    method,
    from?.uri ?? '',
    from?.params.get('tag') ?? '',
    ...(isWhole ? [to?.uri ?? ''] : []),
    to?.params.get('tag') ?? '',
    ...(isWhole ? [first(identities, 'sip:'), first(identities, 'tel:')] : []),
    headers.expires ?? '',
    ...(headers.status === null ? [] : [String(headers.status)]),
  ];
  return values.map((value) => `<${value}>`).join('');
}

function identitiesOf({ assertedIdentity = [], preferredIdentity = [] }: SignedHeaders): string[] {
  const lines = assertedIdentity.length > 0 ? assertedIdentity : preferredIdentity;
  return lines.flatMap(splitCommas).map((value) => parseNameAddr(value)?.uri ?? '');
}

function first(uris: readonly string[], scheme: string): string {
  return uris.find((uri) => uri.toLowerCase().startsWith(scheme)) ?? '';
}
