import { describe, expect, it } from 'vitest';
import { TestHome } from './testing/home';

const gruuOfAlice = /^sip:alice@contoso\.example;opaque=user:epid:[\w-]{24};gruu$/;

describe('home server', () => {
  it('REG-1, REG-2: signs a person in by digest and gives a GRUU', () => {
    const home = new TestHome();
    const alice = home.signIn('alice@contoso.example');
    expect(alice.gruu).toMatch(gruuOfAlice);
  });

  it('carries an IM session: INVITE, 200, ACK, MESSAGE, 200, BYE', () => {
    const home = new TestHome();
    const alice = home.signIn('alice@contoso.example');
    const bob = home.signIn('bob@contoso.example');
    const invite = alice.request('INVITE', 'sip:bob@contoso.example', {
      contentType: 'application/sdp',
      body: 'v=0\r\n',
    });
    const received = bob.expect('INVITE');
    expect(received.header('p-asserted-identity')).toBe('"Alice Ångström" <sip:alice@contoso.example>');
    bob.answer(received, 180, 'Ringing');
    bob.answer(received, 200, 'OK');
    expect(invite.answers.map((answer) => answer.status)).toEqual([100, 180, 200]);
    expect(invite.final.rawValues('via')).toHaveLength(1);
    alice.acknowledge(invite);
    expect(bob.expect('ACK').cseq).toBe(invite.request.cseq);
    const message = alice.inDialog(invite, 'MESSAGE', { contentType: 'text/plain', body: 'grüße 👋' });
    const arrived = bob.expect('MESSAGE');
    expect(arrived.body).toBe('grüße 👋');
    bob.answer(arrived, 200, 'OK');
    expect(message.final.status).toBe(200);
    const bye = alice.inDialog(invite, 'BYE');
    bob.answer(bob.expect('BYE'), 200, 'OK');
    expect(bye.final.status).toBe(200);
    alice.connection.lose();
    expect(bob.incoming).toEqual([]);
  });
});
