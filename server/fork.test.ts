import { describe, expect, it } from 'vitest';
import type { Exchange, TestEndpoint } from './testing/endpoint';
import { TestHome } from './testing/home';

function setUp(bobs = 2): { test: TestHome; alice: TestEndpoint; bobs: TestEndpoint[]; invite: Exchange } {
  const test = new TestHome();
  const alice = test.signIn('alice@contoso.example');
  const all = Array.from({ length: bobs }, () => test.signIn('bob@contoso.example'));
  const invite = alice.request('INVITE', 'sip:bob@contoso.example', {
    contentType: 'application/sdp',
    body: 'v=0\r\n',
  });
  return { test, alice, bobs: all, invite };
}

const statuses = (exchange: Exchange): number[] => exchange.answers.map(({ status }) => status);

describe('forking', () => {
  it('MPO-1: an INVITE for the person rings at every endpoint, each with its own branch and GRUU', () => {
    const { bobs, invite } = setUp(3);
    const received = bobs.map((bob) => bob.expect('INVITE'));
    expect(new Set(received.map((request) => request.raw('via'))).size).toBe(3);
    expect(received.map((request) => request.uri)).toEqual(bobs.map((bob) => bob.gruu));
    expect(statuses(invite)).toEqual([100]);
  });

  it('MPO-1, MPO-2: the first 2xx wins, losers are cancelled with the reason that closes a toast', () => {
    const { bobs, invite } = setUp();
    const [first, second] = bobs as [TestEndpoint, TestEndpoint];
    const cancelled = second.expect('INVITE');
    first.answer(first.expect('INVITE'), 200, 'OK');
    const cancel = second.expect('CANCEL');
    expect(cancel.raw('reason')).toBe(
      'SIP;cause=200;text="Call completed elsewhere";ms-acceptedby="sip:bob@contoso.example"',
    );
    expect(cancel.raw('via')).toBe(cancelled.raw('via'));
    expect(cancel.cseq).toBe(cancelled.cseq);
    second.answer(cancel, 200, 'OK');
    second.answer(cancelled, 487, 'Request Terminated');
    expect(second.expect('ACK').uri).toBe(cancelled.uri);
    expect(statuses(invite)).toEqual([100, 200]);
  });

  it('MPO-3: the caller gives up: CANCEL without that reason, and 487 at once (FRM-11)', () => {
    const { alice, bobs, invite } = setUp();
    const cancel = alice.connection;
    cancel.send(
      alice
        .write('CANCEL', invite.request.uri, { callId: invite.request.raw('call-id'), cseq: invite.request.cseq })
        .replace(/^Via:.*$/m, `Via: ${invite.request.raw('via')}`),
    );
    for (const bob of bobs) expect(bob.expect('CANCEL').raw('reason')).toBeUndefined();
    expect(statuses(invite)).toContain(487);
  });

  it('MPO-4: a second 2xx that crosses is acknowledged and hung up by the server; the caller sees one', () => {
    const { bobs, invite } = setUp();
    const [first, second] = bobs as [TestEndpoint, TestEndpoint];
    const late = second.expect('INVITE');
    first.answer(first.expect('INVITE'), 200, 'OK');
    second.answer(late, 200, 'OK');
    expect(second.expect('ACK').raw('to')).toContain(';tag=bob2-answer');
    const bye = second.expect('BYE');
    expect(bye.raw('to')).toContain(';tag=bob2-answer');
    expect(bye.cseq).toBe(late.cseq + 1);
    expect(statuses(invite)).toEqual([100, 200]);
    second.answer(late, 200, 'OK');
    expect(second.incoming.filter(({ method }) => method === 'BYE')).toHaveLength(0);
  });

  it('MPO-5: one refusal does not end the fork; when all failed the best goes back, acknowledged by us', () => {
    const { bobs, invite } = setUp(3);
    const [first, second, third] = bobs as [TestEndpoint, TestEndpoint, TestEndpoint];
    first.answer(first.expect('INVITE'), 503, 'Service Unavailable');
    second.answer(second.expect('INVITE'), 486, 'Busy Here');
    expect(statuses(invite)).toEqual([100]);
    third.answer(third.expect('INVITE'), 480, 'Temporarily Unavailable');
    expect(statuses(invite)).toEqual([100, 486]);
    for (const bob of bobs) expect(bob.expect('ACK').method).toBe('ACK');
  });

  it('MPO-5: 6xx ends the fork for all', () => {
    const { bobs, invite } = setUp();
    const [first, second] = bobs as [TestEndpoint, TestEndpoint];
    first.answer(first.expect('INVITE'), 603, 'Decline');
    expect(invite.final.status).toBe(603);
    expect(second.expect('CANCEL').method).toBe('CANCEL');
  });

  it('MPO-7: a 200 after the caller gave up is acknowledged and hung up', () => {
    const { alice, bobs, invite } = setUp(1);
    const [bob] = bobs as [TestEndpoint];
    const received = bob.expect('INVITE');
    alice.connection.lose();
    expect(bob.expect('CANCEL').method).toBe('CANCEL');
    bob.answer(received, 200, 'OK');
    expect(bob.expect('ACK').method).toBe('ACK');
    expect(bob.expect('BYE').method).toBe('BYE');
    expect(invite.isAnswered).toBe(false);
  });

  it('IM-4: an endpoint may stay silent for a minute and ring for three', () => {
    const { test, bobs, invite } = setUp();
    const [silent, ringing] = bobs as [TestEndpoint, TestEndpoint];
    ringing.answer(ringing.expect('INVITE'), 180, 'Ringing');
    test.clock.advance(60_000);
    expect(silent.expect('CANCEL').method).toBe('CANCEL');
    expect(invite.isAnswered).toBe(false);
    test.clock.advance(120_000);
    expect(ringing.expect('CANCEL').method).toBe('CANCEL');
    expect(invite.final.status).toBe(408);
  });

  it('an endpoint that vanishes while it rings counts as failed', () => {
    const { bobs, invite } = setUp(1);
    bobs[0]?.connection.lose();
    expect(invite.final.status).toBe(480);
  });

  it("never goes back to the sender's own connection", () => {
    const test = new TestHome();
    const laptop = test.signIn('alice@contoso.example');
    expect(laptop.request('INVITE', laptop.aor).final.status).toBe(480);
    const phone = test.signIn('alice@contoso.example');
    laptop.request('INVITE', laptop.aor);
    expect(phone.expect('INVITE').method).toBe('INVITE');
    expect(laptop.incoming).toEqual([]);
    expect(laptop.request('MESSAGE', laptop.gruu).final.status).toBe(482);
  });

  it('FRM-10: the ACK of a failed INVITE ends here', () => {
    const { alice, bobs, invite } = setUp(1);
    const [bob] = bobs as [TestEndpoint];
    const direct = alice.request('INVITE', bob.gruu);
    bob.expect('INVITE');
    bob.answer(bob.expect('INVITE'), 486, 'Busy Here');
    bob.expect('ACK');
    alice.connection.send(
      alice.write('ACK', bob.gruu, {
        callId: direct.request.raw('call-id'),
        cseq: direct.request.cseq,
        toTag: 'bob1-answer',
      }),
    );
    expect(bob.incoming).toEqual([]);
    expect(invite.isAnswered).toBe(false);
  });

  it('page mode: a MESSAGE goes to all endpoints and one 200 comes back', () => {
    const test = new TestHome();
    const alice = test.signIn('alice@contoso.example');
    const bobs = [test.signIn('bob@contoso.example'), test.signIn('bob@contoso.example')];
    const message = alice.request('MESSAGE', 'sip:bob@contoso.example', { contentType: 'text/plain', body: 'hi' });
    for (const bob of bobs) bob.answer(bob.expect('MESSAGE'), 200, 'OK');
    expect(statuses(message)).toEqual([200]);
  });
});
