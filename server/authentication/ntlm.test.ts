import { describe, expect, it } from 'vitest';
import { parseChallengeMessage } from '../../src/protocol/ntlm/challengeMessage';
import { parseAuthentication } from '../../src/protocol/sip/authentication';
import type { SipMessage } from '../codec';
import type { Log } from '../log';
import { TestHome, type TestHomeOptions, testPassword } from '../testing/home';
import type { NativeEndpoint } from '../testing/nativeEndpoint';

const [alice, bob] = ['alice@contoso.example', 'bob@contoso.example'] as const;

function challengeOf(answer: SipMessage): Record<string, string> {
  const header = parseAuthentication(answer.raw('www-authenticate') ?? '');
  return { scheme: header?.scheme ?? '', ...Object.fromEntries(header?.params ?? []) };
}

/** A home server whose warnings a test reads. */
function watchedHome(options: TestHomeOptions = {}): { test: TestHome; warnings: string[] } {
  const warnings: string[] = [];
  const log: Log = {
    info: () => undefined,
    warn: (fields, text) => warnings.push(`${text} ${JSON.stringify(fields)}`),
    error: (fields, text) => warnings.push(`${text} ${JSON.stringify(fields)}`),
  };
  return { test: new TestHome({ log, ...options }), warnings };
}

/** The two challenged REGISTERs of a handshake, up to the CHALLENGE. */
function challenged(client: NativeEndpoint): SipMessage {
  return client.step(3600, client.answerTo(client.step(), ['gssapi-data', '']));
}

