import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MalformedBody } from '../protocol/malformed';
import { headerOf } from '../protocol/sip/message';
import { TestUserAgent } from '../testing/testUserAgent';

const me = 'sip:alice@contoso.example';
const bob = '<sip:bob@contoso.example>;tag=b1';
const request = (method: string, draft: Parameters<TestUserAgent['peer']['request']>[4] = {}, uri = me) =>
  alice.peer.request(method, uri, bob, `<${me}>`, draft);

let alice: TestUserAgent;
beforeEach(async () => {
  alice = await new TestUserAgent().register();
});
afterEach(async () => {
  await Promise.all([alice.agent.stop(), alice.elapse(5_000)]);
  expect(alice.world.ticking).toBe(0);
});

describe('requests outside dialogs', () => {
  it('SERVICE with a body, answered with a body', async () => {
    const sent = alice.agent.service(me, { contentType: 'application/SOAP+xml', body: '<grüße/>' });
    await alice.settle();
    const service = alice.peer.take('SERVICE');
    expect(headerOf(service, 'Content-Length')).toBe('10');
    expect(headerOf(service, 'From')).toContain(';epid=01a7c4d2e9');
    alice.peer.answer(service, 200, 'OK', { contentType: 'application/SOAP+xml', body: '<ok/>' });
    const outcome = await sent;
    expect(outcome).toMatchObject({
      ok: true,
      value: { status: 200, contentType: 'application/SOAP+xml', body: '<ok/>' },
    });
  });

  it('a refusal, silence and a lost connection are three different failures', async () => {
    const content = { contentType: 'a/b', body: '<x/>' };
    const refused = alice.agent.service(me, content);
    await alice.settle();
    alice.peer.answer(alice.peer.take('SERVICE'), 409, 'Conflict', {
      headers: ['ms-diagnostics-public: 2109;reason="old"'],
    });
    expect(await refused).toEqual({
      ok: false,
      failure: { is: 'rejected', status: 409, reason: 'Conflict', diagnostics: { id: 2109, reason: 'old' } },
    });
    const unanswered = alice.agent.service(me, content, 4_000);
    await alice.elapse(4_000);
    expect(await unanswered).toEqual({ ok: false, failure: { is: 'timedOut', afterSeconds: 4 } });
    const lost = alice.agent.service(me, content);
    await alice.settle();
    alice.peer.pairs.cut();
    expect(await lost).toEqual({ ok: false, failure: { is: 'connectionLost' } });
    expect(await alice.agent.service(me, content)).toEqual({ ok: false, failure: { is: 'offline' } });
  });

  it('lync-wire 5.9: a page-mode MESSAGE reaches its handler and is answered when that has decided', async () => {
    let decide: () => void = () => undefined;
    alice.agent.handle('MESSAGE', ({ body }, reply) => {
      decide = () => reply(200, 'OK', [`X-Body: ${body}`]);
    });
    request('MESSAGE', { contentType: 'text/plain', body: 'hello' });
    await alice.settle();
    expect(alice.peer.ladder).toEqual(['< MESSAGE']);
    decide();
    await alice.settle();
    const answer = alice.peer.take('MESSAGE');
    expect(headerOf(answer, 'X-Body')).toBe('hello');
    expect(headerOf(answer, 'To')).toMatch(/^<sip:alice@contoso\.example>;tag=\w+;epid=01a7c4d2e9$/);
  });

  it('SERVICE reaches its handler and may be answered with any body', async () => {
    alice.agent.handle('SERVICE', (_request, reply) => reply(200, 'OK', [], { contentType: 'a/b+xml', body: '<y/>' }));
    request('SERVICE', { contentType: 'a/b', body: '<x/>' });
    await alice.settle();
    expect(alice.peer.take('SERVICE')).toMatchObject({ status: 200, body: '<y/>' });
  });

  it.each([
    [
      'throws nonsense',
      () => {
        throw new MalformedBody('x', 'y');
      },
      400,
    ],
    [
      'throws',
      () => {
        throw new Error('a bug');
      },
      500,
    ],
    ['rejects', () => Promise.reject(new Error('disk full')), 500],
  ])('a handler that %s is answered for', async (_what, run, status) => {
    alice.agent.handle('MESSAGE', run);
    request('MESSAGE');
    await alice.settle();
    expect(alice.peer.ladder).toEqual(['< MESSAGE', `> ${status} MESSAGE`]);
    expect(alice.faults).toHaveLength(1);
  });

  it.each([
    ['a method without a handler', 'SERVICE', me, 405],
    ['OPTIONS', 'OPTIONS', me, 200],
    ['a user that is not us', 'MESSAGE', 'sip:carol@contoso.example', 404],
    ['our user in another case', 'OPTIONS', 'sip:Alice@contoso.example', 200],
    [
      'the address of this connection',
      'OPTIONS',
      'sip:10.0.0.21:50123;transport=tls;ms-opaque=7b4e;ms-received-cid=12',
      200,
    ],
    ['our GRUU', 'OPTIONS', 'sip:alice@contoso.example;opaque=user:epid:test;gruu', 200],
  ])('%s', async (_what, method, uri, status) => {
    request(method, {}, uri);
    await alice.settle();
    expect(alice.peer.ladder).toEqual([`< ${method}`, `> ${status} ${method}`]);
  });

  it('a request in a dialog that is not there gets 481, and an ACK nothing', async () => {
    alice.peer.request('MESSAGE', me, bob, `<${me}>;tag=gone`);
    alice.peer.request('ACK', me, bob, `<${me}>;tag=gone`);
    await alice.settle();
    expect(alice.peer.ladder).toEqual(['< MESSAGE', '< ACK', '> 481 MESSAGE']);
  });

  it('FRM-12: a BENOTIFY nobody waits for is not answered', async () => {
    request('BENOTIFY', { headers: ['Event: presence'] });
    await alice.settle();
    expect(alice.peer.ladder).toEqual(['< BENOTIFY']);
  });
});

