import { afterEach, describe, expect, it } from 'vitest';
import { formatImOffer } from '../protocol/sip/imOffer';
import { headerOf, type SipMessage } from '../protocol/sip/message';
import { NtlmPeer } from '../testing/ntlmPeer';
import { TestUserAgent } from '../testing/testUserAgent';
import type { UserAgentOptions } from './userAgent';

const me = 'sip:alice@contoso.example';
const bob = '<sip:bob@contoso.example>;tag=b1;epid=02b8d5e3fa';
const text = (body: string) => ({ contentType: 'text/plain', body });
const offer = { contentType: 'application/sdp', body: formatImOffer({ uri: null, acceptTypes: ['text/plain'] }) };
const handshake = ['unsigned REGISTER', 'unsigned REGISTER', 'right REGISTER'];

let alice: TestUserAgent;
let frontEnd: NtlmPeer;

function begin(options: Partial<UserAgentOptions> = {}, password = 'rose petal'): void {
  alice = new TestUserAgent(options);
  frontEnd = new NtlmPeer(alice.peer, password);
}

async function signIn(options: Partial<UserAgentOptions> = {}): Promise<void> {
  begin(options);
  alice.agent.start();
  await alice.settle();
  alice.peer.ladder.length = 0;
}

afterEach(async () => {
  await Promise.all([alice.agent.stop(), alice.elapse(40_000)]);
  expect(alice.world.ticking).toBe(0);
});

const credentials = (message: SipMessage): string => headerOf(message, 'Authorization') ?? 'none';
/** What was marked in the trace of what came in. */
const faults = (): (string | undefined)[] =>
  alice.trace.filter(({ direction, kind }) => direction === 'in' && kind === 'sip').map(({ fault }) => fault);