describe('sign-in by NTLM, `lync-wire` 1.8', () => {
  it('REGISTER, 401, REGISTER, 401 with a CHALLENGE, REGISTER with the AUTHENTICATE, 200', () => {
    const test = new TestHome();
    const client = test.native(alice);
    const answer = client.register(testPassword);
    const starts = test.ladder.map(({ text }) => text.slice(0, text.indexOf('\r\n')));
    const asked = 'REGISTER sip:contoso.example SIP/2.0';
    expect(starts).toEqual([
      asked,
      'SIP/2.0 401 Unauthorized',
      asked,
      'SIP/2.0 401 Unauthorized',
      asked,
      'SIP/2.0 200 OK',
    ]);
    expect(client.gruu).toMatch(/^sip:alice@contoso\.example;opaque=user:epid:.*;gruu$/);
    expect(answer.raw('authentication-info')).toMatch(
      /^NTLM qop="auth", opaque="[0-9A-F]{8}", srand="[0-9a-f]{8}", snum="1", rspauth="01000000[0-9a-f]{16}64000000", targetname="fe1\.contoso\.example", realm="SIP Communications Service", version=4$/,
    );
  });

  it('first names itself, then challenges, and says what time it is', () => {
    const client = new TestHome().native(alice);
    const first = client.step();
    expect(challengeOf(first)).toEqual({
      scheme: 'NTLM',
      realm: 'SIP Communications Service',
      targetname: 'fe1.contoso.example',
      version: '4',
    });
    const second = client.step(3600, client.answerTo(first, ['gssapi-data', '']));
    expect(Object.keys(challengeOf(second))).toEqual([
      'scheme',
      'opaque',
      'gssapi-data',
      'targetname',
      'realm',
      'version',
    ]);
    for (const answer of [first, second]) expect(answer.header('date')).toBe('Mon, 02 Mar 2026 09:00:00 GMT');
    const challenge = parseChallengeMessage(Buffer.from(challengeOf(second)['gssapi-data'] ?? '', 'base64'));
    expect(challenge.flags.toString(16)).toBe('e0998255');
    expect(challenge.targetName).toBe('CONTOSO');
  });

  it.each(['TCP', 'TLS'] as const)('offers %s clients NTLM alone', (protocol) => {
    const answer = new TestHome().native(alice, { protocol }).step();
    expect(answer.rawValues('www-authenticate').filter((value) => /^(NTLM|Digest)/.test(value))).toHaveLength(1);
    expect(challengeOf(answer).scheme).toBe('NTLM');
  });

  it.each(['WS', 'WSS'] as const)('offers %s clients Digest alone, and takes no NTLM', (protocol) => {
    const client = new TestHome().native(alice, { protocol });
    expect(challengeOf(client.step()).scheme).toBe('Digest');
    expect(challengeOf(client.step(3600, 'NTLM gssapi-data="", version=4')).scheme).toBe('Digest');
  });

  it.each([
    ['alice@contoso.example', ''],
    ['ALICE@Contoso.Example', ''],
    ['alice', ''],
    ['Alice', 'CONTOSO'],
    ['alice', 'contoso.example'],
    ['alice', 'whatever they call it'],
  ])('takes the user %j of the domain %j', (user, domain) => {
    expect(new TestHome().native(alice, { login: { user, domain } }).register(testPassword).status).toBe(200);
  });

  it.each([
    [4, true],
    [3, false],
    [2, false],
    [null, false],
  ])('AUT-8: version %j signs the AUTHENTICATE: %j; everything after it is signed', (version, signed) => {
    const test = new TestHome();
    const client = test.signInNative(alice, { version });
    const third = test.ladder.findLast(({ text }) => text.startsWith('REGISTER'))?.text ?? '';
    expect(third.includes('response="')).toBe(signed);
    expect(client.request('OPTIONS', 'sip:contoso.example').final.status).toBe(200);
    expect(client.dropped).toEqual([]);
  });

  it('gives an unknown name and a wrong password the same answer, without a proof', () => {
    const test = new TestHome();
    const told = [alice, 'nobody@contoso.example'].map((address) => {
      const { status, reason, names, lines } = test.native(address, { epid: 'same' }).register('wrong guess');
      return { status, reason, names, diagnostics: lines.filter((line) => /^(ms-d|www)/i.test(line)) };
    });
    expect(told[0]).toEqual(told[1]);
    expect(told[0]?.status).toBe(401);
    expect(told[0]?.diagnostics.join()).toContain('The address or the password is not right');
  });

  it("does not take one person's password for another", () => {
    const test = new TestHome();
    test.addPerson('dora@contoso.example', 'Dora', 'a password of dora');
    const client = test.native(alice, { login: { user: 'dora@contoso.example', domain: '' } });
    expect(client.register('a password of dora').status).toBe(401);
  });

  it('counts wrong passwords as others do, and then makes the address wait', () => {
    const test = new TestHome();
    for (let time = 0; time < 5; time += 1) expect(test.native(alice).register('wrong guess').status).toBe(401);
    const blocked = test.native(alice).register(testPassword);
    expect(blocked.status).toBe(503);
    expect(blocked.header('retry-after')).toBe('1');
  });

  it.each([
    ['no Base64', 'a'],
    ['no NTLM', 'aGVsbG8='],
    ['a type 1', Buffer.from('NTLMSSP\0\x01\0\0\0'.padEnd(80, '\0'), 'latin1').toString('base64')],
    ['a type 3 of nothing', Buffer.from('NTLMSSP\0\x03\0\0\0'.padEnd(80, '\0'), 'latin1').toString('base64')],
  ])('refuses an AUTHENTICATE that is %s', (_what, blob) => {
    const client = new TestHome().native(alice);
    const answer = client.step(3600, client.answerTo(challenged(client), ['gssapi-data', blob]));
    expect(answer.status).toBe(401);
    expect(answer.header('ms-diagnostics')).toContain('1000');
  });

  it('takes an answer once, on its own connection, and for a minute', () => {
    const test = new TestHome();
    const victim = test.native(alice);
    const stolen = victim.authenticate(challenged(victim), testPassword);
    const thief = test.native(alice);
    challenged(thief);
    expect(thief.step(3600, stolen).status).toBe(401);
    const late = test.native(alice);
    const challenge = challenged(late);
    test.clock.advance(60_001);
    expect(late.step(3600, late.authenticate(challenge, testPassword)).status).toBe(401);
    const twice = test.native(alice);
    const value = twice.authenticate(challenged(twice), testPassword);
    expect(twice.step(3600, value).status).toBe(200);
    expect(twice.step(3600, value).status).toBe(401);
  });

  it('refuses an AUTHENTICATE whose message was signed with other keys', () => {
    const client = new TestHome().native(alice);
    const value = client.authenticate(challenged(client), testPassword);
    client.connection.send(
      client
        .sign(client.write('REGISTER', 'sip:contoso.example', { to: client.aor, headers: [['Authorization', value]] }))
        .replace(/response="\w+"/, `response="01000000${'0'.repeat(16)}64000000"`),
    );
    expect(client.connection.flow.owner).toBeNull();
  });

  it('tells a disabled person so, after the right password only, and does not sign for them', () => {
    const test = new TestHome();
    test.home.accounts.setDisabled(test.native(alice).aor, true);
    expect(test.native(alice).register('wrong guess').status).toBe(401);
    const answer = test.native(alice).register(testPassword);
    expect(answer.header('ms-diagnostics-public')).toBe('4141;reason="User disabled"');
    expect(answer.names).not.toContain('authentication-info');
  });
});

