import { quote, splitCommas, unquote } from './headers';

/** WWW-Authenticate, Authorization, Authentication-Info: a scheme and its parameters (RFC 3261 §20.7, §20.44; [MS-SIPAE] §2.2). */
export interface AuthenticationHeader {
  /** As written: `NTLM`, `Digest`. */
  scheme: string;
  /** In order; names in lower case, values unquoted. */
  params: ReadonlyMap<string, string>;
}

/** One header line; `null` when it has no scheme. Values may be quoted or not, Base64 with its `=` too. */
export function parseAuthentication(value: string): AuthenticationHeader | null {
  const match = /^\s*([A-Za-z0-9.!%*_+`'~-]+)(?:\s+(.*))?$/s.exec(value);
  if (match === null) return null;
  const params = new Map<string, string>();
  for (const piece of splitCommas(match[2] ?? '')) {
    const equals = piece.indexOf('=');
    if (equals > 0) params.set(piece.slice(0, equals).trim().toLowerCase(), unquote(piece.slice(equals + 1)));
  }
  return { scheme: match[1] ?? '', params };
}

/** All values quoted, except `version`, as Lync writes them ([MS-SIPAE] §2.2). */
export function formatAuthentication(scheme: string, params: Iterable<readonly [name: string, value: string]>): string {
  const written = Array.from(params, ([name, value]) => `${name}=${name === 'version' ? value : quote(value)}`);
  return `${scheme} ${written.join(', ')}`;
}
