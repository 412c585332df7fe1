import { describe, expect, it } from 'vitest';
import { TestHome } from './testing/home';

const home = (): TestHome => new TestHome();

describe('a flow speaks only as the person that it proved to be', () => {
  it('refuses everything but REGISTER before sign-in', () => {
    const stranger = home().endpoint('alice@contoso.example');
    const refused = stranger.request('MESSAGE', 'sip:bob@contoso.example', { contact: null }).final;
    expect(refused.status).toBe(403);
    expect(refused.header('ms-diagnostics')).toContain('1000;reason=');
  });

  it('refuses everything again after sign-out', () => {
    const alice = home().signIn('alice@contoso.example');
    alice.register('unused', 0);
    expect(alice.request('OPTIONS', 'sip:contoso.example').final.status).toBe(403);
  });

  it("refuses another's From with 4004", () => {
    const test = home();
    const bob = test.signIn('bob@contoso.example');
    const mallory = test.signIn('carol@contoso.example');
    const refused = mallory.request('MESSAGE', bob.aor, { from: 'sip:alice@contoso.example' }).final;
    expect(refused.status).toBe(403);
    expect(refused.header('ms-diagnostics-public')).toContain('4004');
    expect(bob.incoming).toEqual([]);
  });

  it.each([
    ['P-Asserted-Identity', '"Alice" <sip:alice@contoso.example>'],
    ['P-Preferred-Identity', '<sip:alice@contoso.example>'],
    ['P-Asserted-Identity', '<sip:carol@contoso.example>, <sip:alice@contoso.example>'],
    ['Ms-Sender', '<sip:alice@contoso.example>'],
    ['ms-sender', 'nonsense'],
  ])('refuses %s naming another: %s', (name, value) => {
    const test = home();
    const bob = test.signIn('bob@contoso.example');
    const mallory = test.signIn('carol@contoso.example');
    expect(mallory.request('MESSAGE', bob.aor, { headers: [[name, value]] }).final.status).toBe(403);
    expect(bob.incoming).toEqual([]);
  });

  it("puts the server's word in place of a client's own identity", () => {
    const test = home();
    const bob = test.signIn('bob@contoso.example');
    const carol = test.signIn('carol@contoso.example');
    carol.request('MESSAGE', bob.aor, { headers: [['P-Asserted-Identity', '"The Boss" <sip:carol@contoso.example>']] });
    expect(bob.expect('MESSAGE').rawValues('p-asserted-identity')).toEqual([
      '"Carol Chen" <sip:carol@contoso.example>',
    ]);
  });

  it.each([
    ["another's GRUU", (victim: string) => victim],
    ["another's address", () => 'sip:alice@contoso.example'],
    ['a made-up GRUU of her own', () => 'sip:carol@contoso.example;opaque=user:epid:AAAAAAAAAAAAAAAAAAAAAAAA;gruu'],
    ['a conference', () => 'sip:carol@contoso.example;gruu;opaque=app:conf:focus:id:7K2M9QXA'],
    ['another connection', () => 'sip:198.51.100.7:5060'],
  ])('refuses a Contact that is %s', (_, contactOf) => {
    const test = home();
    const alice = test.signIn('alice@contoso.example');
    const bob = test.signIn('bob@contoso.example');
    const mallory = test.signIn('carol@contoso.example');
    const refused = mallory.request('INVITE', bob.aor, { contact: contactOf(alice.gruu) }).final;
    expect(refused.status).toBe(403);
    expect(bob.incoming).toEqual([]);
  });

  it('refuses two Contacts', () => {
    const test = home();
    const bob = test.signIn('bob@contoso.example');
    const mallory = test.signIn('carol@contoso.example');
    const second = [['Contact', `<${bob.gruu}>`]] as const;
    expect(mallory.request('INVITE', bob.aor, { headers: second }).final.status).toBe(403);
  });

  it('[MS-SIP] 3.1.5.3: a Contact of the own connection goes on as the GRUU', () => {
    const test = home();
    const bob = test.signIn('bob@contoso.example');
    const carol = test.signIn('carol@contoso.example');
    carol.request('INVITE', bob.aor, { contact: `sip:${carol.epid}@${carol.epid}.invalid;transport=ws` });
    expect(bob.expect('INVITE').raw('contact')).toBe(`<${carol.gruu}>`);
  });

  it("refuses a REGISTER for another on a proved flow, one in another's name, and one with another's Contact", () => {
    const test = home();
    const mallory = test.signIn('carol@contoso.example');
    const alice = { from: 'sip:alice@contoso.example', to: 'sip:alice@contoso.example' };
    const fresh = () => test.endpoint('carol@contoso.example');
    expect(mallory.request('REGISTER', 'sip:contoso.example', alice).final.status).toBe(403);
    expect(fresh().request('REGISTER', 'sip:contoso.example', { to: alice.to }).final.status).toBe(403);
    const claimed = { to: 'sip:carol@contoso.example', contact: 'sip:alice@contoso.example' };
    expect(fresh().request('REGISTER', 'sip:contoso.example', claimed).final.status).toBe(403);
  });

  it('passes no credentials, routes or hops of the sender on', () => {
    const test = home();
    const bob = test.signIn('bob@contoso.example');
    const carol = test.signIn('carol@contoso.example');
    const headers = ['Route', 'Record-Route', 'Authorization', 'Proxy-Authorization'].map(
      (name) => [name, '<sip:x@y>'] as const,
    );
    carol.request('MESSAGE', bob.aor, { headers });
    const arrived = bob.expect('MESSAGE');
    expect(arrived.names.filter((name) => /route|authorization/.test(name))).toEqual([]);
    expect(arrived.raw('max-forwards')).toBe('69');
  });

  it.each(['NOTIFY', 'BENOTIFY'])('passes no %s between clients: native ones believe it by its Event', (method) => {
    const test = home();
    const bob = test.signIn('bob@contoso.example');
    const carol = test.signIn('carol@contoso.example');
    carol.request(method, bob.gruu, { headers: [['Event', 'registration-notify']] });
    carol.request(method, bob.aor, { headers: [['Event', 'presence']] });
    expect(bob.incoming).toEqual([]);
  });

  it('lets a response change nothing but the endpoint that was asked', () => {
    const test = home();
    const alice = test.signIn('alice@contoso.example');
    const bob = test.signIn('bob@contoso.example');
    const carol = test.signIn('carol@contoso.example');
    const message = alice.request('MESSAGE', bob.gruu);
    const request = bob.expect('MESSAGE');
    carol.answer(request, 200, 'OK');
    expect(message.isAnswered).toBe(false);
    bob.answer(request, 200, 'OK');
    expect(message.final.status).toBe(200);
  });

  it("puts the callee's own GRUU into its answer", () => {
    const test = home();
    const alice = test.signIn('alice@contoso.example');
    const bob = test.signIn('bob@contoso.example');
    const carol = test.signIn('carol@contoso.example');
    const invite = alice.request('INVITE', bob.aor);
    const bobsGruu = bob.gruu;
    bob.gruu = carol.gruu;
    bob.answer(bob.expect('INVITE'), 200, 'OK', { headers: [['P-Asserted-Identity', '<sip:carol@contoso.example>']] });
    expect(invite.final.raw('contact')).toBe(`<${bobsGruu}>`);
    expect(invite.final.raw('p-asserted-identity')).toBeUndefined();
  });
});
