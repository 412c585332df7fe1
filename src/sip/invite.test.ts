import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../domain/failure';
import { MalformedBody } from '../protocol/malformed';
import { formatImOffer } from '../protocol/sip/imOffer';
import { headerOf, headersOf, type SipMessage } from '../protocol/sip/message';
import { TestUserAgent } from '../testing/testUserAgent';
import type { Invite } from './invite';
import type { InviteEnd } from './inviteHandlers';
import type { SipReply, SipRequest, SipResponse } from './sipMessages';

const bob = 'sip:bob@contoso.example';
const bobsGruu = 'sip:bob@contoso.example;opaque=user:epid:bob;gruu';
const offer = { contentType: 'application/sdp', body: formatImOffer({ uri: null, acceptTypes: ['text/plain'] }) };
const accepted = { headers: [`Contact: <${bobsGruu}>`, 'Supported: ms-text-format'], contentType: 'application/sdp' };
const text = (body: string) => ({ contentType: 'text/plain; charset=UTF-8', body });

let alice: TestUserAgent;
let ends: InviteEnd[];
let inside: { request: SipRequest; reply: SipReply }[];
let onRequest: (request: SipRequest, reply: SipReply) => unknown;
const handlers = {
  onRequest: (request: SipRequest, reply: SipReply) => onRequest(request, reply) as undefined,
  onEnded: (end: InviteEnd) => void ends.push(end),
};

beforeEach(async () => {
  alice = await new TestUserAgent().register();
  ends = [];
  inside = [];
  onRequest = (request, reply) => inside.push({ request, reply });
});
afterEach(async () => {
  await Promise.all([alice.agent.stop(), alice.elapse(40_000)]);
  expect(alice.world.ticking).toBe(0);
});

/** Calls Bob; the INVITE as it came to the peer, and the outcome when there is one. */
async function call(headers: string[] = []) {
  const call: { outcome?: Outcome<SipResponse> } = {};
  const { invite, answered } = alice.agent.invite(
    { target: bob, headers, content: offer, timeoutMs: 60_000 },
    handlers,
  );
  answered.then((outcome) => {
    call.outcome = outcome;
  });
  await alice.settle();
  return { invite, call, request: alice.peer.take('INVITE') };
}

/** An established dialog of ours. */
async function established(): Promise<{ invite: Invite; request: SipMessage }> {
  const { invite, request } = await call();
  alice.peer.answer(request, 200, 'OK', accepted);
  await alice.settle();
  alice.peer.ladder.length = 0;
  return { invite, request };
}

