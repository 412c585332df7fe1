import { beforeEach, describe, expect, it } from 'vitest';
import { SipProxy } from './proxy';
import type { Reply, Role, RoleRequest } from './role';
import { RoleDialogs } from './roleDialogs';
import { Router } from './router';
import { ServerTransaction } from './serverTransaction';
import { messageOf, type TestEndpoint } from './testing/endpoint';
import { TestHome } from './testing/home';

/** A role that says its name and what it got. */
function named(name: string, got: RoleRequest[] = []): Role {
  return {
    handle(request, reply) {
      got.push(request);
      reply(200, name);
    },
  };
}

describe('routing to roles', () => {
  let test: TestHome;
  let alice: TestEndpoint;
  let router: Router;
  let dialogs: RoleDialogs;
  let got: RoleRequest[];

  beforeEach(() => {
    test = new TestHome();
    alice = test.signIn('alice@contoso.example');
    dialogs = new RoleDialogs(test.home.core);
    got = [];
    const roles = {
      applications: [
        ['app:conf:focusfactory', named('factory')],
        ['app:conf:focus:', { handle: focus }],
      ] as const,
      events: new Map([['presence', named('presence', got)]]),
      services: new Map([['application/soap+xml', named('contacts')]]),
      domainServices: new Map([['application/soap+xml', named('directory')]]),
    };
    router = new Router(test.home.core, roles, dialogs, new SipProxy(test.home.core));
  });

  function focus(request: RoleRequest, reply: Reply): void {
    if (request.method === 'SERVICE') throw new Error('a bug');
    const local = { uri: request.uri, contact: `<${request.uri}>;isfocus` };
    dialogs.create(request, local, (later, answer) => answer(200, `in dialog: ${later.method}`));
    reply(200, 'focus');
  }

  /** The start line of the answer to a request of alice's. */
  function route(method: string, uri: string, draft: Parameters<TestEndpoint['write']>[2] = {}): string {
    const binding = test.home.core.registrations.ofFlow(alice.connection.flow);
    if (binding === undefined) throw new Error('not signed in');
    const request = messageOf(alice.write(method, uri, draft));
    router.route(new ServerTransaction(alice.connection.flow, request, new Map(), 'fe1'), binding);
    return test.ladder.at(-1)?.text.split('\r\n')[0] ?? '';
  }

  const soap = { contentType: 'application/SOAP+xml; charset=UTF-8', body: '<x/>' };
  const focusUri = 'sip:alice@contoso.example;gruu;opaque=app:conf:focus:id:7K2M9QXA';

  it('503: what costs much is taken fifty times a second from one connection, after a first rush', () => {
    const ask = () => route('SERVICE', alice.aor, soap);
    const taken = Array.from({ length: 2_500 }, ask).filter((line) => line === 'SIP/2.0 200 contacts');
    expect(taken).toHaveLength(2_000);
    expect(route('SUBSCRIBE', alice.aor, { headers: [['Event', 'presence']] })).toBe('SIP/2.0 503 Service Unavailable');
    expect(test.ladder.at(-1)?.text).toContain('Retry-After: 1\r\n');
    expect(route('INVITE', focusUri)).toBe('SIP/2.0 200 focus');
    test.clock.advance(1_000);
    expect(Array.from({ length: 60 }, ask).filter((line) => line === 'SIP/2.0 200 contacts')).toHaveLength(50);
  });

  it('lync-wire 0.3 rule d: by opaque, never to the endpoints of the person', () => {
    expect(route('INVITE', 'sip:alice@contoso.example;opaque=app:conf:focusfactory;gruu')).toBe('SIP/2.0 200 factory');
    expect(route('INVITE', focusUri)).toBe('SIP/2.0 200 focus');
    expect(alice.incoming).toEqual([]);
  });

  it('by event package, parameters aside', () => {
    expect(route('SUBSCRIBE', alice.aor, { headers: [['Event', 'presence;id=7']] })).toBe('SIP/2.0 200 presence');
    expect(route('SUBSCRIBE', alice.aor, { headers: [['Event', 'presence.wpending']] })).toBe('SIP/2.0 489 Bad Event');
  });

  it('by content type, in any case: to a person, or to the domain', () => {
    expect(route('SERVICE', alice.aor, soap)).toBe('SIP/2.0 200 contacts');
    expect(route('SERVICE', 'sip:contoso.example', soap)).toBe('SIP/2.0 200 directory');
  });

  it('tells a role what came, as text', () => {
    route('SUBSCRIBE', alice.aor, {
      headers: [
        ['Event', 'presence'],
        ['Supported', 'a, b'],
        ['supported', 'c'],
      ],
      fromTag: 'ft',
      body: 'grüße',
    });
    const [request] = got;
    expect(request).toMatchObject({
      method: 'SUBSCRIBE',
      to: alice.aor,
      fromTag: 'ft',
      toTag: '',
      contentType: '',
      body: 'grüße',
    });
    expect(request?.from).toMatchObject({ aor: alice.aor, epid: 'alice1', displayName: 'Alice Ångström' });
    expect(request?.values('Supported')).toEqual(['a', 'b', 'c']);
  });

  it("gives a dialog's requests to its handler, and 481 to a dialog that is unknown", () => {
    route('INVITE', focusUri, { callId: 'focus-55', fromTag: 'f10c' });
    const toTag = /^To: .*;tag=(\w+)/m.exec(test.ladder.at(-1)?.text ?? '')?.[1] ?? '';
    expect(route('INFO', focusUri, { callId: 'focus-55', fromTag: 'f10c', toTag })).toBe('SIP/2.0 200 in dialog: INFO');
    expect(route('INFO', focusUri, { callId: 'focus-55', fromTag: 'f10c', toTag: 'other' })).toMatch(/^SIP\/2\.0 481 /);
    expect(route('SUBSCRIBE', alice.aor, { headers: [['Event', 'presence']], toTag: 'before-restart' })).toMatch(
      / 481 /,
    );
  });

  it('answers 500 for a role that fails', () => {
    expect(route('SERVICE', focusUri)).toBe('SIP/2.0 500 Server Internal Error');
  });
});
