import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes';
import { messageSigner, sealKey, signKey } from '../ntlm/messageSigner';
import { offeredFlags } from '../ntlm/negotiateFlags';
import { ntHash, responseKey } from '../ntlm/ntlmV2';
import { signedText } from './signedText';

const protection = {
  scheme: 'NTLM',
  rand: '0badc0de',
  num: '1',
  realm: 'SIP Communications Service',
  targetname: 'fe1.contoso.example',
  version: 4,
} as const;
const request = {
  callId: 'call-1',
  cseq: '3 REGISTER',
  from: '<sip:alice@contoso.example>;tag=tag1;epid=01',
  to: '<sip:alice@contoso.example>',
  status: null,
};
const response = {
  ...request,
  to: '<sip:alice@contoso.example>;tag=tag2',
  expires: '7200',
  status: 200,
};

describe('`lync-wire` 1.8: the worked example', () => {
  const session = { sessionKey: fromHex('000102030405060708090a0b0c0d0e0f') ?? new Uint8Array(), flags: offeredFlags };
  const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

  it('makes these keys', () => {
    expect(toHex(signKey(session, 'client-to-server'))).toBe('9b52e70996bd32c71f2398b552d207d2');
    expect(toHex(sealKey(session, 'client-to-server'))).toBe('157cc91ead98fd67ff4911a6c338be2c');
    expect(toHex(signKey(session, 'server-to-client'))).toBe('24708083b479de7c5807cac27aeefbce');
    expect(toHex(sealKey(session, 'server-to-client'))).toBe('537dc0b821115fd8177313be127b7d90');
    expect(toHex(ntHash('secret'))).toBe('878d8014606cda29677a44efa1353fc7');
    expect(toHex(responseKey(ntHash('secret'), 'alice', ''))).toBe('2f3038644ea036bcb6007fdc43f21805');
    expect(toHex(responseKey(ntHash('secret'), 'alice', 'CONTOSO'))).toBe('51b4148d815d7d59a01d69c6dfed783f');
  });

  it('signs this request', () => {
    const text = signedText(protection, request);
    expect(text).toBe(
      '<NTLM><0badc0de><1><SIP Communications Service><fe1.contoso.example><call-1><3><REGISTER><sip:alice@contoso.example><tag1><sip:alice@contoso.example><><><><>',
    );
    expect(messageSigner(session, 'client').sign(utf8(text))).toBe('01000000138698a8da39734d64000000');
  });

  it('signs this response', () => {
    const text = signedText({ ...protection, rand: '0BADC0DE' }, response);
    expect(text).toBe(
      '<NTLM><0BADC0DE><1><SIP Communications Service><fe1.contoso.example><call-1><3><REGISTER><sip:alice@contoso.example><tag1><sip:alice@contoso.example><tag2><><><7200><200>',
    );
    expect(messageSigner(session, 'server').sign(utf8(text))).toBe('010000005a85aef29603c33864000000');
  });
});

describe('[MS-SIPAE] 3.2.5.1: the signed text', () => {
  const start = '<NTLM><0badc0de><1><SIP Communications Service><fe1.contoso.example><call-1>';

  it('has a To URI and identities from version 3 up', () => {
    const asserted = { ...response, assertedIdentity: ['<sip:alice@contoso.example>, <tel:+14255550100>'] };
    const short = `${start}<3><REGISTER><sip:alice@contoso.example><tag1><tag2><7200><200>`;
    const whole = `${start}<3><REGISTER><sip:alice@contoso.example><tag1><sip:alice@contoso.example><tag2><sip:alice@contoso.example><tel:+14255550100><7200><200>`;
    expect(signedText({ ...protection, version: 2 }, asserted)).toBe(short);
    expect(signedText({ ...protection, version: 3 }, asserted)).toBe(whole);
    expect(signedText(protection, asserted)).toBe(whole);
  });

  it.each<[string, string[] | undefined, string[] | undefined, string]>([
    ['none', undefined, undefined, '<><>'],
    ['asserted on two lines', ['"A, L" <sip:a@x>', '<tel:+1>'], undefined, '<sip:a@x><tel:+1>'],
    ['asserted without brackets', ['SIP:a@x'], undefined, '<SIP:a@x><>'],
    ['preferred', undefined, ['<sip:p@x>'], '<sip:p@x><>'],
    ['both: asserted', ['<tel:+1>'], ['<sip:p@x>'], '<><tel:+1>'],
    ['two of a kind: the first', ['<sip:a@x>,<sip:b@x>'], undefined, '<sip:a@x><>'],
    ['neither sip nor tel', ['<mailto:a@x>, nonsense'], undefined, '<><>'],
  ])('identities: %s', (_what, assertedIdentity, preferredIdentity, expected) => {
    const text = signedText(protection, { ...request, assertedIdentity, preferredIdentity });
    expect(text).toBe(
      `${start}<3><REGISTER><sip:alice@contoso.example><tag1><sip:alice@contoso.example><>${expected}<>`,
    );
  });

  it('takes addresses and tags as they stand: case, parameters, display names', () => {
    const text = signedText(protection, {
      ...request,
      cseq: '12  INVITE',
      from: '"Alice <the> A" <sip:Alice@Contoso.Example;opaque=user:epid:Zz;gruu>;epid=01;tag=Tag-1',
      to: 'sip:bob@contoso.example;tag=x',
    });
    expect(text).toBe(
      `${start}<12><INVITE><sip:Alice@Contoso.Example;opaque=user:epid:Zz;gruu><Tag-1><sip:bob@contoso.example><x><><><>`,
    );
  });

  it.each([
    ['', ''],
    ['nonsense', '<'],
    ['<>', '>;tag'],
  ])('damaged addresses %j and %j are absent', (from, to) => {
    expect(signedText(protection, { ...request, cseq: '', from, to })).toBe(`${start}<><><><><><><><><>`);
  });
});
