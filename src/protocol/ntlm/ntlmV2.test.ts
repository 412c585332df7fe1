import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../base64';
import { concatBytes, fromHex, toHex } from '../bytes';
import { hmacMd5 } from '../crypto/md5';
import { rc4 } from '../crypto/rc4';
import { MalformedBody } from '../malformed';
import { formatAuthenticateMessage, parseAuthenticateMessage } from './authenticateMessage';
import { formatChallengeMessage, parseChallengeMessage } from './challengeMessage';
import { messageSigner, sealKey, signKey } from './messageSigner';
import { negotiate, offeredFlags } from './negotiateFlags';
import { answerChallenge, checkAnswer, type NtlmIdentity, ntHash, responseKey } from './ntlmV2';
import { encodeUtf16 } from './payload';
import { avId, formatTargetInfo, parseTargetInfo } from './targetInfo';

const of = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array();
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('[MS-NLMP] 4.2', () => {
  const identity = { user: 'User', domain: 'Domain', workstation: 'COMPUTER', ntHash: ntHash('Password') };
  const fresh = { clientChallenge: of('aa'.repeat(8)), sessionKey: of('55'.repeat(16)), now: -11644473600000 };
  const challenge = {
    // The example's flags, and connection-less, which does not change the answer.
    flags: 0xe28a8233 | negotiate.datagram,
    serverChallenge: of('0123456789abcdef'),
    targetName: 'Server',
    targetInfo: formatTargetInfo([
      [avId.netbiosDomain, encodeUtf16('Domain')],
      [avId.netbiosComputer, encodeUtf16('Server')],
    ]),
  };

  it('4.2.4.1.1: NTOWFv2', () => {
    expect(toHex(responseKey(identity.ntHash, 'User', 'Domain'))).toBe('0c868a403bfd7a93a3001ef22ef02e3f');
  });

  it('4.2.4.2: LMv2 and NTLMv2 responses, and the encrypted session key', () => {
    const { message } = answerChallenge(challenge, identity, fresh);
    expect(toHex(message.lmResponse)).toBe('86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa');
    expect(toHex(message.ntResponse.slice(0, 16))).toBe('68cd0ab851e51c96aabc927bebef6a1c');
    expect(toHex(message.encryptedSessionKey)).toBe('c5dad2544fc9799094ce1ce90bc9d03e');
  });

  it('4.2.4.1.2: the session base key, which opens the session key', () => {
    const { message } = answerChallenge(challenge, identity, fresh);
    expect(toHex(rc4(of('8de40ccadbc14a82f15cb0ad0de95ca3'), message.encryptedSessionKey))).toBe('55'.repeat(16));
    expect(checkAnswer(message, challenge.serverChallenge, identity.ntHash)?.sessionKey).toEqual(fresh.sessionKey);
  });

  it('4.2.4.4: the keys of the client, its seal and the checksum under it', () => {
    const session = { sessionKey: fresh.sessionKey, flags: challenge.flags };
    const plain = encodeUtf16('Plaintext');
    expect(toHex(sealKey(session, 'client-to-server'))).toBe('59f600973cc4960a25480a7c196e4c58');
    expect(toHex(signKey(session, 'client-to-server'))).toBe('4788dc861b4782f35d43fd98fe1a2d39');
    const checksum = hmacMd5(signKey(session, 'client-to-server'), concatBytes(new Uint8Array(4), plain)).slice(0, 8);
    expect(toHex(checksum)).toBe('70352851f2564309');
    expect(toHex(rc4(sealKey(session, 'client-to-server'), concatBytes(plain, checksum)))).toBe(
      '54e50165bf1936dc996020c1811b0f06fb5f7fb38ec5c55d4976',
    );
  });
});