describe('the handshake ([MS-SIPAE] §3.2, lync-wire 1.8)', () => {
  it('REGISTER three times with one Call-ID and rising CSeq: nothing, an empty question, the answer, signed', async () => {
    begin();
    alice.agent.start();
    await alice.settle();
    expect(alice.peer.ladder).toEqual([
      '> REGISTER',
      '< 401 REGISTER',
      '> REGISTER',
      '< 401 REGISTER',
      '> REGISTER',
      '< 200 REGISTER',
    ]);
    const [first, second, third] = [1, 2, 3].map(() => alice.peer.take('REGISTER')) as [
      SipMessage,
      SipMessage,
      SipMessage,
    ];
    expect(credentials(first)).toBe('none');
    const terms = 'NTLM qop="auth", realm="SIP Communications Service", targetname="fe1.contoso.example"';
    expect(credentials(second)).toBe(`${terms}, gssapi-data="", version=4`);
    expect(credentials(third)).toMatch(
      /^NTLM qop="auth", .*, opaque="OPAQUE1", gssapi-data="TlRMTVNTUAAD[\w+/=]+", crand="[0-9a-f]{8}", cnum="1", response="01000000[0-9A-F]{16}64000000", version=4$/,
    );
    expect(frontEnd.heard).toEqual(handshake);
    expect(alice.told).toEqual(['connecting', 'connected', 'registered']);
    for (const name of ['Call-ID', 'From']) {
      expect(new Set([first, second, third].map((message) => headerOf(message, name))).size).toBe(1);
    }
    const numbers = [first, second, third].map((message) => Number.parseInt(headerOf(message, 'CSeq') ?? '', 10));
    expect(numbers).toEqual([1, 2, 3]);
  });

  it.each([
    [2, ['unsigned', 'unsigned', 'unsigned']],
    [3, ['unsigned', 'unsigned', 'unsigned']],
    [4, ['unsigned', 'unsigned', 'right']],
  ])('AUT-8: version %i, and every message after it is signed by its rules', async (version, verdicts) => {
    begin();
    frontEnd.version = version;
    alice.agent.start();
    await alice.settle();
    expect(frontEnd.heard).toEqual(verdicts.map((verdict) => `${verdict} REGISTER`));
    expect(alice.told.at(-1)).toBe('registered');
    alice.agent.handle('MESSAGE', (_request, reply) => reply(200, 'OK'));
    const identity = ['P-Asserted-Identity: "Bob" <sip:bob@contoso.example>, <tel:+31205550101>', 'Expires: 60'];
    alice.peer.request('MESSAGE', me, bob, `<${me}>`, { headers: identity });
    const sent = alice.agent.service(me, text('x'));
    await alice.settle();
    alice.peer.answer(alice.peer.take('SERVICE'), 200, 'OK');
    await alice.settle();
    expect(await sent).toMatchObject({ ok: true });
    expect(frontEnd.heard.slice(3)).toEqual(['right SERVICE', 'right MESSAGE']);
    expect(faults().filter(Boolean)).toEqual([]);
  });

  it('AUT-7: a proxy’s challenge is answered in the proxy’s headers', async () => {
    begin();
    frontEnd.isProxy = true;
    alice.agent.start();
    await alice.settle();
    expect(frontEnd.heard).toEqual(handshake);
    expect(alice.told.at(-1)).toBe('registered');
  });

  it.each([
    [undefined, { user: 'alice@contoso.example', domain: '' }],
    ['', { user: 'alice@contoso.example', domain: '' }],
    ['CONTOSO\\amoreau', { user: 'amoreau', domain: 'CONTOSO' }],
    ['amoreau@corp.contoso.example', { user: 'amoreau@corp.contoso.example', domain: '' }],
  ])('[MS-NLMP] §2.2.1.3: the user name %j', async (userName, identity) => {
    await signIn({ userName });
    expect(frontEnd.identity).toEqual(identity);
    expect(alice.told.at(-1)).toBe('registered');
  });

  it('a wrong password is refused once, after the whole handshake', async () => {
    begin({}, 'another password');
    alice.agent.start();
    await alice.settle();
    expect(frontEnd.heard).toEqual(['unsigned REGISTER', 'unsigned REGISTER', 'wrong REGISTER']);
    expect(alice.states.at(-1)).toMatchObject({ is: 'refused', failure: { is: 'rejected', status: 401 } });
  });

  it.each([
    [['Digest realm="contoso.example", nonce="n0", qop="auth"', 'NTLM']],
    [['NTLM', 'Digest realm="contoso.example", nonce="n0", algorithm=MD5, qop="auth"']],
    [
      [
        'NTLM',
        'Digest realm="contoso.example", nonce="n0", algorithm=SHA-256',
        'Digest realm="contoso.example", nonce="n0"',
        'TLS-DSK',
      ],
    ],
  ])('a home server’s Digest is taken wherever it stands: %j', async (offers) => {
    begin();
    frontEnd.offers = offers;
    alice.agent.start();
    await alice.settle();
    alice.peer.take('REGISTER');
    expect(credentials(alice.peer.take('REGISTER'))).toMatch(/^Digest .*response="[0-9a-f]{32}"/);
  });

  it('a Digest that JsSIP cannot do leaves NTLM', async () => {
    begin();
    frontEnd.offers = ['NTLM', 'Digest realm="contoso.example", nonce="n0", algorithm=MD5-sess, qop="auth"'];
    alice.agent.start();
    await alice.settle();
    expect(alice.told.at(-1)).toBe('registered');
  });

  it('a server that wants what a browser cannot do is said so', async () => {
    begin();
    frontEnd.offers = ['Kerberos', 'TLS-DSK'];
    alice.agent.start();
    await alice.settle();
    expect(alice.states.at(-1)).toEqual({
      is: 'refused',
      failure: {
        is: 'unsupported',
        what: 'the server wants Kerberos or TLS-DSK for signing in, and a browser has NTLM and Digest',
      },
    });
    expect(alice.peer.ladder).toEqual(['> REGISTER', '< 401 REGISTER']);
  });

  it.each([
    ['rubbish', 'AAAA', 'too short'],
    [
      'no offer to sign',
      'TlRMTVNTUAACAAAAAAAAADgAAAAFgoCiASNFZ4mrze8AAAAAAAAAAAAAAAA4AAAAAAAAAAAAAAA=',
      'does not offer to sign messages',
    ],
  ])('a CHALLENGE with %s ends it in words', async (_what, blob, words) => {
    begin();
    alice.peer.onRegister = (request) => {
      const data = credentials(request) === 'none' ? '' : `gssapi-data="${blob}", `;
      alice.peer.answer(request, 401, 'Unauthorized', {
        headers: [`WWW-Authenticate: NTLM ${data}realm="r", version=4`],
      });
    };
    alice.agent.start();
    await alice.settle();
    expect(alice.states.at(-1)).toMatchObject({
      is: 'refused',
      failure: { is: 'unsupported', what: expect.stringContaining(words) },
    });
  });

  it('no password and no proof of it is in the trace', async () => {
    await signIn();
    const written = alice.trace.map((entry) => entry.text).join('\n');
    expect(written).toContain('gssapi-data="***"');
    expect(written).toContain('rspauth="***"');
    expect(written).not.toMatch(/TlRMTVNT|0100000[0-9A-Fa-f]{9}|rose petal/);
  });

  it('each connection begins from nothing', async () => {
    await signIn();
    alice.peer.pairs.cut();
    await alice.elapse(4_000);
    expect(frontEnd.heard).toEqual([...handshake, ...handshake]);
    expect(alice.told.slice(-3)).toEqual(['lost', 'connected', 'registered']);
  });

  it('a changed password is for the next handshake', async () => {
    await signIn();
    alice.agent.setPassword('other');
    alice.peer.pairs.cut();
    await alice.elapse(4_000);
    expect(frontEnd.heard.slice(3)).toEqual(['unsigned REGISTER', 'unsigned REGISTER', 'wrong REGISTER']);
    expect(alice.told.at(-1)).toBe('refused');
  });
});

