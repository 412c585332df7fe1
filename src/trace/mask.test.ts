import { describe, expect, it } from 'vitest';
import { maskSecrets } from './mask';

const register = (line: string, body = '') =>
  `REGISTER sip:contoso.example SIP/2.0\r\nCall-ID: 1\r\n${line}\r\nExpires: 3600\r\n\r\n${body}`;

describe('masking of credentials', () => {
  it.each([
    [
      'digest',
      'Authorization: Digest algorithm=MD5, username="alice@contoso.example", realm="contoso.example", nonce="n0", uri="sip:contoso.example", response="0123456789abcdef0123456789abcdef", qop=auth, cnonce="abc", nc=00000001',
      'Authorization: Digest algorithm=MD5, username="alice@contoso.example", realm="contoso.example", nonce="n0", uri="sip:contoso.example", response="***", qop=auth, cnonce="***", nc=00000001',
    ],
    [
      'digest of a proxy, other spelling, without quotes',
      'proxy-authorization:Digest username="alice", response=0123456789abcdef',
      'proxy-authorization:Digest username="alice", response="***"',
    ],
    [
      'NTLM',
      'Authorization: NTLM qop="auth", realm="SIP Communications Service", targetname="fe1", gssapi-data="TlRMTVNTUAAD", version=4',
      'Authorization: NTLM qop="auth", realm="SIP Communications Service", targetname="fe1", gssapi-data="***", version=4',
    ],
    ['a bearer token', 'Authorization: Bearer eyJhbGciOi.J9', 'Authorization: Bearer ***'],
    ['Basic', 'Authorization: Basic YWxpY2U6cm9zZQ==', 'Authorization: Basic ***'],
    [
      'a folded header',
      'Authorization: Digest username="alice",\r\n response="0123456789abcdef"',
      'Authorization: Digest username="alice",\r\n response="***"',
    ],
    [
      'a challenge with a token',
      'WWW-Authenticate: NTLM realm="r", gssapi-data="TlRMTVNTUAAC", version=4',
      'WWW-Authenticate: NTLM realm="r", gssapi-data="***", version=4',
    ],
  ])('%s', (_what, line, expected) => {
    expect(maskSecrets(register(line))).toBe(register(expected));
  });

  it('passwords and tickets in bodies', () => {
    const body =
      '<r xmlns:m="x"><m:password type="clear">rose petal</m:password><username>alice</username><ticket>abc</ticket></r>';
    expect(maskSecrets(register('Event: x', body))).toBe(
      register(
        'Event: x',
        '<r xmlns:m="x"><m:password type="clear">***</m:password><username>alice</username><ticket>***</ticket></r>',
      ),
    );
  });

  it.each([
    ['a message that speaks of them', register('Subject: response=1', 'my password=rose is no secret, response="x"')],
    ['a challenge', register('WWW-Authenticate: Digest realm="contoso.example", nonce="n0"')],
    ['nothing', ''],
    ['a head without an end', 'REGISTER sip:contoso.example SIP/2.0\r\nCall-ID: 1'],
  ])('leaves %s as it is', (_what, text) => {
    expect(maskSecrets(text)).toBe(text);
  });

  it('takes text made to be slow', () => {
    const text = register(`Authorization: Digest ${'a="'.repeat(100_000)}`, '<password'.repeat(100_000));
    expect(maskSecrets(text)).toContain('Expires: 3600');
  });
});
