import { parseAuthentication } from '../protocol/sip/authentication';

/** True for a WWW-Authenticate or Proxy-Authenticate value that JsSIP answers by itself: Digest with MD5 (RFC 2617). */
export function jssipAnswers(challenge: string): boolean {
  const { scheme, params } = parseAuthentication(challenge) ?? { scheme: '', params: new Map<string, string>() };
  return scheme.toLowerCase() === 'digest' && (params.get('algorithm') ?? 'MD5').toUpperCase() === 'MD5';
}