describe('every message after it', () => {
  it('is signed, whoever makes it: requests, answers, ACK, CANCEL, BYE, JsSIP’s own refusals', async () => {
    await signIn();
    const handlers = { onRequest: () => undefined, onEnded: () => undefined };
    const { invite } = alice.agent.invite(
      { target: 'sip:bob@contoso.example', content: offer, timeoutMs: 60_000 },
      handlers,
    );
    await alice.settle();
    const accepted = { headers: ['Contact: <sip:bob@contoso.example;gruu;opaque=x>'] };
    alice.peer.answer(alice.peer.take('INVITE'), 200, 'OK', accepted);
    await alice.settle();
    invite.end();
    await alice.settle();
    alice.peer.answer(alice.peer.take('BYE'), 200, 'OK');
    const again = alice.agent.invite(
      { target: 'sip:bob@contoso.example', content: offer, timeoutMs: 60_000 },
      handlers,
    );
    await alice.settle();
    const second = alice.peer.take('INVITE');
    alice.peer.answer(second, 180, 'Ringing');
    await alice.settle();
    again.invite.cancel();
    await alice.settle();
    alice.peer.answer(alice.peer.take('CANCEL'), 200, 'OK');
    alice.peer.answer(second, 487, 'Request Terminated');
    await alice.settle();
    alice.peer.request('OPTIONS', 'sip:carol@contoso.example', bob, `<${me}>`);
    alice.peer.request('OPTIONS', me, bob, `<${me}>`);
    await alice.settle();
    expect(frontEnd.heard.slice(3)).toEqual([
      ...['right INVITE', 'right ACK', 'right BYE', 'right INVITE', 'right CANCEL', 'right ACK'],
      ...['right OPTIONS', 'right OPTIONS'],
    ]);
    expect(faults().filter(Boolean)).toEqual([]);
  });

  it('carries the server’s own words, respelled or not, under its signature', async () => {
    await signIn();
    alice.agent.handle('MESSAGE', (_request, reply) => reply(200, 'OK'));
    alice.peer.request('MESSAGE', me, 'Zoë <tel:+31205550101>;tag=b==', `<${me}>`, { callId: 'dGVzdA==' });
    await alice.settle();
    expect(frontEnd.heard.at(-1)).toBe('right MESSAGE');
    expect(headerOf(alice.peer.take('MESSAGE'), 'Call-ID')).toBe('dGVzdA==');
  });

  it.each([
    ['unsigned', 'AUT-1', 'The server did not sign this message; it was dropped.'],
    ['wrong', 'AUT-2', 'The signature of the server is wrong; the message was dropped.'],
    ['replayed', '[MS-SIP] §3.1.5.1', 'This message has come before; it was dropped.'],
  ] as const)('of the server that is %s is dropped and marked in the trace (%s)', async (next, _rule, fault) => {
    await signIn();
    const got: string[] = [];
    alice.agent.handle('MESSAGE', (request, reply) => {
      got.push(request.callId);
      reply(200, 'OK');
    });
    alice.peer.request('MESSAGE', me, bob, `<${me}>`, { callId: 'good-1' });
    frontEnd.next = next;
    alice.peer.request('MESSAGE', me, bob, `<${me}>`, { callId: 'bad' });
    alice.peer.request('MESSAGE', me, bob, `<${me}>`, { callId: 'good-2' });
    await alice.settle();
    expect(got).toEqual(['good-1', 'good-2']);
    expect(faults().slice(-3)).toEqual([undefined, fault, undefined]);
    expect(alice.faults).toEqual([fault]);
    expect(alice.told.at(-1)).toBe('registered');
  });

  it('an answer to REGISTER and a 100 may be unsigned, a 180 may not (AUT-1, AUT-3)', async () => {
    begin();
    frontEnd.onProved = (request) => {
      frontEnd.next = 'unsigned';
      alice.peer.acceptRegistration(request);
    };
    alice.agent.start();
    await alice.settle();
    expect(alice.told.at(-1)).toBe('registered');
    const ringing: number[] = [];
    const { invite } = alice.agent.invite(
      { target: 'sip:bob@contoso.example', content: offer, timeoutMs: 60_000 },
      { onRequest: () => undefined, onEnded: () => undefined, onRinging: ({ status }) => void ringing.push(status) },
    );
    await alice.settle();
    const sent = alice.peer.take('INVITE');
    for (const status of [100, 180, 183]) {
      if (status < 183) frontEnd.next = 'unsigned';
      alice.peer.answer(sent, status, 'x');
      await alice.settle();
    }
    expect(ringing).toEqual([183]);
    alice.peer.answer(sent, 486, 'Busy Here');
    invite.end();
    await alice.settle();
  });

  it('an answer to the REGISTER that proves it must not be signed wrongly', async () => {
    begin();
    frontEnd.onProved = (request) => {
      frontEnd.next = 'wrong';
      alice.peer.acceptRegistration(request);
    };
    alice.agent.start();
    await alice.settle();
    expect(alice.told.at(-1)).toBe('connected');
    expect(faults().at(-1)).toMatch(/signature of the server is wrong/);
  });
});
