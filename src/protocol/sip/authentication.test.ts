import { describe, expect, it } from 'vitest';
import { formatAuthentication, parseAuthentication } from './authentication';

const read = (value: string) => {
  const header = parseAuthentication(value);
  return header === null ? null : { scheme: header.scheme, ...Object.fromEntries(header.params) };
};

describe('AUT-8 authentication headers', () => {
  it('are read with values quoted or not, in any order, with Base64 as it is', () => {
    expect(read('NTLM realm="SIP Communications Service", targetname="fe1.contoso.example", version=4')).toEqual({
      scheme: 'NTLM',
      realm: 'SIP Communications Service',
      targetname: 'fe1.contoso.example',
      version: '4',
    });
    expect(read('NTLM version=3 ,GSSAPI-Data=TlRM+/Q==,opaque=5D1E40A2 ,  qop="auth"')).toEqual({
      scheme: 'NTLM',
      version: '3',
      'gssapi-data': 'TlRM+/Q==',
      opaque: '5D1E40A2',
      qop: 'auth',
    });
  });

  it.each([
    ['NTLM', { scheme: 'NTLM' }],
    ['NTLM gssapi-data=""', { scheme: 'NTLM', 'gssapi-data': '' }],
    ['NTLM realm="a \\"b\\", c=d"', { scheme: 'NTLM', realm: 'a "b", c=d' }],
    ['NTLM ,, =x, y, z="open', { scheme: 'NTLM', z: '"open' }],
    ['', null],
    ['=,"', null],
  ])('%j', (value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  it('are written as Lync does: quoted, but for the version', () => {
    const params = [
      ['opaque', '5D1E40A2'],
      ['realm', 'SIP "Communications" Service'],
      ['version', '4'],
    ] as const;
    const value = formatAuthentication('NTLM', params);
    expect(value).toBe('NTLM opaque="5D1E40A2", realm="SIP \\"Communications\\" Service", version=4');
    expect(parseAuthentication(value)?.params).toEqual(new Map(params));
  });
});