describe('damaged messages', () => {
  const head = [
    `MESSAGE ${me} SIP/2.0`,
    'Via: SIP/2.0/WSS fe1;branch=z9hG4bK1',
    'Max-Forwards: 70',
    `From: ${bob}`,
    `To: <${me}>`,
    'Call-ID: c1',
    'CSeq: 1 MESSAGE',
  ];
  const without = (name: string) =>
    `${head.filter((line) => !line.startsWith(name)).join('\r\n')}\r\nContent-Length: 0\r\n\r\n`;
  const exchanged = (name: string, line: string) =>
    `${head.map((old) => (old.startsWith(name) ? line : old)).join('\r\n')}\r\nContent-Length: 0\r\n\r\n`;

  it.each([
    ['words', 'hello'],
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['bytes that are no text', '\uFFFD\u0000\u0001'],
    ['half a request', `MESSAGE ${me} SIP/2.0\r\nVia`],
    ['no Via', without('Via')],
    ['no From', without('From')],
    ['no To', without('To')],
    ['no Call-ID', without('Call-ID')],
    ['no CSeq', without('CSeq')],
    ['a CSeq that is no number', exchanged('CSeq', 'CSeq: one MESSAGE')],
    ['an address that is none', exchanged('From', 'From: alice')],
    ['Contact: *', exchanged('Max-Forwards', 'Contact: *')],
    [
      'a response to nothing',
      'SIP/2.0 200 OK\r\nVia: SIP/2.0/WSS a;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: c\r\nCSeq: x y\r\n\r\n',
    ],
  ])('%s: the flow lives on', async (_what, text) => {
    alice.agent.handle('MESSAGE', (_request, reply) => reply(200, 'OK'));
    alice.peer.raw(text);
    await alice.settle();
    request('MESSAGE', { callId: 'after' });
    await alice.settle();
    expect(alice.peer.ladder.at(-1)).toBe('> 200 MESSAGE');
    expect(alice.told.at(-1)).toBe('registered');
  });

  it('what is no SIP message is marked in the trace, what JsSIP refuses is told', async () => {
    alice.peer.raw('hello');
    alice.peer.raw(without('Call-ID'));
    await alice.settle();
    expect(alice.trace.find(({ text }) => text === 'hello')?.fault).toMatch(/not a SIP message/);
    expect(alice.faults).toEqual(['This is not a SIP message; it was dropped.', `refused: MESSAGE ${me} SIP/2.0`]);
  });
});