describe('a sign-in of pidgin-sipe 1.25.0, recorded off the wire', () => {
  const challenge = parseChallengeMessage(
    decodeBase64(
      'TlRMTVNTUAACAAAABgAGADgAAABVgpnihIQbS4BkgwQAAAAAAAAAAEwATAA+AAAABgGxHQAAAA9MAEEAQgACAAYATABBAEIAAQAIAFMAVABVAEIABAAQAGwAYQBiAC4AdABlAHMAdAADABoAcwB0AHUAYgAuAGwAYQBiAC4AdABlAHMAdAAAAAAA',
    ) ?? new Uint8Array(),
  );
  const authenticate = parseAuthenticateMessage(
    decodeBase64(
      'TlRMTVNTUAADAAAAGAAYAHgAAAB8AHwAkAAAAAAAAABIAAAAHAAcAEgAAAAUABQAZAAAABAAEAAMAQAAVYKYYgUBKAoAAAAPYQBsAGkAYwBlAEAAbABhAGIALgB0AGUAcwB0AEwAQQBCAC0AQwBMAEkARQBOAFQAKD/Vyink+v4Fn+6ZVgbgAqNQHmJMqMI1bbk+/A8ld7dV9DWU3H+stAEBAAAAAAAAAOvbz9J63QGjUB5iTKjCNQAAAAACAAYATABBAEIAAQAIAFMAVABVAEIABAAQAGwAYQBiAC4AdABlAHMAdAADABoAcwB0AHUAYgAuAGwAYQBiAC4AdABlAHMAdAAAAAAAAAAAAOFI+T4wc44kv43q2pNIocc=',
    ) ?? new Uint8Array(),
  );
  const hash = ntHash('Alice-pass-1');

  it('is read', () => {
    expect(toHex(challenge.serverChallenge)).toBe('84841b4b80648304');
    expect(challenge.targetName).toBe('LAB');
    const names = Array.from(parseTargetInfo(challenge.targetInfo).keys());
    expect(names).toEqual([avId.netbiosDomain, avId.netbiosComputer, avId.dnsDomain, avId.dnsComputer]);
    expect(authenticate).toMatchObject({ user: 'alice@lab.test', domain: '', workstation: 'LAB-CLIENT' });
    expect(authenticate.flags).toBe(0x62988255);
  });

  it('proves the password and opens the session key', () => {
    expect(toHex(hash)).toBe('2e028f1c7ed6e9f56bbfb7f2543a62c1');
    expect(toHex(responseKey(hash, 'alice@lab.test', ''))).toBe('2f1b425c94dc3954bd3fab64764be3d9');
    const session = checkAnswer(authenticate, challenge.serverChallenge, hash);
    expect(toHex(session?.sessionKey ?? new Uint8Array())).toBe('7a8b18500bea17c8896e3afce7651560');
    expect(checkAnswer(authenticate, challenge.serverChallenge, ntHash('Alice-pass-2'))).toBeNull();
    expect(checkAnswer(authenticate, of('0000000000000000'), hash)).toBeNull();
  });

  it('makes the four keys and both signatures', () => {
    const session = { sessionKey: of('7a8b18500bea17c8896e3afce7651560'), flags: authenticate.flags };
    expect(toHex(signKey(session, 'client-to-server'))).toBe('04edc2aeebb1c701111730f2fa59b452');
    expect(toHex(sealKey(session, 'client-to-server'))).toBe('5df73072c211171aae7ba5ea26fbab7d');
    expect(toHex(signKey(session, 'server-to-client'))).toBe('aab150750c21554c55a7e62928254fae');
    expect(toHex(sealKey(session, 'server-to-client'))).toBe('ea4bff5a4db98bb18585e3b8d068207e');
    const asked = utf8(
      '<NTLM><46732fd5><1><SIP Communications Service><stub.lab.test><644CgE5FFa32A6i2BBAmD322t97D4bC1B4x5A90x><3><REGISTER><sip:alice@lab.test><2832043121><sip:alice@lab.test><><><><>',
    );
    const told = utf8(
      '<NTLM><6779f624><1><SIP Communications Service><stub.lab.test><644CgE5FFa32A6i2BBAmD322t97D4bC1B4x5A90x><3><REGISTER><sip:alice@lab.test><2832043121><sip:alice@lab.test><2f01752ba8d1><><><7200><200>',
    );
    const [client, server] = [messageSigner(session, 'client'), messageSigner(session, 'server')];
    expect(client.sign(asked)).toBe('01000000f212f48597d5b22164000000');
    expect(server.sign(told)).toBe('01000000f110273b5f2e6d8264000000');
    expect(server.verify(asked, '01000000F212F48597D5B22164000000')).toBe(true);
    expect(client.verify(told, '01000000f110273b5f2e6d8264000000')).toBe(true);
    expect(server.verify(told, '01000000f212f48597d5b22164000000')).toBe(false);
    expect(server.verify(asked, '01000000f110273b5f2e6d8264000000')).toBe(false);
    expect(server.verify(asked, '')).toBe(false);
  });
});

