import { afterEach, describe, expect, it } from 'vitest';
import { headerOf, headersOf } from '../protocol/sip/message';
import { hasLine } from '../testing/scriptedPeer';
import { TestUserAgent } from '../testing/testUserAgent';

let alice: TestUserAgent;
const begin = (): TestUserAgent => {
  alice = new TestUserAgent();
  return alice;
};
afterEach(async () => {
  alice.peer.onRegister = (request) => alice.peer.answer(request, 200, 'OK');
  await Promise.all([alice.agent.stop(), alice.elapse(2_000)]);
  expect(alice.world.ticking).toBe(0);
});

describe('registration', () => {
  it('lync-wire 1.2: REGISTER announces the endpoint as a Lync client does', async () => {
    const { agent, peer } = begin();
    agent.start();
    await alice.settle();
    const register = peer.take('REGISTER');
    expect(register.uri).toBe('sip:contoso.example');
    expect(headerOf(register, 'From')).toMatch(/^<sip:alice@contoso\.example>;tag=\w+;epid=01a7c4d2e9$/);
    expect(headerOf(register, 'To')).toBe('<sip:alice@contoso.example>');
    expect(headerOf(register, 'Contact')).toContain('proxy=replace');
    expect(headerOf(register, 'Contact')).toContain('+sip.instance="<urn:uuid:63bfdf93-25a1-57a5-a4d0-0c8030515897>"');
    expect(hasLine(register, 'Supported', 'gruu-10, adhoclist, msrtc-event-categories')).toBe(true);
    expect(hasLine(register, 'Event', 'registration')).toBe(true);
    expect(hasLine(register, 'ms-keep-alive', 'UAC;hop-hop=yes')).toBe(true);
    expect(alice.told).toEqual(['connecting', 'connected', 'registered']);
  });

  it('REG-2: takes the quoted gruu of its own Contact, and puts it into Contact afterwards', async () => {
    const { agent, peer } = begin();
    peer.onRegister = (request) =>
      peer.answer(request, 200, 'OK', {
        headers: [
          'Contact: <sip:other@x.invalid>;+sip.instance="<urn:uuid:1911ff5a-268e-56a1-aca5-05e183ff647c>";gruu="sip:alice@contoso.example;opaque=user:epid:other;gruu", <sip:a@b.invalid>;+sip.instance="<urn:uuid:63BFDF93-25A1-57A5-A4D0-0C8030515897>";gruu="sip:alice@contoso.example;opaque=user:epid:mine;gruu"',
          'Expires: 7200',
        ],
      });
    agent.start();
    await alice.settle();
    expect(agent.gruu).toBe('sip:alice@contoso.example;opaque=user:epid:mine;gruu');
    void agent.service('sip:alice@contoso.example', { contentType: 'application/SOAP+xml', body: '<x/>' });
    await alice.settle();
    expect(headersOf(peer.take('SERVICE'), 'Contact')).toEqual([
      '<sip:alice@contoso.example;opaque=user:epid:mine;gruu>',
    ]);
  });

  it('RFC 2617: answers a digest challenge, and no password or response is in the trace', async () => {
    const { agent, peer } = begin();
    let challenged = false;
    peer.onRegister = (request) => {
      if (challenged) return peer.acceptRegistration(request);
      challenged = true;
      const challenge = 'WWW-Authenticate: Digest realm="contoso.example", nonce="n0", algorithm=MD5, qop="auth"';
      return peer.answer(request, 401, 'Unauthorized', { headers: [challenge] });
    };
    agent.start();
    await alice.settle();
    expect(peer.ladder).toEqual(['> REGISTER', '< 401 REGISTER', '> REGISTER', '< 200 REGISTER']);
    const [first, second] = [peer.take('REGISTER'), peer.take('REGISTER')];
    expect(headerOf(second, 'CSeq')).not.toBe(headerOf(first, 'CSeq'));
    expect(headerOf(second, 'Call-ID')).toBe(headerOf(first, 'Call-ID'));
    expect(headerOf(second, 'Authorization')).toMatch(/username="alice@contoso\.example".*response="[0-9a-f]{32}"/);
    expect(headerOf(second, 'From')).toContain(';epid=01a7c4d2e9');
    const written = alice.trace.map(({ text }) => text).join('\n');
    expect(written).toContain('response="***"');
    expect(written).not.toMatch(/response="[0-9a-f]{32}"|rose petal/);
    // The number that the digest took is not used again.
    await alice.elapse(3_570_000);
    expect(Number.parseInt(headerOf(peer.take('REGISTER'), 'CSeq') ?? '', 10)).toBe(
      Number.parseInt(headerOf(second, 'CSeq') ?? '', 10) + 1,
    );
  });

  it.each([
    [401, 'Unauthorized'],
    [403, 'Forbidden'],
    [404, 'Not Found'],
    [503, 'Service Unavailable'],
  ])('a first answer of %i ends it, with what the server said', async (status, reason) => {
    const { agent, peer } = begin();
    peer.onRegister = (request) =>
      peer.answer(request, status, reason, {
        headers: ['ms-diagnostics: 4141;reason="User disabled";source="fe1.contoso.example"', 'Retry-After: 30'],
      });
    agent.start();
    await alice.settle();
    expect(alice.states.at(-1)).toEqual({
      is: 'refused',
      failure: {
        is: 'rejected',
        status,
        reason,
        diagnostics: { id: 4141, reason: 'User disabled', source: 'fe1.contoso.example' },
        retryAfterSeconds: 30,
      },
    });
    await alice.elapse(60_000);
    expect(peer.ladder).toEqual(['> REGISTER', `< ${status} REGISTER`]);
  });

  it('something that does not speak SIP is told apart from nothing at all', async () => {
    const { agent, peer } = begin();
    peer.onRegister = () => undefined;
    agent.start();
    await alice.elapse(10_000);
    expect(alice.states.at(-1)).toEqual({ is: 'refused', failure: { is: 'timedOut', afterSeconds: 10 } });

    const nobody = new TestUserAgent();
    nobody.peer.pairs.network = 'down';
    nobody.agent.start();
    await nobody.settle();
    expect(nobody.told).toEqual(['connecting', 'unreachable']);

    const silence = new TestUserAgent();
    silence.peer.pairs.network = 'silent';
    silence.agent.start();
    await silence.elapse(7_999);
    expect(silence.told).toEqual(['connecting']);
    await silence.elapse(1);
    expect(silence.told).toEqual(['connecting', 'unreachable']);
    expect(silence.world.ticking).toBe(0);
  });

  it('an address that the page may not open is unreachable, too', async () => {
    alice = new TestUserAgent({
      openSocket: () => {
        throw new Error('SecurityError');
      },
    });
    alice.agent.start();
    await alice.settle();
    expect(alice.told).toEqual(['connecting', 'unreachable']);
  });

  it('REG-12: refreshes 30 s before the end, in the same Call-ID, and tells nobody', async () => {
    await begin().register();
    await alice.elapse(3_569_999);
    expect(alice.peer.ladder).toEqual([]);
    await alice.elapse(1);
    expect(alice.peer.ladder).toEqual(['> REGISTER', '< 200 REGISTER']);
    expect(alice.told).toEqual(['connecting', 'connected', 'registered']);
  });

  it('after a 5xx to a refresh it tries again, as late as Retry-After says', async () => {
    const { peer } = await begin().register();
    const answers = [500, 503];
    peer.onRegister = (request) => {
      const status = answers.shift();
      if (status === undefined) return peer.acceptRegistration(request);
      return peer.answer(request, status, 'x', { headers: status === 503 ? ['Retry-After: 9'] : [] });
    };
    await alice.elapse(3_570_000);
    await alice.elapse(1_000);
    expect(peer.ladder).toHaveLength(4);
    await alice.elapse(8_999);
    expect(peer.ladder).toHaveLength(4);
    await alice.elapse(1);
    expect(peer.ladder.slice(4)).toEqual(['> REGISTER', '< 200 REGISTER']);
    expect(alice.told).toEqual(['connecting', 'connected', 'registered']);
  });

  it('a refresh refused with 403 ends it: the account was disabled or its password changed', async () => {
    const { peer } = await begin().register();
    peer.onRegister = (request) => peer.answer(request, 403, 'Forbidden');
    await alice.elapse(3_570_000);
    expect(alice.told.at(-1)).toBe('refused');
  });

  it('lync-wire 1.6: a registration-notify ends it, with the word and the diagnostics of the server', async () => {
    const { peer } = await begin().register();
    peer.request(
      'NOTIFY',
      'sip:alice@contoso.example',
      '<sip:alice@contoso.example>;tag=9A0E11',
      '<sip:alice@contoso.example>;tag=5f1c7d20aa',
      {
        headers: [
          'Event: registration-notify',
          'subscription-state: terminated;expires=0',
          'ms-diagnostics-public: 4141;reason="User disabled"',
        ],
        contentType: 'text/registration-event',
        body: 'deregistered;event=rejected',
      },
    );
    await alice.settle();
    expect(alice.faults).toEqual([]);
    expect(peer.ladder.slice(0, 2)).toEqual(['< NOTIFY', '> 200 NOTIFY']);
    expect(alice.states.at(-1)).toEqual({
      is: 'deregistered',
      event: 'rejected',
      diagnostics: '4141;reason="User disabled"',
    });
  });

  it('REG-13: signs out with Expires 0 and closes the connection', async () => {
    const { peer, agent } = await begin().register();
    const stopped = agent.stop();
    await alice.settle();
    await stopped;
    const register = peer.take('REGISTER');
    expect(headersOf(register, 'Expires')).toEqual(['0']);
    expect(await agent.service('sip:alice@contoso.example', { contentType: 'a/b', body: '' })).toEqual({
      ok: false,
      failure: { is: 'offline' },
    });
    await alice.elapse(60_000);
    expect(peer.pairs.attempts).toBe(1);
  });
});
