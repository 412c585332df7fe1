import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../domain/failure';
import { headerOf, type SipMessage } from '../protocol/sip/message';
import { TestUserAgent } from '../testing/testUserAgent';
import type { Invite } from './invite';
import type { InviteEnd } from './inviteHandlers';
import type { SipReply, SipRequest, SipResponse } from './sipMessages';

const mcu = 'sip:bob@contoso.example;gruu;opaque=app:conf:applicationsharing:id:7K2M9QXA';
const sdp = (body: string) => ({ contentType: 'application/sdp', body });
const accepted = { headers: [`Contact: <${mcu}>`], contentType: 'application/sdp' };

let alice: TestUserAgent;
let ends: InviteEnd[];
let offers: { request: SipRequest; reply: SipReply }[];
const handlers = {
  onRequest: () => undefined,
  onOffer: (request: SipRequest, reply: SipReply) => void offers.push({ request, reply }),
  onEnded: (end: InviteEnd) => void ends.push(end),
};

beforeEach(async () => {
  alice = await new TestUserAgent().register();
  ends = [];
  offers = [];
});
afterEach(async () => {
  await Promise.all([alice.agent.stop(), alice.elapse(40_000)]);
  expect(alice.world.ticking).toBe(0);
});

async function call(content: { contentType: string; body: string } | null) {
  const call: { outcome?: Outcome<SipResponse> } = {};
  const { invite, answered } = alice.agent.invite({ target: mcu, content, timeoutMs: 60_000 }, handlers);
  answered.then((outcome) => {
    call.outcome = outcome;
  });
  await alice.settle();
  return { invite, call, request: alice.peer.take('INVITE') };
}

async function established(): Promise<{ invite: Invite; request: SipMessage }> {
  const { invite, request } = await call(sdp('offer'));
  alice.peer.answer(request, 200, 'OK', { ...accepted, body: 'answer' });
  await alice.settle();
  alice.peer.take('ACK');
  alice.peer.ladder.length = 0;
  return { invite, request };
}

/** The peer's re-INVITE. */
async function reoffered(request: SipMessage, body: string, cseq = 7): Promise<SipMessage> {
  const headers = [`Contact: <${mcu}>`];
  const reinvite = alice.peer.inDialog('INVITE', request, { cseq, headers, ...(body === '' ? {} : sdp(body)) });
  await alice.settle();
  return reinvite;
}

const cseqOf = (message: SipMessage): number => Number.parseInt(headerOf(message, 'CSeq') ?? '', 10);

describe('an INVITE without an offer (RFC 3261 §13.2.1)', () => {
  it('is answered in the ACK of the 2xx that offers', async () => {
    const { invite, call: it, request } = await call(null);
    expect(request.body).toBe('');
    expect(headerOf(request, 'Content-Type')).toBeUndefined();
    alice.peer.answer(request, 200, 'OK', { ...accepted, body: 'offer' });
    await alice.settle();
    expect(it.outcome).toMatchObject({ ok: true, value: { body: 'offer' } });
    expect(alice.peer.ladder).toEqual(['> INVITE', '< 200 INVITE']);
    invite.acknowledge(sdp('answer'));
    await alice.settle();
    const ack = alice.peer.take('ACK');
    expect(ack).toMatchObject({ uri: mcu, body: 'answer' });
    expect(headerOf(ack, 'Content-Type')).toBe('application/sdp');
    expect(cseqOf(ack)).toBe(cseqOf(request));
  });

  it('a 2xx that comes again before the answer waits, after it gets the same ACK again', async () => {
    const { invite, request } = await call(null);
    const offer = () => alice.peer.answer(request, 200, 'OK', { ...accepted, body: 'offer' });
    offer();
    offer();
    await alice.settle();
    invite.acknowledge(sdp('answer'));
    invite.acknowledge(sdp('another answer'));
    offer();
    await alice.settle();
    expect(alice.peer.ladder.filter((line) => line === '> ACK')).toHaveLength(2);
    expect([alice.peer.take('ACK').body, alice.peer.take('ACK').body]).toEqual(['answer', 'answer']);
  });

  it('§13.2.2.4: who has no answer acknowledges and hangs up', async () => {
    const { invite, request } = await call(null);
    alice.peer.answer(request, 200, 'OK', { ...accepted, body: 'offer' });
    await alice.settle();
    invite.end();
    await alice.settle();
    expect(alice.peer.ladder).toEqual(['> INVITE', '< 200 INVITE', '> ACK', '> BYE']);
    expect(ends).toEqual([{ is: 'local' }]);
  });
});