describe('an INVITE of ours', () => {
  it('lync-wire 5.1: INVITE, 180, 200, ACK, MESSAGE, BYE', async () => {
    const { invite, call: it, request } = await call(['Ms-Conversation-ID: AdK7', 'Supported: ms-conf-invite']);
    expect(headerOf(request, 'From')).toMatch(/;epid=01a7c4d2e9$/);
    expect(headerOf(request, 'Contact')).toBe('<sip:alice@contoso.example;opaque=user:epid:test;gruu>');
    expect(headersOf(request, 'Supported')).toContain('ms-conf-invite');
    expect(request.body).toBe(offer.body);
    alice.peer.answer(request, 180, 'Ringing');
    await alice.settle();
    expect(it.outcome).toBeUndefined();
    alice.peer.answer(request, 200, 'OK', { ...accepted, body: 'v=0' });
    await alice.settle();
    const answer = it.outcome?.ok ? it.outcome.value : null;
    expect(answer).toMatchObject({ status: 200, body: 'v=0', contentType: 'application/sdp' });
    expect(answer?.headers('Supported')).toEqual(['ms-text-format']);
    expect(invite.isEstablished).toBe(true);

    const sent = invite.request('MESSAGE', text('hello bob'));
    await alice.settle();
    const message = alice.peer.take('MESSAGE');
    expect(message.uri).toBe(bobsGruu);
    expect(headerOf(message, 'To')).toBe('<sip:bob@contoso.example>;tag=peer;epid=02b8d5e3fa');
    expect(headerOf(message, 'CSeq')).toBe(`${Number.parseInt(headerOf(request, 'CSeq') ?? '', 10) + 1} MESSAGE`);
    expect(headerOf(message, 'Content-Type')).toBe('text/plain; charset=UTF-8');
    alice.peer.answer(message, 200, 'OK', { headers: ['Message-Id: 42'] });
    await alice.settle();
    const outcome = await sent;
    expect(outcome.ok && outcome.value.header('message-id')).toBe('42');

    invite.end(['Reason: SIP;cause=200']);
    await alice.settle();
    expect(headerOf(alice.peer.take('BYE'), 'Reason')).toBe('SIP;cause=200');
    expect(ends).toEqual([{ is: 'local' }]);
    expect(alice.peer.ladder).toEqual([
      '> INVITE',
      '< 180 INVITE',
      '< 200 INVITE',
      '> ACK',
      '> MESSAGE',
      '< 200 MESSAGE',
      '> BYE',
    ]);
    expect(await invite.request('MESSAGE', text('more'))).toMatchObject({ ok: false, failure: { status: 481 } });
  });

  it('lync-wire 5.6: a refusal is the outcome, with its diagnostics, and JsSIP acknowledges it', async () => {
    const { call: it, request } = await call();
    alice.peer.answer(request, 480, 'Temporarily Unavailable', {
      headers: ['ms-diagnostics: 1003;reason="User does not exist";source="fe1.contoso.example"'],
    });
    await alice.settle();
    const failure = {
      is: 'rejected',
      status: 480,
      reason: 'Temporarily Unavailable',
      diagnostics: { id: 1003, reason: 'User does not exist', source: 'fe1.contoso.example' },
    };
    expect(it.outcome).toEqual({ ok: false, failure });
    expect(ends).toEqual([{ is: 'refused', failure }]);
    expect(alice.peer.ladder).toEqual(['> INVITE', '< 480 INVITE', '> ACK']);
  });

  it('lync-wire 5.6: 606 tells the Warning of before 2007', async () => {
    const { call: it, request } = await call();
    alice.peer.answer(request, 606, 'Not Acceptable', {
      headers: ['Warning: 309 lcs.microsoft.com "Message contents not allowed by policy"'],
    });
    await alice.settle();
    expect(it.outcome).toMatchObject({
      failure: { status: 606, diagnostics: { id: 309, reason: 'Message contents not allowed by policy' } },
    });
  });

  it('RFC 3261 §13.2.2.4: every repeated 2xx is acknowledged', async () => {
    const { request } = await established();
    alice.peer.answer(request, 200, 'OK', accepted);
    alice.peer.answer(request, 200, 'OK', accepted);
    await alice.settle();
    expect(alice.peer.ladder).toEqual(['< 200 INVITE', '< 200 INVITE', '> ACK', '> ACK']);
    expect(headerOf(alice.peer.take('ACK'), 'CSeq')).toBe(
      `${Number.parseInt(headerOf(request, 'CSeq') ?? '', 10)} ACK`,
    );
  });

  it('MPO-4: a 2xx of another endpoint is acknowledged and hung up, the first dialog lives', async () => {
    const { invite, request } = await established();
    alice.peer.answer(request, 200, 'OK', { ...accepted, toTag: 'late' });
    await alice.settle();
    expect(alice.peer.ladder).toEqual(['< 200 INVITE', '> ACK', '> BYE']);
    expect(headerOf(alice.peer.take('BYE'), 'To')).toContain(';tag=late');
    expect(invite.isEstablished).toBe(true);
    expect(ends).toEqual([]);
  });

  it('RFC 3261 §9.1: CANCEL waits for the first provisional answer', async () => {
    const { invite, call: it, request } = await call();
    invite.cancel();
    await alice.settle();
    expect(alice.peer.ladder).toEqual(['> INVITE']);
    alice.peer.answer(request, 100, 'Trying');
    await alice.settle();
    const cancel = alice.peer.take('CANCEL');
    expect(headerOf(cancel, 'Via')).toBe(headerOf(request, 'Via'));
    alice.peer.answer(cancel, 200, 'OK');
    alice.peer.answer(request, 487, 'Request Terminated');
    await alice.settle();
    expect(it.outcome).toEqual({ ok: false, failure: { is: 'cancelled' } });
    expect(ends).toEqual([{ is: 'local' }]);
  });

  it('RFC 3261 §9.1: a 200 that crosses the CANCEL is acknowledged and hung up', async () => {
    const { invite, call: it, request } = await call();
    alice.peer.answer(request, 180, 'Ringing');
    await alice.settle();
    invite.end();
    alice.peer.answer(request, 200, 'OK', accepted);
    await alice.settle();
    expect(alice.peer.ladder.filter((line) => line.startsWith('>'))).toEqual([
      '> INVITE',
      '> CANCEL',
      '> ACK',
      '> BYE',
    ]);
    expect(it.outcome).toEqual({ ok: false, failure: { is: 'cancelled' } });
    expect(ends).toEqual([{ is: 'local' }]);
  });

  it('MPO-7: an INVITE whose CANCEL nobody answers is over after 32 s', async () => {
    const { invite, call: it, request } = await call();
    alice.peer.answer(request, 180, 'Ringing');
    await alice.settle();
    invite.cancel();
    await alice.elapse(31_999);
    expect(it.outcome).toBeUndefined();
    await alice.elapse(1);
    expect(it.outcome).toEqual({ ok: false, failure: { is: 'cancelled' } });
  });

  it('IM-4: it rings as long as it may, then is cancelled', async () => {
    const { call: it, request } = await call();
    await alice.elapse(30_000);
    alice.peer.answer(request, 180, 'Ringing');
    await alice.elapse(29_999);
    expect(it.outcome).toBeUndefined();
    await alice.elapse(1);
    expect(it.outcome).toEqual({ ok: false, failure: { is: 'timedOut', afterSeconds: 60 } });
    expect(ends).toEqual([{ is: 'refused', failure: { is: 'timedOut', afterSeconds: 60 } }]);
    expect(alice.peer.ladder.at(-1)).toBe('> CANCEL');
  });

  it('an INVITE on its way ends at once with its connection; without a connection none is sent', async () => {
    const { call: it } = await call();
    alice.peer.pairs.network = 'down';
    alice.peer.pairs.cut();
    await alice.settle();
    expect(it.outcome).toEqual({ ok: false, failure: { is: 'connectionLost' } });
    const { answered } = alice.agent.invite({ target: bob, content: offer, timeoutMs: 60_000 }, handlers);
    expect(await answered).toEqual({ ok: false, failure: { is: 'offline' } });
    expect(ends).toHaveLength(2);
  });

  it('a 2xx without Contact makes no dialog', async () => {
    const { call: it, request } = await call();
    alice.peer.answer(request, 200, 'OK');
    await alice.settle();
    expect(it.outcome).toEqual({ ok: false, failure: { is: 'malformed', what: 'Contact' } });
  });

  it('RFC 2617: a challenged INVITE is sent again, and it is that one which is cancelled', async () => {
    const { invite, request } = await call();
    alice.peer.answer(request, 407, 'Proxy Authentication Required', {
      headers: ['Proxy-Authenticate: Digest realm="contoso.example", nonce="n1", algorithm=MD5, qop="auth"'],
    });
    await alice.settle();
    const again = alice.peer.take('INVITE');
    expect(headerOf(again, 'Proxy-Authorization')).toContain('response=');
    alice.peer.answer(again, 180, 'Ringing');
    await alice.settle();
    invite.cancel();
    await alice.settle();
    expect(headerOf(alice.peer.take('CANCEL'), 'Via')).toBe(headerOf(again, 'Via'));
  });
});