describe('NTLMv2 between our own two ends', () => {
  const identity: NtlmIdentity = {
    user: 'straße',
    domain: 'CONTOSO',
    workstation: 'confab',
    ntHash: ntHash('a passwörd'),
  };
  const fresh = { clientChallenge: of('0102030405060708'), sessionKey: of('0f'.repeat(16)), now: 1772442000000 };
  const offer = (flags: number, targetInfo = formatTargetInfo([])) => ({
    flags,
    serverChallenge: of('1122334455667788'),
    targetName: 'CONTOSO',
    targetInfo,
  });
  const lengths = negotiate.key128 | negotiate.key56;

  it.each([
    ['128', offeredFlags, 16],
    ['56', offeredFlags & ~negotiate.key128, 7],
    ['40', offeredFlags & ~lengths, 5],
  ])('§3.4.5.3: seals with %s bits', (_bits, flags, length) => {
    const asked = parseChallengeMessage(formatChallengeMessage(offer(flags >>> 0)));
    const { message, session } = answerChallenge(asked, identity, fresh);
    const read = parseAuthenticateMessage(formatAuthenticateMessage(message));
    expect(read).toEqual(message);
    const checked = checkAnswer(read, asked.serverChallenge, identity.ntHash);
    expect(checked).toEqual(session);
    const shortened = {
      sessionKey: concatBytes(fresh.sessionKey.slice(0, length), new Uint8Array(16 - length)),
      flags,
    };
    expect(sealKey(session, 'client-to-server')).toEqual(sealKey(shortened, 'client-to-server'));
    const text = utf8('<NTLM><ü>');
    expect(messageSigner(session, 'server').verify(text, messageSigner(session, 'client').sign(text))).toBe(true);
  });

  it('§3.1.5.1.2: answers with the time that the server told, and without an LM response then', () => {
    const targetInfo = formatTargetInfo([[avId.timestamp, of('8877665544332211')]]);
    const { message } = answerChallenge(offer(offeredFlags, targetInfo), identity, fresh);
    expect(toHex(message.ntResponse.slice(24, 32))).toBe('8877665544332211');
    expect(message.lmResponse).toEqual(new Uint8Array(24));
  });

  it.each(['sign', 'datagram', 'ntlm', 'unicode', 'extendedSessionSecurity', 'keyExchange'] as const)(
    'neither end goes on without the flag %s',
    (name) => {
      const without = (offeredFlags & ~negotiate[name]) >>> 0;
      expect(() => answerChallenge(offer(without), identity, fresh)).toThrow(MalformedBody);
      const { message } = answerChallenge(offer(offeredFlags), identity, fresh);
      expect(checkAnswer({ ...message, flags: without }, of('1122334455667788'), identity.ntHash)).toBeNull();
    },
  );

  it('takes neither another name nor another domain than the one answered for', () => {
    const { message } = answerChallenge(offer(offeredFlags), identity, fresh);
    for (const changed of [{ user: 'bob' }, { domain: '' }, { encryptedSessionKey: of('00') }]) {
      expect(checkAnswer({ ...message, ...changed }, of('1122334455667788'), identity.ntHash)).toBeNull();
    }
  });
});

describe('damaged NTLM messages', () => {
  const challenge = formatChallengeMessage({
    flags: offeredFlags,
    serverChallenge: of('1122334455667788'),
    targetName: 'CONTOSO',
    targetInfo: formatTargetInfo([[avId.dnsDomain, encodeUtf16('contoso.example')]]),
  });
  const authenticate = formatAuthenticateMessage({
    lmResponse: new Uint8Array(24),
    ntResponse: new Uint8Array(48),
    domain: '',
    user: 'alice',
    workstation: 'confab',
    encryptedSessionKey: new Uint8Array(16),
    flags: offeredFlags,
  });
  const changed = (bytes: Uint8Array, at: number, ...values: number[]): Uint8Array => {
    const copy = bytes.slice();
    copy.set(values, at);
    return copy;
  };

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['a head cut short', challenge.slice(0, 47)],
    ['another signature', changed(challenge, 0, 0x4f)],
    ['another type', changed(challenge, 8, 3)],
    ['a name behind the end', changed(challenge, 16, 0xff, 0xff, 0xff, 0xff)],
    ['half a character', changed(challenge, 12, 3)],
    ['target info cut short', challenge.slice(0, -1)],
  ])('CHALLENGE: %s', (_what, bytes) => {
    expect(() => parseChallengeMessage(bytes)).toThrow(MalformedBody);
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['a head cut short', authenticate.slice(0, 63)],
    ['a CHALLENGE', challenge],
    ['a session key behind the end', authenticate.slice(0, -1)],
    ['a response behind the end', changed(authenticate, 24, 0, 0, 0, 0x80)],
    ['a user of half a character', changed(authenticate, 36, 9)],
  ])('AUTHENTICATE: %s', (_what, bytes) => {
    expect(() => parseAuthenticateMessage(bytes)).toThrow(MalformedBody);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['no end', '0400020061 00'],
    ['a value behind the end', '0400ffff6100'],
    ['half a pair', '040000'],
  ])('target info: %s', (_what, hex) => {
    expect(() => parseTargetInfo(of(hex.replace(' ', '')))).toThrow(MalformedBody);
  });

  it('does not take an answer that is shorter than a proof', () => {
    const message = { ...parseAuthenticateMessage(authenticate), ntResponse: new Uint8Array(3) };
    expect(checkAnswer(message, of('1122334455667788'), ntHash('secret'))).toBeNull();
  });
});