describe('a re-INVITE of ours (RFC 3261 §14.1)', () => {
  it('carries the offer and our Contact, and its 2xx is acknowledged under its own number', async () => {
    const { invite, request } = await established();
    void invite.request('INFO', { contentType: 'a/b', body: 'x' });
    const changed = invite.reinvite(sdp('second offer'));
    await alice.settle();
    alice.peer.answer(alice.peer.take('INFO'), 200, 'OK');
    const reinvite = alice.peer.take('INVITE');
    expect(reinvite).toMatchObject({ uri: mcu, body: 'second offer' });
    expect(headerOf(reinvite, 'Contact')).toBe(headerOf(request, 'Contact'));
    expect(headerOf(reinvite, 'To')).toContain(';tag=peer');
    alice.peer.answer(reinvite, 200, 'OK', { ...accepted, body: 'second answer' });
    await alice.settle();
    expect(await changed).toMatchObject({ ok: true, value: { body: 'second answer' } });
    expect(cseqOf(alice.peer.take('ACK'))).toBe(cseqOf(reinvite));
    // The first 2xx once more: its ACK was lost, and has the first number.
    alice.peer.answer(request, 200, 'OK', { ...accepted, body: 'answer' });
    await alice.settle();
    expect(cseqOf(alice.peer.take('ACK'))).toBe(cseqOf(request));
  });

  it('SHR-6: without an offer is answered in the ACK of the 2xx that offers, and nothing else is negotiated meanwhile', async () => {
    const { invite, request } = await established();
    const asked = invite.reinvite(null);
    await alice.settle();
    const reinvite = alice.peer.take('INVITE');
    expect(reinvite.body).toBe('');
    alice.peer.answer(reinvite, 200, 'OK', { ...accepted, body: 'fresh offer' });
    await alice.settle();
    expect(await asked).toMatchObject({ ok: true, value: { body: 'fresh offer' } });
    await reoffered(request, 'their offer');
    expect(alice.peer.ladder.slice(-2)).toEqual(['> 100 INVITE', '> 491 INVITE']);
    invite.acknowledge(sdp('fresh answer'));
    await alice.settle();
    const ack = alice.peer.take('ACK');
    expect([ack.body, cseqOf(ack)]).toEqual(['fresh answer', cseqOf(reinvite)]);
    await reoffered(request, 'their offer', 8);
    expect(offers).toHaveLength(1);
  });

  it('a refusal is its outcome, and the session stays as it was', async () => {
    const { invite } = await established();
    const changed = invite.reinvite(sdp('second offer'));
    await alice.settle();
    alice.peer.answer(alice.peer.take('INVITE'), 488, 'Not Acceptable Here');
    expect(await changed).toMatchObject({ ok: false, failure: { is: 'rejected', status: 488 } });
    expect([invite.isEstablished, ends]).toEqual([true, []]);
  });

  it('waits its turn: one at a time, counting those of the peer', async () => {
    const { invite, request } = await established();
    const first = invite.reinvite(sdp('second offer'));
    const inProgress = { ok: false, failure: { is: 'rejected', status: 491, reason: 'Request Pending' } };
    expect(await invite.reinvite(sdp('third offer'))).toEqual(inProgress);
    await alice.settle();
    alice.peer.answer(alice.peer.take('INVITE'), 200, 'OK', accepted);
    await alice.settle();
    expect((await first).ok).toBe(true);
    await reoffered(request, 'their offer');
    expect(await invite.reinvite(sdp('third offer'))).toEqual(inProgress);
    offers[0]?.reply(488, 'Not Acceptable Here');
  });

  it('without an answer times out; a 2xx that comes later is acknowledged all the same', async () => {
    const { invite } = await established();
    const changed = invite.reinvite(sdp('second offer'));
    await alice.settle();
    const reinvite = alice.peer.take('INVITE');
    alice.peer.answer(reinvite, 100, 'Trying');
    await alice.elapse(32_000);
    expect(await changed).toEqual({ ok: false, failure: { is: 'timedOut', afterSeconds: 32 } });
    alice.peer.answer(reinvite, 200, 'OK', accepted);
    await alice.settle();
    expect(cseqOf(alice.peer.take('ACK'))).toBe(cseqOf(reinvite));
  });

  it('settles at once with its connection, and is not sent without one or before the ACK', async () => {
    const { invite } = await established();
    const changed = invite.reinvite(sdp('second offer'));
    await alice.settle();
    alice.peer.pairs.network = 'down';
    alice.peer.pairs.cut();
    expect(await changed).toEqual({ ok: false, failure: { is: 'connectionLost' } });
    expect(await invite.reinvite(sdp('third offer'))).toEqual({ ok: false, failure: { is: 'offline' } });
  });
});