describe('recovery', () => {
  it('tells the loss once, waits 1 to 2 s at first and never more than 4 s, and registers again', async () => {
    alice.peer.pairs.network = 'down';
    const before = alice.peer.pairs.attempts;
    alice.peer.pairs.cut();
    await alice.settle();
    expect(alice.told.at(-1)).toBe('lost');
    await alice.elapse(999);
    expect(alice.peer.pairs.attempts).toBe(before);
    await alice.elapse(1_001);
    expect(alice.peer.pairs.attempts).toBe(before + 1);
    await alice.elapse(60_000);
    const tried = alice.peer.pairs.attempts - before;
    expect(tried).toBeGreaterThanOrEqual(15);
    expect(tried).toBeLessThanOrEqual(32);
    expect(alice.told.filter((is) => is === 'lost')).toHaveLength(1);
    alice.peer.pairs.network = 'up';
    await alice.elapse(4_000);
    expect(alice.told.slice(-3)).toEqual(['lost', 'connected', 'registered']);
  });

  it('a server that restarts and is not ready yet is asked again', async () => {
    const { peer } = alice;
    const answers = [503, 500];
    peer.onRegister = (register) => {
      const status = answers.shift();
      if (status === undefined) peer.acceptRegistration(register);
      else peer.answer(register, status, 'x');
    };
    peer.pairs.cut();
    await alice.elapse(2_000 + 1_000 + 2_000);
    expect(alice.told.slice(-3)).toEqual(['lost', 'connected', 'registered']);
    expect(peer.ladder.filter((line) => line === '> REGISTER')).toHaveLength(3);
  });

  it('other credentials on the way back end it', async () => {
    alice.peer.onRegister = (register) => alice.peer.answer(register, 403, 'Forbidden');
    alice.peer.pairs.cut();
    await alice.elapse(2_000);
    expect(alice.told.slice(-3)).toEqual(['lost', 'connected', 'refused']);
  });

  it('reconnects now when told that the network is back', async () => {
    alice.peer.pairs.cut();
    await alice.settle();
    alice.agent.reconnectNow();
    await alice.settle();
    expect(alice.told.at(-1)).toBe('registered');
    const attempts = alice.peer.pairs.attempts;
    await alice.elapse(10_000);
    expect(alice.peer.pairs.attempts).toBe(attempts);
  });

  it('RFC 5626 §3.5.1: pings every 25 s of silence, and a flow without an answer is given up', async () => {
    await alice.elapse(25_000);
    expect(alice.peer.pings).toBe(1);
    await alice.elapse(25_000);
    expect(alice.peer.pings).toBe(2);
    expect(alice.told.at(-1)).toBe('registered');
    alice.peer.pongs = false;
    await alice.elapse(25_000 + 7_999);
    expect(alice.told.at(-1)).toBe('registered');
    await alice.elapse(1);
    expect(alice.told.at(-1)).toBe('lost');
    expect(alice.trace.at(-1)).toMatchObject({ kind: 'state', text: 'no answer to a keep-alive' });
    await alice.elapse(2_000);
    expect(alice.told.at(-1)).toBe('registered');
  });

  it('asked for a sign of life, a dead flow is given up in 8 s, however often it is asked', async () => {
    alice.peer.pairs.network = 'silent';
    for (let second = 0; second < 8; second += 1) {
      alice.agent.reconnectNow();
      await alice.elapse(1_000);
    }
    expect(alice.told.at(-1)).toBe('lost');
    alice.peer.pairs.network = 'up';
  });

  it("answers the server's double CRLF", async () => {
    alice.peer.pongs = false;
    alice.peer.raw('\r\n\r\n');
    await alice.settle();
    expect(alice.peer.pings).toBe(1);
    expect(alice.trace.slice(-2).map(({ direction, kind, text }) => [direction, kind, text])).toEqual([
      ['in', 'ping', '\r\n\r\n'],
      ['out', 'ping', '\r\n'],
    ]);
  });

  it('after signing out nothing is tried, said or told any more', async () => {
    const stopped = alice.agent.stop();
    await alice.settle();
    await stopped;
    const told = alice.told.length;
    alice.agent.reconnectNow();
    await alice.agent.stop();
    await alice.elapse(600_000);
    expect(alice.told).toHaveLength(told);
    expect(alice.peer.ladder).toEqual(['> REGISTER', '< 200 REGISTER']);
  });
});
