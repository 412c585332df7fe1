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
    [
      'what proves a proxy',
      'Proxy-Authentication-Info: NTLM rspauth="0100000064", srand="A1"',
      'Proxy-Authentication-Info: NTLM rspauth="***", srand="A1"',
    ],
    [
      'what proves the server',
      'Authentication-Info: NTLM rspauth="0100000064", srand="A1", gssapi-data=TlRM',
      'Authentication-Info: NTLM rspauth="***", srand="A1", gssapi-data="***"',
    ],
  ])('%s', (_what, line, expected) => {
    expect(maskSecrets(register(line))).toBe(register(expected));
  });

  it.each([
    ['a fold before the scheme', 'Authorization:\r\n Digest realm="r", response="rose"'],
    ['a fold before the token', 'Authorization: Bearer\r\n rose'],
    ['a folded challenge', 'WWW-Authenticate: NTLM realm="r",\r\n gssapi-data="rose"'],
    ['a challenge without quotes', 'Proxy-Authenticate: NTLM gssapi-data=rose, realm="r"'],
    ['white space around the equals sign', 'Authorization: Digest realm="r", response = "rose"'],
    ['an escaped quote', 'Authorization: Digest username="a\\"b", response="x\\" rose"'],
    ['a quote never closed', 'Authorization: Digest realm="r", response="rose'],
    ['a realm that names a secret', 'Authorization: Digest realm="response=", response="rose"'],
    ['a token that looks like a parameter', 'Authorization: Bearer realm=rose'],
    ['a token without a scheme', 'Authorization: rose'],
  ])('hides the secret in a damaged or unusual header: %s', (_what, line) => {
    const masked = maskSecrets(register(line));
    expect(masked).not.toContain('rose');
    expect(masked).toContain('***');
    expect(masked).toContain('\r\nExpires: 3600\r\n');
  });

  it.each([
    ['CDATA', '<r><password><![CDATA[rose]]></password><a>1</a></r>', '<r><password>***</password><a>1</a></r>'],
    ['a child', '<r><credential><b>rose</b></credential></r>', '<r><credential>***</credential></r>'],
    ['a comment', '<password>x<!-- c -->rose</password>', '<password>***</password>'],
    ['a prefix with a hyphen', '<n-1:ticket>rose</n-1:ticket>', '<n-1:ticket>***</n-1:ticket>'],
    ['several lines', '<Password>\r\nrose\r\n</Password >', '<Password>***</Password >'],
    ['a cut body', '<a><password>rose\r\nrose', '<a><password>***'],
  ])('hides the secret in %s', (_what, body, expected) => {
    expect(maskSecrets(register('Event: x', body))).toBe(register('Event: x', expected));
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
    ['the password of ICE', 'a=ice-ufrag:4cP+\r\na=ice-pwd:ro/se+', 'a=ice-ufrag:4cP+\r\na=ice-pwd:***'],
    [
      'every one of them',
      'a=ice-pwd:rose\r\nm=video 9 RTP\r\nA=ICE-PWD:rose',
      'a=ice-pwd:***\r\nm=video 9 RTP\r\nA=ICE-PWD:***',
    ],
    [
      'a key of SRTP',
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:rose|2^31',
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:***',
    ],
  ])('hides in an SDP %s, and keeps the Content-Length right', (_what, lines, expected) => {
    const told = (sdp: string) =>
      `INVITE sip:a@b SIP/2.0\r\nContent-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`;
    const sdp = (middle: string) => `v=0\r\n${middle}\r\na=mid:0\r\n`;
    expect(maskSecrets(told(sdp(lines)))).toBe(told(sdp(expected)));
  });

  it('keeps a Content-Length right, and a wrong one wrong', () => {
    const body = '<r><password>Grüße</password></r>';
    const told = (length: number, text: string) =>
      `SERVICE sip:a@b SIP/2.0\r\nContent-Length: ${length}\r\n\r\n${text}`;
    expect(maskSecrets(told(35, body))).toBe(told(31, '<r><password>***</password></r>'));
    expect(maskSecrets(told(9, body))).toBe(told(9, '<r><password>***</password></r>'));
  });

  it.each([
    ['a message that speaks of them', register('Subject: response=1', 'my password=rose is no secret, response="x"')],
    ['a challenge', register('WWW-Authenticate: Digest realm="contoso.example", nonce="n0"')],
    ['an empty element', register('Event: x', '<r><password/><a>1</a><passwords>2</passwords></r>')],
    ['nothing', ''],
    ['a head without an end', 'REGISTER sip:contoso.example SIP/2.0\r\nCall-ID: 1'],
  ])('leaves %s as it is', (_what, text) => {
    expect(maskSecrets(text)).toBe(text);
  });

  it('takes text made to be slow', () => {
    for (const piece of ['a="', 'a', ' ', 'a=\\', '"\\', 'response="']) {
      const text = register(`Authorization: Digest ${piece.repeat(100_000)}`, '<password'.repeat(100_000));
      expect(maskSecrets(text)).toContain('Expires: 3600');
    }
    for (const piece of ['a=crypto:', 'a=crypto:inline', 'a=ice-pwd:\r\n', 'a=crypto:1\r\n']) {
      expect(maskSecrets(register('Event: x', piece.repeat(100_000)))).toContain('Expires: 3600');
    }
    const body = `${'<password>'.repeat(100_000)}${'</ticket '.repeat(100_000)}`;
    expect(maskSecrets(register('Event: x', body))).toMatch(/<password>\*\*\*$/);
  });
});