describe('a re-INVITE of the peer (RFC 3261 §14.2)', () => {
  it('is answered when the one above has an answer, with our Contact, again until its ACK', async () => {
    const { request } = await established();
    const reinvite = await reoffered(request, 'their offer');
    expect(offers.map(({ request: { body } }) => body)).toEqual(['their offer']);
    offers[0]?.reply(200, 'OK', [], sdp('our answer'));
    offers[0]?.reply(488, 'Not Acceptable Here');
    await alice.elapse(1_500);
    const answers = alice.peer.ladder.filter((line) => line === '> 200 INVITE');
    expect(answers).toHaveLength(3);
    alice.peer.take('INVITE');
    const answer = alice.peer.take('INVITE');
    expect(answer).toMatchObject({ status: 200, body: 'our answer' });
    expect(headerOf(answer, 'Contact')).toBe(headerOf(request, 'Contact'));
    alice.peer.inDialog('ACK', request, { cseq: cseqOf(reinvite) });
    await alice.elapse(40_000);
    expect(alice.peer.ladder.filter((line) => line === '> 200 INVITE')).toHaveLength(3);
    expect(ends).toEqual([]);
  });

  it('whose 2xx is never acknowledged ends the dialog with BYE', async () => {
    const { request } = await established();
    await reoffered(request, 'their offer');
    offers[0]?.reply(200, 'OK', [], sdp('our answer'));
    await alice.elapse(40_000);
    expect(alice.peer.ladder.at(-1)).toBe('> BYE');
    expect(ends).toEqual([{ is: 'lost' }]);
  });

  it('that crosses ours is answered 491', async () => {
    const { invite, request } = await established();
    const changed = invite.reinvite(sdp('second offer'));
    await alice.settle();
    await reoffered(request, 'their offer');
    expect(alice.peer.ladder.at(-1)).toBe('> 491 INVITE');
    alice.peer.answer(alice.peer.take('INVITE'), 491, 'Request Pending');
    await alice.settle();
    expect(await changed).toMatchObject({ ok: false, failure: { status: 491 } });
    expect(offers).toEqual([]);
  });

  it('without an offer is refused, since ours would have to be made anew', async () => {
    const { request } = await established();
    await reoffered(request, '');
    expect(alice.peer.ladder.at(-1)).toBe('> 488 INVITE');
    expect(offers).toEqual([]);
  });

  it('§15.1.2: one that waits is answered 487 when the dialog ends', async () => {
    const { invite, request } = await established();
    await reoffered(request, 'their offer');
    invite.end();
    offers[0]?.reply(200, 'OK', [], sdp('our answer'));
    await alice.settle();
    expect(alice.peer.ladder.slice(2)).toEqual(['> BYE', '> 487 INVITE']);
  });

  it('one that our handler cannot bear is answered 500', async () => {
    const { invite, request } = await established();
    offers.push = () => {
      throw new Error('a bug');
    };
    await reoffered(request, 'their offer');
    expect(alice.peer.ladder.at(-1)).toBe('> 500 INVITE');
    const changed = invite.reinvite(sdp('second offer'));
    await alice.settle();
    alice.peer.take('INVITE');
    alice.peer.take('INVITE');
    alice.peer.answer(alice.peer.take('INVITE'), 200, 'OK', accepted);
    await alice.settle();
    expect((await changed).ok).toBe(true);
  });
});