describe('in the dialog', () => {
  it('a MESSAGE on its way settles at once when the connection breaks', async () => {
    const { invite } = await established();
    const sent = invite.request('MESSAGE', text('hello'));
    await alice.settle();
    alice.peer.pairs.cut();
    expect(await sent).toEqual({ ok: false, failure: { is: 'connectionLost' } });
    expect(await invite.request('MESSAGE', text('again'))).toEqual({ ok: false, failure: { is: 'offline' } });
    expect(ends).toEqual([]);
  });

  it('an established dialog goes on over the next connection', async () => {
    const { invite } = await established();
    alice.peer.pairs.cut();
    await alice.elapse(2_000);
    expect(alice.told.at(-1)).toBe('registered');
    const sent = invite.request('MESSAGE', text('still here'));
    await alice.settle();
    alice.peer.answer(alice.peer.take('MESSAGE'), 200, 'OK');
    expect(await sent).toMatchObject({ ok: true });
  });

  it('a MESSAGE without an answer times out when told to, and the connection is asked for a sign of life', async () => {
    const { invite } = await established();
    const sent = invite.request('MESSAGE', text('hello'));
    await alice.elapse(9_999);
    const before = alice.peer.pings;
    await alice.elapse(1);
    expect(await sent).toEqual({ ok: false, failure: { is: 'timedOut', afterSeconds: 10 } });
    await alice.settle();
    expect(alice.peer.pings).toBe(before + 1);
  });

  it('a request is answered when the one above has decided, with its body', async () => {
    const { request } = await established();
    alice.peer.inDialog('MESSAGE', request, { cseq: 7, contentType: 'text/plain', body: 'grüße 😀' });
    await alice.settle();
    expect(alice.peer.ladder).toEqual(['< MESSAGE']);
    expect(inside[0]?.request).toMatchObject({ method: 'MESSAGE', body: 'grüße 😀', contentType: 'text/plain' });
    await alice.elapse(5_000);
    inside[0]?.reply(202, 'Accepted', ['Message-Id: 7'], { contentType: 'application/cccp+xml', body: '<ü/>' });
    await alice.settle();
    const answer = alice.peer.take('MESSAGE');
    expect(answer).toMatchObject({ status: 202, body: '<ü/>' });
    expect(headerOf(answer, 'Content-Length')).toBe('5');
    expect(headerOf(answer, 'Content-Type')).toBe('application/cccp+xml');
  });

  it('CNF: a delivery report in a BENOTIFY arrives and is never answered', async () => {
    const { request } = await established();
    alice.peer.inDialog('BENOTIFY', request, { cseq: 9, contentType: 'application/ms-imdn+xml', body: '<imdn/>' });
    await alice.settle();
    expect(inside.map(({ request: { method, body } }) => [method, body])).toEqual([['BENOTIFY', '<imdn/>']]);
    inside[0]?.reply(200, 'OK');
    await alice.settle();
    expect(alice.peer.ladder).toEqual(['< BENOTIFY']);
  });

  it.each([
    ['nonsense', new MalformedBody('KeyboardActivity', 'there is no status'), 400],
    ['an error of our own', new Error('a bug'), 500],
  ])('a handler that meets %s is answered for', async (_what, error, status) => {
    const { invite, request } = await established();
    onRequest = () => {
      throw error;
    };
    alice.peer.inDialog('INFO', request, { cseq: 7, contentType: 'application/xml', body: '<' });
    await alice.settle();
    expect(alice.peer.ladder).toEqual(['< INFO', `> ${status} INFO`]);
    expect(alice.faults).toEqual([`INFO answered ${status}: ${error.name}: ${error.message}`]);
    expect(invite.isEstablished).toBe(true);
  });

  it('an asynchronous handler is answered for, too', async () => {
    const { request } = await established();
    onRequest = () => Promise.reject(new Error('disk full'));
    alice.peer.inDialog('MESSAGE', request, { cseq: 7, contentType: 'text/plain', body: 'x' });
    await alice.settle();
    expect(alice.peer.ladder).toEqual(['< MESSAGE', '> 500 MESSAGE']);
  });

  it('UPDATE is taken, a re-INVITE is not, and the dialog lives', async () => {
    const { invite, request } = await established();
    alice.peer.inDialog('UPDATE', request, { cseq: 7 });
    alice.peer.inDialog('INVITE', request, { cseq: 8, headers: [`Contact: <${bobsGruu}>`] });
    await alice.settle();
    expect(alice.peer.ladder.filter((line) => !line.includes('100'))).toEqual([
      '< UPDATE',
      '< INVITE',
      '> 200 UPDATE',
      '> 488 INVITE',
    ]);
    expect(invite.isEstablished).toBe(true);
  });

  it("the peer's BYE ends it", async () => {
    const { request } = await established();
    alice.peer.inDialog('BYE', request, { cseq: 7, headers: ['ms-client-diagnostics: 51004;reason="x"'] });
    await alice.settle();
    expect(alice.peer.ladder).toEqual(['< BYE', '> 200 BYE']);
    expect(ends[0]).toMatchObject({ is: 'bye' });
    alice.peer.inDialog('MESSAGE', request, { cseq: 8 });
    await alice.settle();
    expect(alice.peer.ladder.at(-1)).toBe('> 481 MESSAGE');
  });

  it('no header or body of ours can begin another header or be no UTF-8', async () => {
    const { invite } = await established();
    void invite.request('MESSAGE', text('a\uD800b'), ['Subject: a\r\nMs-Sender: <sip:carol@contoso.example>']);
    await alice.settle();
    const message = alice.peer.take('MESSAGE');
    expect(headerOf(message, 'Ms-Sender')).toBeUndefined();
    expect(message.body).toBe('a\uFFFDb');
  });
});