describe('after the handshake', () => {
  it('AUT-4: signs what a browser sends, hop by hop, and what comes back, with counts that go up', () => {
    const test = new TestHome();
    const native = test.signInNative(alice);
    const browser = test.signIn(bob);
    const invite = browser.request('INVITE', native.aor, { contentType: 'application/sdp', body: 'v=0\r\n' });
    const received = native.expect('INVITE');
    expect(received.raw('p-asserted-identity')).toBe('"Bob Barends" <sip:bob@contoso.example>');
    native.answer(received, 180);
    native.answer(received, 200);
    expect(invite.final.names).not.toContain('authorization');
    browser.acknowledge(invite);
    native.expect('ACK');
    const back = native.request('BYE', browser.gruu, {
      callId: received.header('call-id'),
      fromTag: `${native.epid}-answer`,
      toTag: `${browser.epid}-tag`,
      to: browser.aor,
    });
    const bye = browser.expect('BYE');
    expect(bye.names).not.toContain('authorization');
    browser.answer(bye, 200);
    expect(back.final.status).toBe(200);
    expect(native.dropped).toEqual([]);
    const counts = test.ladder.flatMap(({ who, text }) =>
      who === native.epid ? (/snum="(\d+)"/.exec(text)?.[1] ?? []) : [],
    );
    expect(counts).toEqual(counts.map((_, index) => String(index + 1)));
    const toBrowser = test.ladder.filter(({ who, direction }) => who === browser.epid && direction === 'from server');
    for (const { text } of toBrowser) expect(text).not.toContain('Authentication-Info');
  });

  it('AUT-4: signs what the server says itself: refusals, documents, notices, CANCEL and the ACK of a failure', () => {
    const test = new TestHome();
    const native = test.signInNative(alice);
    const refused = native.request('MESSAGE', 'sip:nobody@contoso.example');
    expect(refused.final.status).toBe(404);
    const subscribed = native.request('SUBSCRIBE', native.aor, {
      headers: [
        ['Event', 'vnd-microsoft-roaming-contacts'],
        ['Supported', 'ms-benotify'],
        ['Supported', 'ms-piggyback-first-notify'],
      ],
    });
    expect(subscribed.final.status).toBe(200);
    const browser = test.signIn(bob);
    const invite = browser.request('INVITE', native.aor, { callId: 'cancelled', cseq: 7 });
    const [via] = invite.request.rawValues('via');
    browser.connection.send(
      browser.write('CANCEL', native.aor, { callId: 'cancelled', cseq: 7 }).replace(/^Via: .*$/m, `Via: ${via}`),
    );
    native.expect('CANCEL');
    expect(invite.final.status).toBe(487);
    browser.request('INVITE', native.aor, { callId: 'declined' });
    for (const request of native.incoming.filter(({ method }) => method === 'INVITE')) native.answer(request, 603);
    expect(native.expect('ACK').raw('cseq')).toContain('ACK');
    expect(native.dropped).toEqual([]);
  });

  it('AUT-4: writes in one way what two readers could take for two addresses', () => {
    const test = new TestHome();
    const native = test.signInNative(alice);
    const browser = test.signIn(bob);
    const send = (from: string, cseq = '1 MESSAGE'): void => {
      const text = browser.write('MESSAGE', native.aor);
      browser.connection.send(text.replace(/^From: .*$/m, `From: ${from}`).replace(/^CSeq: .*$/m, `CSeq: ${cseq}`));
    };
    send('"Bob <sip:eve@x>" <sip:bob@contoso.example>;tag=b1');
    send('"B;tag=eve" <sip:bob@contoso.example>;tag=b2');
    send('<sip:bob@contoso.example>;x=";tag=eve";tag=b3;epid=bob1');
    send('sip:bob@contoso.example;tag=b4', '4  \t MESSAGE');
    expect(native.incoming.map((request) => [request.raw('from'), request.raw('cseq')])).toEqual([
      ['<sip:bob@contoso.example>;tag=b1', '1 MESSAGE'],
      ['<sip:bob@contoso.example>;tag=b2', '1 MESSAGE'],
      ['<sip:bob@contoso.example>;tag=b3;epid=bob1', '1 MESSAGE'],
      ['<sip:bob@contoso.example>;tag=b4', '4 MESSAGE'],
    ]);
    expect(native.dropped).toEqual([]);
  });

  it('AUT-4: takes no Authentication-Info from a peer, nor its challenges', () => {
    const test = new TestHome();
    const native = test.signInNative(alice);
    const browser = test.signIn(bob);
    const forged = ['Authentication-Info', 'NTLM rspauth="0", srand="1", snum="1"'] as const;
    browser.request('MESSAGE', native.aor, { headers: [forged, ['Proxy-Authentication-Info', 'NTLM rspauth="0"']] });
    const lines = native.expect('MESSAGE').lines.filter((line) => line.includes('uthentication-Info'));
    expect(lines).toHaveLength(1);
    const sent = native.request('MESSAGE', browser.aor);
    browser.answer(browser.expect('MESSAGE'), 401, 'Unauthorized', {
      headers: [['WWW-Authenticate', 'NTLM realm="x", targetname="y", version=4']],
    });
    expect(sent.final.status).toBe(403);
    expect(sent.final.names).not.toContain('www-authenticate');
  });

  it('AUT-6: does not sign a challenge', () => {
    const test = new TestHome();
    const native = test.signInNative(alice);
    native.connection.send(native.write('REGISTER', 'sip:contoso.example', { to: native.aor }));
    const last = test.ladder.at(-1)?.text ?? '';
    expect(last).toContain('SIP/2.0 401');
    expect(last).not.toContain('Authentication-Info');
  });

  it('answers keep-alives as they are', () => {
    const test = new TestHome();
    const native = test.signInNative(alice);
    native.connection.flow.send('\r\n');
    expect(test.ladder.at(-1)?.text).toBe('\r\n');
  });

  it('does not challenge a refresh that is signed', () => {
    const native = new TestHome().signInNative(alice);
    expect(native.step(1800).status).toBe(200);
    expect(native.step(0).status).toBe(200);
    expect(native.connection.flow.association).toBeNull();
  });

  it('AUT-5: drops requests that are not signed or signed wrongly, and says so in the log', () => {
    const { test, warnings } = watchedHome();
    const native = test.signInNative(alice);
    const browser = test.signIn(bob);
    const message = native.write('MESSAGE', browser.aor);
    const signed = native.sign(native.write('MESSAGE', browser.aor));
    const damages = [
      message,
      signed.replace(/response="(\w{8})\w/, 'response="$1z'),
      signed.replace(/response="\w+"/, 'response=""'),
      signed.replace(/cnum="\d+"/, 'cnum="99"'),
      signed.replace(/opaque="\w+"/, 'opaque="00000000"'),
      signed.replace(/Call-ID: /, 'Call-ID: x'),
      signed.replace('From: <sip:alice@', 'From: <sip:ALICE@'),
      signed.replace('\r\nContent-Length', '\r\nExpires: 5\r\nContent-Length'),
      signed.replace('Authorization: NTLM', 'Authorization: Digest'),
    ];
    const before = test.ladder.length;
    for (const text of damages) native.connection.send(text);
    expect(test.ladder.slice(before).every(({ direction }) => direction === 'to server')).toBe(true);
    expect(browser.incoming).toEqual([]);
    expect(warnings).toHaveLength(damages.length);
    expect(warnings[0]).toContain('"verdict":"missing"');
    expect(warnings[1]).toContain('"verdict":"wrong"');
    expect(warnings.join()).not.toContain('response=');
    native.connection.send(signed);
    expect(browser.incoming).toHaveLength(1);
  });

  it('AUT-5, [MS-SIP] 3.1.5.1: takes a message once, and none that is 256 behind', () => {
    const { test, warnings } = watchedHome();
    const native = test.signInNative(alice);
    const browser = test.signIn(bob);
    const old = native.sign(native.write('MESSAGE', browser.aor));
    const held = native.sign(native.write('MESSAGE', browser.aor));
    native.connection.send(held);
    native.connection.send(held);
    for (let count = 0; count < 255; count += 1) native.request('OPTIONS', 'sip:contoso.example');
    native.connection.send(old);
    expect(browser.incoming).toHaveLength(1);
    expect(warnings.map((warning) => /"verdict":"(\w+)"/.exec(warning)?.[1])).toEqual(['replayed', 'replayed']);
  });

  it('AUT-5: drops answers that are not signed, so that nobody can answer in its name', () => {
    const { test, warnings } = watchedHome();
    const native = test.signInNative(alice);
    const browser = test.signIn(bob);
    const sent = browser.request('MESSAGE', native.gruu);
    const received = native.expect('MESSAGE');
    const kept = received.lines.filter((line) => /^(via|from|to|call-id|cseq)/i.test(line)).join('\r\n');
    native.connection.send(`SIP/2.0 200 OK\r\n${kept}\r\nContent-Length: 0\r\n\r\n`);
    expect(sent.isAnswered).toBe(false);
    expect(warnings).toHaveLength(1);
    native.answer(received, 200);
    expect(sent.final.status).toBe(200);
  });

  it('never challenges anything but REGISTER: before sign-in it is refused', () => {
    const stranger = new TestHome().native(alice);
    expect(stranger.request('MESSAGE', 'sip:bob@contoso.example', { contact: null }).final.status).toBe(403);
  });

  it('does not let a person in again on a flow that is signed out', () => {
    const test = new TestHome();
    const native = test.signInNative(alice);
    native.step(0);
    native.connection.send(native.sign(native.write('MESSAGE', 'sip:bob@contoso.example')));
    expect(test.ladder.at(-1)?.text).toContain('SIP/2.0 403');
    expect(challengeOf(native.step()).scheme).toBe('NTLM');
  });
});

describe('a new handshake on a flow that has an association', () => {
  it('makes new keys; the endpoint, its dialogs and what was signed before live on', () => {
    const test = new TestHome();
    const native = test.signInNative(alice);
    const browser = test.signIn(bob);
    const { gruu } = native;
    expect(native.register(testPassword).status).toBe(200);
    expect(native.gruu).toBe(gruu);
    browser.request('MESSAGE', gruu);
    native.expect('MESSAGE');
    expect(native.dropped).toEqual([]);
  });

  it('keeps the old keys for requests until the new ones are agreed', () => {
    const test = new TestHome();
    const native = test.signInNative(alice);
    const browser = test.signIn(bob);
    const plain = (authorization?: string): void =>
      native.connection.send(
        native.write('REGISTER', 'sip:contoso.example', {
          to: native.aor,
          headers: authorization === undefined ? [] : [['Authorization', authorization]],
        }),
      );
    plain();
    plain('NTLM gssapi-data="", version=4');
    native.request('MESSAGE', browser.aor);
    expect(browser.incoming).toHaveLength(1);
  });

  it('holds what is sent between the keys, and loses nothing and no order', () => {
    const test = new TestHome();
    const native = test.signInNative(alice);
    const browser = test.signIn(bob);
    const first = native.register.bind(native);
    const before = native.incoming.length;
    const step = native.step.bind(native);
    // Messages come in while the client has no keys, or half of them.
    native.step = (...args) => {
      const answer = step(...args);
      if (answer.status === 401) {
        for (const text of ['one', 'two'])
          browser.request('MESSAGE', native.aor, { contentType: 'text/plain', body: text });
      }
      return answer;
    };
    expect(first(testPassword).status).toBe(200);
    expect(native.incoming.slice(before).map(({ body }) => body)).toEqual(['one', 'two', 'one', 'two']);
    expect(native.dropped).toEqual([]);
  });

  it('gives up after ten seconds and goes on with the old keys', () => {
    const test = new TestHome();
    const native = test.signInNative(alice);
    const browser = test.signIn(bob);
    native.connection.send(native.write('REGISTER', 'sip:contoso.example', { to: native.aor }));
    browser.request('MESSAGE', native.aor);
    expect(native.incoming).toEqual([]);
    test.clock.advance(10_000);
    native.expect('MESSAGE');
    expect(native.dropped).toEqual([]);
  });

  it('gives a client up for whom too much waits', () => {
    const test = new TestHome();
    const native = test.signInNative(alice);
    const browser = test.signIn(bob);
    native.connection.send(native.write('REGISTER', 'sip:contoso.example', { to: native.aor }));
    const body = 'x'.repeat(900_000);
    for (let count = 0; count < 5; count += 1) {
      browser.request('MESSAGE', native.aor, { contentType: 'text/plain', body });
    }
    expect(native.connection.closedWith).not.toBeNull();
  });

  it.each([
    ['TLS', 1],
    ['TCP', 0],
  ] as const)('over %s takes %i unsigned requests meanwhile', (protocol, taken) => {
    const test = new TestHome();
    const native = test.signInNative(alice, { protocol });
    const browser = test.signIn(bob);
    native.connection.send(native.write('MESSAGE', browser.aor));
    expect(browser.incoming).toHaveLength(0);
    native.connection.send(native.write('REGISTER', 'sip:contoso.example', { to: native.aor }));
    native.connection.send(native.write('MESSAGE', browser.aor));
    expect(browser.incoming).toHaveLength(taken);
  });

  it('with a wrong password changes nothing and counts as a failure', () => {
    const test = new TestHome();
    const native = test.signInNative(alice);
    for (let time = 0; time < 5; time += 1) expect(native.register('wrong guess').status).toBe(401);
    expect(native.register(testPassword).status).toBe(503);
    expect(test.home.core.registrations.of(native.aor)).toHaveLength(1);
  });

  it('cannot turn one person into another', () => {
    const test = new TestHome();
    const native = test.signInNative(alice);
    const text = native.write('REGISTER', 'sip:contoso.example', {
      from: 'sip:bob@contoso.example',
      to: 'sip:bob@contoso.example',
    });
    native.connection.send(text);
    expect(test.ladder.at(-1)?.text).toContain('SIP/2.0 403');
  });
});

describe('changes of the account end the association', () => {
  it.each<[string, (test: TestHome, client: NativeEndpoint) => void]>([
    ['disabled', (test, client) => test.home.accounts.setDisabled(client.aor, true)],
    ['another password', (test, client) => test.home.accounts.setPassword(client.aor, 'a new password')],
    ['removed', (test, client) => test.home.accounts.remove(client.aor)],
  ])('%s: a signed notice, and nothing is taken or signed any more', (_what, change) => {
    const test = new TestHome();
    const native = test.signInNative(alice);
    const browser = test.signIn(bob);
    change(test, native);
    expect(native.expect('NOTIFY').header('event')).toBe('registration-notify');
    expect(native.dropped).toEqual([]);
    expect(native.connection.flow.association).toBeNull();
    native.connection.send(native.sign(native.write('MESSAGE', browser.aor)));
    expect(browser.incoming).toEqual([]);
    expect(test.ladder.at(-1)?.text).toMatch(/^SIP\/2\.0 403/);
    expect(native.register(testPassword).status).not.toBe(200);
  });

  it('a person who signs in from another connection: the old one is told, signed, and ends', () => {
    const test = new TestHome();
    const old = test.signInNative(alice, { epid: 'device' });
    const fresh = test.signInNative(alice, { epid: 'device' });
    expect(old.expect('NOTIFY').header('event')).toBe('registration-notify');
    expect(old.dropped).toEqual([]);
    expect(old.connection.flow.association).toBeNull();
    expect(fresh.request('OPTIONS', 'sip:contoso.example').final.status).toBe(200);
  });
});
