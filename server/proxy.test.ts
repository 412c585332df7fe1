import { describe, expect, it } from 'vitest';
import type { Exchange, TestEndpoint } from './testing/endpoint';
import { TestHome } from './testing/home';

function session(test = new TestHome()): { test: TestHome; alice: TestEndpoint; bob: TestEndpoint; invite: Exchange } {
  const alice = test.signIn('alice@contoso.example');
  const bob = test.signIn('bob@contoso.example');
  const invite = alice.request('INVITE', bob.aor);
  bob.answer(bob.expect('INVITE'), 200, 'OK');
  alice.acknowledge(invite);
  bob.expect('ACK');
  return { test, alice, bob, invite };
}

describe('routing between endpoints', () => {
  it.each([
    ['nobody signed in', 'sip:bob@contoso.example', 480, '1007;reason="The person is offline"'],
    ['an unknown user', 'sip:nobody@contoso.example', 404, '1003;reason="User does not exist"'],
    ['group chat, which we have not (PRV-3)', 'sip:ocschat@contoso.example', 404, '1003;'],
    ['another domain', 'sip:dave@fabrikam.example', 404, '1005;reason="Cannot route to destination domain"'],
    ['a GRUU of nobody', 'sip:bob@contoso.example;opaque=user:epid:AAAAAAAAAAAAAAAAAAAAAAAA;gruu', 480, '1006;'],
    ['a service that we have not', 'sip:bob@contoso.example;gruu;opaque=app:none', 404, '4005;'],
  ])('%s', (_, uri, status, diagnostics) => {
    const alice = new TestHome().signIn('alice@contoso.example');
    const answer = alice.request('INVITE', uri).final;
    expect(answer.status).toBe(status);
    expect(answer.header('ms-diagnostics')).toContain(diagnostics);
    expect(answer.header('ms-diagnostics')).toContain('source="fe1.contoso.example:5061"');
  });

  it('416 for a Request-URI of another scheme, 400 for one that is none, 501 for a method that nobody serves', () => {
    const alice = new TestHome().signIn('alice@contoso.example');
    expect(alice.request('MESSAGE', 'mailto:bob@contoso.example').final.status).toBe(416);
    expect(alice.request('MESSAGE', '<sip:bob@contoso.example>').final.status).toBe(400);
    expect(alice.request('FLY', alice.aor).final.status).toBe(501);
  });

  it('RFC 3261 §16.3: 483 when the hops are used up', () => {
    const test = new TestHome();
    const alice = test.signIn('alice@contoso.example');
    alice.connection.send(
      alice.write('MESSAGE', 'sip:bob@contoso.example').replace('Max-Forwards: 70', 'Max-Forwards: 0'),
    );
    expect(test.ladder.at(-1)?.text).toMatch(/^SIP\/2\.0 483 /);
  });

  it.each([
    ['SUBSCRIBE', [['Event', 'weather']] as const, 489],
    ['SERVICE', [['Content-Type', 'application/weather+xml']] as const, 415],
  ])('%s that no role serves', (method, headers, status) => {
    const alice = new TestHome().signIn('alice@contoso.example');
    expect(alice.request(method, alice.aor, { headers }).final.status).toBe(status);
  });

  it('MPO-8: requests in a dialog go to the one endpoint', () => {
    const { test, alice, bob, invite } = session();
    const phone = test.signIn('bob@contoso.example');
    for (const method of ['MESSAGE', 'INFO', 'UPDATE', 'INVITE', 'BYE']) {
      const exchange = alice.inDialog(invite, method);
      bob.answer(bob.expect(method), 200, 'OK');
      expect(exchange.final.status).toBe(200);
    }
    expect(phone.incoming).toEqual([]);
  });

  it('a request in a dialog that names only the person goes to its far end', () => {
    const { test, alice, bob, invite } = session();
    test.signIn('bob@contoso.example');
    alice.inDialog(invite, 'BYE');
    const toTag = 'bob1-answer';
    const callId = invite.request.raw('call-id');
    expect(bob.expect('BYE').method).toBe('BYE');
    expect(alice.request('INFO', bob.aor, { callId, toTag }).final.status).toBe(481);
    const again = session();
    again.alice.request('INFO', again.bob.aor, { callId: again.invite.request.raw('call-id'), toTag });
    expect(again.bob.expect('INFO').method).toBe('INFO');
  });

  it('adds its Via on the way and takes it off on the way back; all else stays as it was spelled', () => {
    const { alice, bob, invite } = session();
    const info = alice.inDialog(invite, 'INFO', { headers: [['X-mIxEd', 'ä  b']] });
    const arrived = bob.expect('INFO');
    expect(arrived.lines).toContain(`X-mIxEd: ${Buffer.from('ä  b').toString('latin1')}`);
    expect(arrived.rawValues('via')).toHaveLength(2);
    bob.answer(arrived, 200, 'OK');
    expect(info.final.raw('via')).toBe(info.request.raw('via'));
  });

  it('FRM-5: pipelined requests without branches find their answers', () => {
    const { test, alice, bob, invite } = session();
    const texts = [50, 51].map((cseq) =>
      alice
        .write('MESSAGE', bob.gruu, { callId: invite.request.raw('call-id'), toTag: 'bob1-answer', cseq })
        .replace(/;branch=\S+/, ''),
    );
    for (const text of texts) alice.connection.send(text);
    const [first, second] = [bob.expect('MESSAGE'), bob.expect('MESSAGE')];
    bob.answer(second, 200, 'OK');
    bob.answer(first, 480, 'Gone');
    const told = test.ladder.filter(
      ({ who, direction, text }) => who === 'alice1' && direction === 'from server' && /CSeq: 5[01] /.test(text),
    );
    expect(told.map(({ text }) => `${text.slice(8, 11)} ${/CSeq: (\d+)/.exec(text)?.[1]}`)).toEqual([
      '200 51',
      '480 50',
    ]);
  });

  it('a request repeated while it is under way goes on once', () => {
    const { alice, bob } = session();
    const text = alice.write('MESSAGE', bob.gruu);
    alice.connection.send(text);
    alice.connection.send(text);
    bob.expect('MESSAGE');
    expect(bob.incoming).toEqual([]);
  });

  it('408 when no answer comes in 32 s; a late one is dropped', () => {
    const { test, alice, bob } = session();
    const message = alice.request('MESSAGE', bob.gruu);
    test.clock.advance(31_999);
    expect(message.isAnswered).toBe(false);
    test.clock.advance(1);
    expect(message.final.status).toBe(408);
    bob.answer(bob.expect('MESSAGE'), 200, 'OK');
    expect(message.answers).toHaveLength(1);
  });

  it('480 at once for what was under way to an endpoint that is gone', () => {
    const { alice, bob } = session();
    const message = alice.request('MESSAGE', bob.gruu);
    bob.connection.lose();
    expect(message.final.status).toBe(480);
    expect(message.final.header('ms-diagnostics')).toContain('1006;');
  });

  it('a vanished end says BYE: the far end gets one in its name, and later requests 481', () => {
    const { alice, bob, invite } = session();
    bob.connection.lose();
    const bye = alice.expect('BYE');
    expect(bye.raw('call-id')).toBe(invite.request.raw('call-id'));
    expect(bye.raw('from')).toBe(invite.final.raw('to'));
    expect(bye.raw('to')).toBe(invite.request.raw('from'));
    alice.answer(bye, 200, 'OK');
    const late = alice.inDialog(invite, 'MESSAGE').final;
    expect(late.status).toBe(481);
    expect(late.header('ms-diagnostics')).toContain('1004;');
  });

  it('a vanished caller says BYE too, once, and not for a dialog that was over', () => {
    const { test, alice, bob, invite } = session();
    const second = alice.request('INVITE', bob.aor);
    bob.answer(bob.expect('INVITE'), 200, 'OK');
    alice.inDialog(second, 'BYE');
    bob.answer(bob.expect('BYE'), 200, 'OK');
    alice.connection.lose();
    expect(bob.expect('BYE').raw('call-id')).toBe(invite.request.raw('call-id'));
    expect(bob.incoming).toEqual([]);
    bob.connection.lose();
    expect(test.home.core.clientTransactions.size).toBe(0);
  });

  it('routes by GRUU alone, so a dialog outlives a restart of the server', () => {
    const { invite } = session();
    const restarted = new TestHome();
    const bob = restarted.signIn('bob@contoso.example');
    const alice = restarted.signIn('alice@contoso.example');
    const message = alice.inDialog(invite, 'MESSAGE', { contentType: 'text/plain', body: 'still here?' });
    bob.answer(bob.expect('MESSAGE'), 200, 'OK');
    expect(message.final.status).toBe(200);
  });

  it('of an endpoint that opens dialogs without end the newest thousand are known; those of others all', () => {
    const { test, alice, bob, invite } = session();
    const carol = test.signIn('carol@contoso.example');
    for (let count = 0; count < 1_100; count += 1) {
      carol.request('INVITE', bob.aor);
      bob.answer(bob.expect('INVITE'), 200, 'OK');
    }
    carol.connection.lose();
    expect(bob.incoming.filter(({ method }) => method === 'BYE')).toHaveLength(1_000);
    bob.connection.lose();
    expect(alice.expect('BYE').raw('call-id')).toBe(invite.request.raw('call-id'));
  });

  it('keeps nothing of what is answered', () => {
    const { test, alice, bob, invite } = session();
    for (let count = 0; count < 20; count += 1) {
      alice.inDialog(invite, 'MESSAGE');
      bob.answer(bob.expect('MESSAGE'), 200, 'OK');
    }
    expect(test.home.core.clientTransactions.size).toBe(0);
  });
});
