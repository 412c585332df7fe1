import { describe, expect, it } from 'vitest';
import type { Aor } from '../src/protocol/sip/uri';
import { gruuOf, instanceOfEpid } from './registrations';
import type { Endpoint } from './role';
import { TestHome, testPassword } from './testing/home';

describe('registrar', () => {
  it.each([
    ['01a7c4d2e9', '63bfdf93-25a1-57a5-a4d0-0c8030515897', 'k9-_Y6ElpVek0AyAMFFYlwAA'],
    ['02b8d5e3fa', '1911ff5a-268e-56a1-aca5-05e183ff647c', 'Wv8RGY4moVaspQXhg_9kfAAA'],
    ['03c9e6f40b', '3877b0ea-a143-5bc5-a880-03fad98a9fc1', '6rB3OEOhxVuogAP62YqfwQAA'],
  ])('lync-wire 1.4, 1.5: epid %s makes the instance and the GRUU', (epid, instance, opaque) => {
    expect(instanceOfEpid(epid)).toBe(instance);
    expect(gruuOf('sip:a@b' as Aor, instance)).toBe(`sip:a@b;opaque=user:epid:${opaque};gruu`);
  });

  it('REG-1 to REG-8: the 200 has what clients look for, each on a line of its own', () => {
    const test = new TestHome();
    const alice = test.endpoint('alice@contoso.example', { epid: '01a7c4d2e9' });
    const answer = alice.register(testPassword, 600);
    const gruu = 'sip:alice@contoso.example;opaque=user:epid:k9-_Y6ElpVek0AyAMFFYlwAA;gruu';
    expect(answer.raw('expires')).toBe('600');
    expect(answer.raw('contact')).toBe(
      `<sip:01a7c4d2e9@01a7c4d2e9.invalid;transport=ws>;expires=600;+sip.instance="<urn:uuid:63bfdf93-25a1-57a5-a4d0-0c8030515897>";reg-id=1;gruu="${gruu}";pub-gruu="${gruu}"`,
    );
    expect(answer.raw('allow-events')).toBe(
      'vnd-microsoft-provisioning-v2,vnd-microsoft-roaming-contacts,vnd-microsoft-roaming-self,presence,conference',
    );
    expect(answer.lines).toContain('Supported: adhoclist');
    expect(answer.lines).toContain('Supported: msrtc-event-categories');
    expect(answer.raw('server')).toBe('RTC/4.0');
    expect(answer.raw('ms-keep-alive')).toContain('timeout=300');
    expect(answer.raw('presence-state')).toBe('register-action="added"');
  });

  it('2011: one person has a hundred endpoints at most, so that nobody fills the server alone', () => {
    const test = new TestHome();
    const all = Array.from({ length: 100 }, () => test.signIn('alice@contoso.example'));
    const refused = test.endpoint('alice@contoso.example').register(testPassword);
    expect(refused.status).toBe(403);
    expect(refused.header('ms-diagnostics-public')).toBe('2011;reason="You are signed in at too many places"');
    expect(all[0]?.register(testPassword).status).toBe(200);
    expect(test.signIn('bob@contoso.example').gruu).not.toBe('');
    all[0]?.connection.lose();
    expect(test.signIn('alice@contoso.example').gruu).not.toBe('');
  });

  it('REG-2: a client that names neither epid nor reg-id gets no reg-id back, and keeps its GRUU', () => {
    const test = new TestHome();
    const gruus = [0, 1].map(() => {
      const flow = test.signIn('alice@contoso.example');
      const text = flow
        .write('REGISTER', 'sip:contoso.example', {
          to: flow.aor,
          contact: null,
          headers: [['Contact', '<sip:a@10.0.0.1:1>;+sip.instance="<urn:uuid:0c2e6d4a-1111-4222-8333-444455556666>"']],
        })
        .replace(/;epid=\w+/, '');
      flow.connection.send(text);
      return /^Contact:.*$/m.exec(test.ladder.at(-1)?.text ?? '')?.[0];
    });
    expect(gruus[0]).toContain('gruu="sip:alice@contoso.example;opaque=user:epid:');
    expect(gruus[0]).not.toContain('reg-id');
    expect(gruus[0]).toBe(gruus[1]);
  });

  it('REG-10: says refreshed the second time', () => {
    const alice = new TestHome().signIn('alice@contoso.example');
    expect(alice.register(testPassword).raw('presence-state')).toBe('register-action="refreshed"');
  });

  it('REG-11: the same endpoint on another connection replaces the first; its GRUU leads to the new one', () => {
    const test = new TestHome();
    const events = watch(test);
    const old = test.signIn('bob@contoso.example', { epid: 'laptop' });
    const fresh = test.signIn('bob@contoso.example', { epid: 'laptop' });
    expect(fresh.gruu).toBe(old.gruu);
    expect(old.expect('NOTIFY').body).toBe('deregistered;event=unregistered');
    const alice = test.signIn('alice@contoso.example');
    alice.request('MESSAGE', old.gruu);
    expect(fresh.expect('MESSAGE').method).toBe('MESSAGE');
    expect(old.request('MESSAGE', alice.aor).final.status).toBe(403);
    expect(old.connection.flow.owner).toBeNull();
    old.connection.lose();
    expect(test.home.context.endpointsOf(fresh.aor)).toHaveLength(1);
    expect(events).toEqual(['added laptop', 'added alice1']);
  });

  it('REG-11: another epid is another endpoint', () => {
    const test = new TestHome();
    test.signIn('bob@contoso.example');
    const second = test.signIn('bob@contoso.example');
    expect(test.home.context.endpointsOf(second.aor).map((endpoint) => endpoint.epid)).toEqual(['bob1', 'bob2']);
  });

  it('REG-13: Expires 0 signs out and is answered with Expires 0', () => {
    const test = new TestHome();
    const events = watch(test);
    const alice = test.signIn('alice@contoso.example');
    const answer = alice.register(testPassword, 0);
    expect(answer.status).toBe(200);
    expect(answer.raw('expires')).toBe('0');
    expect(events).toEqual(['added alice1', 'removed alice1 last']);
  });

  it('REG-13: a sign-out without epid is that of the flow (JsSIP leaves it out)', () => {
    const test = new TestHome();
    const alice = test.signIn('alice@contoso.example');
    const instance = `<sip:x@x.invalid>;+sip.instance="<urn:uuid:${alice.instance}>";expires=0`;
    const draft = { to: alice.aor, contact: null, headers: [['Contact', instance]] as const };
    alice.connection.send(alice.write('REGISTER', 'sip:contoso.example', draft).replace(/;epid=\w+/, ''));
    expect(test.home.context.endpointsOf(alice.aor)).toEqual([]);
  });

  it('RFC 3261 §10.2.2: Contact * signs out all endpoints of the person', () => {
    const test = new TestHome();
    const events = watch(test);
    const alice = test.signIn('alice@contoso.example');
    test.signIn('alice@contoso.example');
    const headers = [
      ['Contact', '*'],
      ['Expires', '0'],
    ] as const;
    alice.request('REGISTER', 'sip:contoso.example', { to: alice.aor, contact: null, headers });
    expect(events.slice(2)).toEqual(['removed alice1', 'removed alice2 last']);
  });

  it('REG-14: a lost connection and a lapsed registration end the endpoint', () => {
    const test = new TestHome();
    const events = watch(test);
    const alice = test.signIn('alice@contoso.example');
    test.signIn('bob@contoso.example');
    alice.connection.lose();
    test.clock.advance(3600_000);
    expect(events.slice(2)).toEqual(['removed alice1 last', 'removed bob1 last']);
  });

  it('a lapsed registration has to be proved anew', () => {
    const test = new TestHome();
    const alice = test.signIn('alice@contoso.example');
    test.clock.advance(3600_000);
    expect(alice.register('wrong guess').status).toBe(401);
  });

  it('a connection that proved who it is, but is not registered, does not outlive the account either', () => {
    const test = new TestHome();
    const alice = test.endpoint('alice@contoso.example');
    expect(alice.register(testPassword, 10).status).toBe(423);
    test.home.accounts.setDisabled(alice.aor, true);
    expect(alice.register(testPassword).status).toBe(403);
  });

  it('a refresh in time keeps the endpoint', () => {
    const test = new TestHome();
    const alice = test.signIn('alice@contoso.example');
    test.clock.advance(3000_000);
    alice.register(testPassword);
    test.clock.advance(3000_000);
    expect(test.home.context.endpointsOf(alice.aor)).toHaveLength(1);
  });

  it('RFC 3261 §10.3: 423 for an interval that is too brief', () => {
    const answer = new TestHome().endpoint('alice@contoso.example').register(testPassword, 10);
    expect(answer.status).toBe(423);
    expect(answer.raw('min-expires')).toBe('60');
  });

  it.each([
    ['no From tag', (text: string) => text.replace(/;tag=[^;]*/, ''), 400],
    ['an epid of 17 characters', (text: string) => text.replace(/;epid=\w+/, ';epid=12345678901234567'), 400],
    ['no user', (text: string) => text.replaceAll('sip:alice@contoso.example', 'sip:contoso.example'), 400],
    ['another domain', (text: string) => text.replaceAll('alice@contoso.example', 'alice@fabrikam.example'), 404],
  ])('refuses a REGISTER with %s', (_, change, status) => {
    const test = new TestHome();
    const alice = test.endpoint('alice@contoso.example');
    alice.connection.send(change(alice.write('REGISTER', 'sip:contoso.example', { to: alice.aor })));
    expect(test.ladder.at(-1)?.text).toMatch(new RegExp(`^SIP/2.0 ${status} `));
  });

  it('lync-wire 1.6: a disabled person is told so at every endpoint and is out', () => {
    const test = new TestHome();
    const alice = test.signIn('alice@contoso.example', { epid: '01a7c4d2e9' });
    const phone = test.signIn('alice@contoso.example');
    test.home.accounts.setDisabled(alice.aor, true);
    const notice = alice.expect('NOTIFY');
    expect(notice.raw('event')).toBe('registration-notify');
    expect(notice.raw('subscription-state')).toBe('terminated;expires=0');
    expect(notice.raw('ms-diagnostics-public')).toBe('4141;reason="User disabled"');
    expect(notice.contentType).toBe('text/registration-event');
    expect(notice.body).toBe('deregistered;event=rejected');
    expect(notice.raw('call-id')).toBe('register-01a7c4d2e9');
    expect(notice.raw('to')).toContain(';epid=01a7c4d2e9');
    expect(phone.expect('NOTIFY').body).toBe('deregistered;event=rejected');
    expect(alice.request('OPTIONS', 'sip:contoso.example').final.status).toBe(403);
  });

  it('removal and a new password sign out too; enabling lets back in', () => {
    const test = new TestHome();
    const alice = test.signIn('alice@contoso.example');
    const bob = test.signIn('bob@contoso.example');
    test.home.accounts.remove(alice.aor);
    test.home.accounts.setPassword(bob.aor, 'another password');
    expect(alice.expect('NOTIFY').raw('ms-diagnostics-public')).toContain('1003');
    expect(bob.expect('NOTIFY').raw('ms-diagnostics-public')).toContain('The password was changed');
    expect(test.endpoint('bob@contoso.example').register(testPassword).status).toBe(401);
    expect(test.signIn('bob@contoso.example', { password: 'another password' }).gruu).not.toBe('');
  });
});

function watch({ home }: TestHome): string[] {
  const events: string[] = [];
  home.context.onEndpointAdded(({ epid }: Endpoint) => events.push(`added ${epid}`));
  home.context.onEndpointRemoved(({ epid }, last) => events.push(`removed ${epid}${last ? ' last' : ''}`));
  return events;
}
