import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import { type Autodiscover, formatAutodiscover, parseAutodiscover, webSocketToken } from './autodiscover';

describe('[MS-OCDISCWS] AutodiscoverResponse', () => {
  it.each<Autodiscover>([
    {
      accessLocation: 'Internal',
      links: [
        { token: 'Domain', href: 'https://fe1.contoso.example/root/domain?a=1&b=2' },
        { token: webSocketToken, href: 'wss://fe1.contoso.example/sip' },
      ],
    },
    { accessLocation: 'External', links: [] },
  ])('writes and reads again %j', (answer) => {
    expect(parseAutodiscover(formatAutodiscover(answer))).toEqual(answer);
  });

  it('reads the links of a User document', () => {
    const text =
      '<AutodiscoverResponse AccessLocation="External"><User><SipClientExternalAccess fqdn="sip.contoso.example" port="443"/><Link token="Redirect" href="https://other.example/"/></User></AutodiscoverResponse>';
    expect(parseAutodiscover(text)).toEqual({
      accessLocation: 'External',
      links: [{ token: 'Redirect', href: 'https://other.example/' }],
    });
  });

  it('skips a link without a token or an address', () => {
    const text =
      '<AutodiscoverResponse><Root><Link token="User"/><Link href="https://a.example"/><Link token="T" href="h"/></Root></AutodiscoverResponse>';
    expect(parseAutodiscover(text)).toEqual({ accessLocation: 'Internal', links: [{ token: 'T', href: 'h' }] });
  });

  it.each([
    ['nothing', ''],
    ['a web page', '<!DOCTYPE html><html><body>Welcome</body></html>'],
    ['JSON', '{"AutodiscoverResponse":{}}'],
    ['another document', '<host-meta><Root/></host-meta>'],
    ['neither Root nor User', '<AutodiscoverResponse AccessLocation="Internal"/>'],
    ['a cut document', '<AutodiscoverResponse><Root>'],
  ])('refuses %s', (_what, text) => {
    expect(() => parseAutodiscover(text)).toThrow(MalformedBody);
  });
});
