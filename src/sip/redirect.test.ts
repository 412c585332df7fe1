import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { edgeClose } from '../protocol/shared/edgeClose';
import type { SipMessage } from '../protocol/sip/message';
import { TestUserAgent } from '../testing/testUserAgent';
import { redirectUrl } from './redirect';

const edge = 'wss://edge.contoso.example/sip';

let alice: TestUserAgent;
beforeEach(() => {
  alice = new TestUserAgent({ server: edge });
});
afterEach(async () => {
  await Promise.all([alice.agent.stop(), alice.elapse(5_000)]);
  expect(alice.world.ticking).toBe(0);
});

/** Sends everybody on who is at one of these places. */
function redirects(places: Record<string, readonly string[]>): void {
  alice.peer.onRegister = (request: SipMessage) => {
    const contacts = places[alice.peer.urls.at(-1) ?? ''];
    if (contacts === undefined) return alice.peer.acceptRegistration(request);
    const headers = [...contacts.map((contact) => `Contact: ${contact}`), 'Expires: 2592000'];
    return alice.peer.answer(request, 301, 'Redirect request to Home Server', { headers });
  };
}

describe('301 to REGISTER (lync-wire 1.6), through an edge', () => {
  it('signs in at the server that is named, by way of the same edge', async () => {
    redirects({ [edge]: ['<sip:fe2.contoso.example:5061;transport=tls>'] });
    alice.agent.start();
    await alice.settle();
    expect(alice.peer.urls).toEqual([edge, `${edge}/fe2.contoso.example:5061`]);
    expect(alice.told).toEqual(['connecting', 'connected', 'connecting', 'connected', 'registered']);
    expect(alice.peer.ladder).toEqual(['> REGISTER', '< 301 REGISTER', '> REGISTER', '< 200 REGISTER']);
    expect(alice.trace.find(({ text }) => text.startsWith('sent on to'))?.text).toContain('fe2.contoso.example');
  });

  it('ms-cluster-failover: takes the best of several, and the next when the edge cannot reach it', async () => {
    redirects({
      [edge]: [
        '<sip:fe2.contoso.example:5061;transport=tls>;q=0.3, <sip:fe3.contoso.example>;q=0.7',
        '<sip:fe4:5070>;q=0.1',
      ],
      [`${edge}/fe2.contoso.example:5061`]: [],
    });
    const onRegister = alice.peer.onRegister;
    alice.peer.onRegister = (request) => {
      const at = alice.peer.urls.at(-1) ?? '';
      if (at.endsWith('/fe3.contoso.example:5061')) return alice.peer.close(edgeClose.unreachable, 'fe3 refuses');
      if (at.endsWith('/fe2.contoso.example:5061')) return alice.peer.close(edgeClose.notAllowed, 'fe2 is no server');
      return onRegister(request);
    };
    alice.agent.start();
    await alice.settle();
    expect(alice.peer.urls.slice(1).map((url) => url.slice(edge.length))).toEqual([
      '/fe3.contoso.example:5061',
      '/fe2.contoso.example:5061',
      '/fe4:5070',
    ]);
    expect(alice.told.at(-1)).toBe('registered');
  });

  it('a server that the edge does not carry to ends it, with the edge’s words', async () => {
    redirects({ [edge]: ['<sip:fe9.contoso.example:5061;transport=tls>'] });
    const onRegister = alice.peer.onRegister;
    alice.peer.onRegister = (request) =>
      alice.peer.urls.length > 1 ? alice.peer.close(edgeClose.notAllowed, 'fe9 is no server') : onRegister(request);
    alice.agent.start();
    await alice.settle();
    expect(alice.states.at(-1)).toEqual({
      is: 'unreachable',
      closed: { code: edgeClose.notAllowed, reason: 'fe9 is no server' },
    });
  });

  it('a circle, a redirection to nowhere, and one to where we are, are refusals', async () => {
    const [one, other] = [`${edge}/fe1.contoso.example:5061`, `${edge}/fe2.contoso.example:5061`];
    const [to1, to2] = ['<sip:fe1.contoso.example>', '<sip:fe2.contoso.example>'];
    redirects({ [edge]: [to1], [one]: [to2], [other]: [to1] });
    alice.agent.start();
    await alice.settle();
    expect(alice.states.at(-1)).toMatchObject({ is: 'refused', failure: { status: 301 } });
    expect(alice.peer.urls).toHaveLength(6);

    for (const contacts of [[], ['<tel:+1>'], [to1]]) {
      const bob = new TestUserAgent({ server: one });
      bob.peer.onRegister = (request) =>
        bob.peer.answer(request, 302, 'Moved', { headers: contacts.map((contact) => `Contact: ${contact}`) });
      bob.agent.start();
      await bob.settle();
      expect(bob.told).toEqual(['connecting', 'connected', 'refused']);
    }
  });

  it('after a loss the first server is asked again, which may know better by then', async () => {
    redirects({ [edge]: ['<sip:fe2.contoso.example>'] });
    alice.agent.start();
    await alice.settle();
    redirects({ [edge]: ['<sip:fe3.contoso.example>'] });
    alice.peer.pairs.cut();
    await alice.elapse(4_000);
    expect(alice.peer.urls.map((url) => url.slice(edge.length))).toEqual([
      '',
      '/fe2.contoso.example:5061',
      '',
      '/fe3.contoso.example:5061',
    ]);
    expect(alice.told.at(-1)).toBe('registered');
  });

  it.each([
    ['wss://edge/sip', 'wss://edge/sip/fe2:5061'],
    ['wss://edge:8443/lync/sip/fe1:5061', 'wss://edge:8443/lync/sip/fe2:5061'],
    ['wss://gateway/ws', null],
    ['wss://gateway/', null],
  ])('from %s', (server, expected) => {
    expect(redirectUrl(server, 'fe2:5061')).toBe(expected);
  });
});
