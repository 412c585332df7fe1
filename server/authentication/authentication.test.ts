import { describe, expect, it } from 'vitest';
import type { SipMessage } from '../codec';
import { refusals } from '../diagnostics';
import { digestAnswer, type TestEndpoint } from '../testing/endpoint';
import { TestHome, testPassword } from '../testing/home';

/** REGISTER with this Authorization, or none. */
function register(endpoint: TestEndpoint, authorization?: string): SipMessage {
  return endpoint.request('REGISTER', 'sip:contoso.example', {
    to: endpoint.aor,
    contact: 'sip:x@x.invalid;transport=ws',
    headers: [
      ['Expires', '600'],
      ...(authorization === undefined ? [] : ([['Authorization', authorization]] as const)),
    ],
  }).final;
}

function challengeOf(answer: SipMessage): string {
  return answer.header('www-authenticate') ?? '';
}

const uri = 'sip:contoso.example';

describe('sign-in by digest', () => {
  it('challenges a REGISTER with exactly one Digest header, and says what time it is', () => {
    const answer = register(new TestHome().endpoint('alice@contoso.example'));
    expect(answer.status).toBe(401);
    expect(answer.names.filter((name) => name === 'www-authenticate')).toHaveLength(1);
    expect(challengeOf(answer)).toMatch(
      /^Digest realm="contoso\.example", nonce="[0-9a-f]{49}", algorithm=MD5, qop="auth"$/,
    );
    expect(answer.header('date')).toBe('Mon, 02 Mar 2026 09:00:00 GMT');
  });

  it.each(['alice@contoso.example', 'alice', 'sip:alice@contoso.example'])('takes the user name %s', (username) => {
    const alice = new TestHome().endpoint('alice@contoso.example');
    const challenge = challengeOf(register(alice));
    const bare = username.replace('sip:', '');
    const value = digestAnswer(challenge, bare, testPassword, uri).replace(
      `username="${bare}"`,
      `username="${username}"`,
    );
    expect(register(alice, value).status).toBe(200);
  });

  it('gives an unknown name and a wrong password the same answer', () => {
    const test = new TestHome();
    const answers = ['alice@contoso.example', 'nobody@contoso.example'].map((address) => {
      const endpoint = test.endpoint(address, { epid: 'same' });
      return register(endpoint, digestAnswer(challengeOf(register(endpoint)), address, 'wrong guess', uri));
    });
    const told = answers.map((answer) => ({
      status: answer.status,
      reason: answer.reason,
      headers: answer.names,
      diagnostics: answer.header('ms-diagnostics'),
    }));
    expect(told[0]).toEqual(told[1]);
    expect(told[0]?.status).toBe(401);
  });

  it("does not take one person's password for another", () => {
    const test = new TestHome();
    test.addPerson('dora@contoso.example', 'Dora', 'a password of dora');
    const endpoint = test.endpoint('alice@contoso.example');
    const challenge = challengeOf(register(endpoint));
    const value = digestAnswer(challenge, 'dora@contoso.example', 'a password of dora', uri);
    expect(register(endpoint, value).status).toBe(401);
  });

  it('RFC 2617 §3.2.2: a nonce count is good once, the next one again', () => {
    const alice = new TestHome().endpoint('alice@contoso.example');
    const challenge = challengeOf(register(alice));
    const answer = (count: number): string =>
      digestAnswer(challenge, 'alice@contoso.example', testPassword, uri, count);
    expect(register(alice, answer(1)).status).toBe(200);
    alice.connection.flow.disown();
    const replayed = register(alice, answer(1));
    expect(replayed.status).toBe(401);
    expect(challengeOf(replayed)).toContain('stale=true');
    expect(register(alice, answer(2)).status).toBe(200);
  });

  it('takes a nonce of another connection, an old one and a made-up one for stale', () => {
    const test = new TestHome();
    const alice = test.endpoint('alice@contoso.example');
    const stolen = challengeOf(register(test.endpoint('alice@contoso.example')));
    const old = challengeOf(register(alice));
    const invented = old.replace(/nonce="\w/, 'nonce="f');
    test.clock.advance(5 * 60_000 + 1);
    for (const challenge of [stolen, old, invented]) {
      const answer = register(alice, digestAnswer(challenge, 'alice@contoso.example', testPassword, uri));
      expect(challengeOf(answer)).toContain('stale=true');
    }
  });

  it.each([
    ['another uri', 'uri="sip:contoso.example"', 'uri="sip:elsewhere.example"'],
    ['no qop', ', qop=auth', ''],
    ['another realm', 'realm="contoso.example"', 'realm="fabrikam.example"'],
    ['a response that is no hash', /response="\w+"/, 'response="none"'],
  ])('refuses %s', (_, part, replacement) => {
    const alice = new TestHome().endpoint('alice@contoso.example');
    const value = digestAnswer(challengeOf(register(alice)), 'alice@contoso.example', testPassword, uri);
    expect(register(alice, value.replace(part, replacement)).status).toBe(401);
  });

  it.each(['Digest', 'Digest ', 'Digest =,=,"', 'NTLM qop="auth"', 'Bearer x', ''])(
    'challenges again for %j',
    (value) => {
      const alice = new TestHome().endpoint('alice@contoso.example');
      expect(register(alice, value).status).toBe(401);
    },
  );

  it('does not challenge the refresh of a flow that proved who it is', () => {
    const alice = new TestHome().signIn('alice@contoso.example');
    expect(register(alice).status).toBe(200);
  });

  it('tells a disabled person so, after the right password only', () => {
    const test = new TestHome();
    const alice = test.endpoint('alice@contoso.example');
    test.home.accounts.setDisabled(alice.aor, true);
    const wrong = test.endpoint('alice@contoso.example').register('wrong guess');
    expect(wrong.status).toBe(401);
    const answer = alice.register(testPassword);
    expect(answer.status).toBe(403);
    expect(answer.header('ms-diagnostics-public')).toBe('4141;reason="User disabled"');
  });

  it('refuses a demo password away from loopback', () => {
    const test = new TestHome({ demoPasswordsWork: false, people: [] });
    const demo = test.endpoint('demo@contoso.example');
    test.home.accounts.add(demo.aor, { displayName: 'Demo' }, 'confab', true);
    expect(demo.register('confab').header('ms-diagnostics-public')).toContain(refusals.demoPassword.text);
    test.home.accounts.setPassword(demo.aor, 'a password of my own');
    expect(test.signIn('demo@contoso.example', { password: 'a password of my own' }).gruu).not.toBe('');
  });

  it('a full server says 503 with Retry-After to newcomers, and still refreshes', () => {
    const test = new TestHome({ maxEndpoints: 1 });
    const alice = test.signIn('alice@contoso.example');
    const answer = test.endpoint('bob@contoso.example').register(testPassword);
    expect(answer.status).toBe(503);
    expect(answer.header('retry-after')).toBe('60');
    expect(answer.header('ms-diagnostics')).toContain('The server is full');
    expect(register(alice).status).toBe(200);
  });
});

describe('throttling of failed sign-ins', () => {
  const fail = (test: TestHome, times: number, account: string, address: string): SipMessage => {
    const endpoint = test.endpoint(account, { address });
    let answer = endpoint.register('wrong guess');
    for (let time = 1; time < times; time += 1) answer = endpoint.register('wrong guess');
    return answer;
  };

  it('lets a person err a few times, then makes the address wait, longer each time', () => {
    const test = new TestHome();
    expect(fail(test, 5, 'alice@contoso.example', '192.0.2.7').status).toBe(401);
    const waits: (string | undefined)[] = [];
    for (let round = 0; round < 4; round += 1) {
      const blocked = test.endpoint('alice@contoso.example', { address: '192.0.2.7' }).register(testPassword);
      expect(blocked.status).toBe(503);
      waits.push(blocked.header('retry-after'));
      test.clock.advance(Number(blocked.header('retry-after')) * 1000);
      expect(fail(test, 1, 'alice@contoso.example', '192.0.2.7').status).toBe(401);
    }
    expect(waits).toEqual(['1', '2', '4', '8']);
  });

  it('does not lock the person out at another address', () => {
    const test = new TestHome();
    fail(test, 10, 'alice@contoso.example', '192.0.2.7');
    expect(test.signIn('alice@contoso.example', { address: '198.51.100.1' }).gruu).not.toBe('');
  });

  it('slows down one address that tries many people', () => {
    const test = new TestHome();
    for (let person = 0; person < 20; person += 1) fail(test, 1, `p${person}@contoso.example`, '192.0.2.7');
    expect(test.endpoint('bob@contoso.example', { address: '192.0.2.7' }).register(testPassword).status).toBe(503);
  });

  it('slows down many addresses that try one person', () => {
    const test = new TestHome();
    for (let host = 0; host < 50; host += 1) fail(test, 1, 'alice@contoso.example', `192.0.2.${host}`);
    expect(test.endpoint('alice@contoso.example', { address: '198.51.100.1' }).register(testPassword).status).toBe(503);
  });

  it('forgets after a success, and after a quarter of an hour', () => {
    const test = new TestHome();
    fail(test, 4, 'alice@contoso.example', '192.0.2.7');
    test.signIn('alice@contoso.example', { address: '192.0.2.7' });
    expect(fail(test, 4, 'alice@contoso.example', '192.0.2.7').status).toBe(401);
    test.clock.advance(15 * 60_000 + 1);
    expect(fail(test, 4, 'alice@contoso.example', '192.0.2.7').status).toBe(401);
    expect(test.signIn('alice@contoso.example', { address: '192.0.2.7' }).gruu).not.toBe('');
  });
});
