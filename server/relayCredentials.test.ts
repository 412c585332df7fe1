import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CredentialsRequest, formatRelayRequest, parseRelayResponse } from '../src/protocol/lync/relayCredentials';
import type { TestEndpoint } from './testing/endpoint';
import { TestHome } from './testing/home';

const turn = {
  servers: [
    { host: 'turn.contoso.example', port: 3478 },
    { host: 'turn2.contoso.example', port: 443 },
  ],
  secret: 'a secret of two houses',
};
const mras = 'sip:fe1.contoso.example@contoso.example;gruu;opaque=srvr:MRAS:m1';
const contentType = 'application/msrtc-media-relay-auth+xml';

let home: TestHome;
let alice: TestEndpoint;
beforeEach(() => {
  home = new TestHome({ turn });
  alice = home.signIn('alice@contoso.example');
});

const wish = (changes: Partial<CredentialsRequest> = {}): CredentialsRequest => ({
  id: '1',
  identity: alice.aor,
  location: 'intranet',
  durationMinutes: 480,
  ...changes,
});

const send = (body: string) => alice.request('SERVICE', mras, { contentType, body }).final;

function ask(requests: CredentialsRequest[], from: string = alice.aor) {
  const answer = send(formatRelayRequest({ requestId: '7731', to: mras, from, requests }));
  expect([answer.status, answer.header('content-type')]).toEqual([200, contentType]);
  return parseRelayResponse(answer.body);
}

describe('the media relay authentication service (lync-wire 8)', () => {
  it('MRS-5: gives a name, a password and every relay by name and ports', () => {
    const { requestId, to, from, outcome, responses } = ask([wish()]);
    expect({ requestId, to, from, outcome }).toEqual({ requestId: '7731', to: mras, from: alice.aor, outcome: 'OK' });
    expect(responses).toHaveLength(1);
    expect(responses[0]?.relays).toEqual([
      { location: 'intranet', hostName: 'turn.contoso.example', udpPort: 3478, tcpPort: 3478 },
      { location: 'intranet', hostName: 'turn2.contoso.example', udpPort: 443, tcpPort: 443 },
    ]);
  });

  it('MRS-6: the name holds when it ends, the password is what coturn computes from it', () => {
    const [credentials] = ask([wish({ durationMinutes: 60 })]).responses;
    const expiry = home.clock.now() / 1000 + 3600;
    expect(credentials?.username).toBe(`${expiry}:alice@contoso.example`);
    expect(credentials?.password).toBe(
      createHmac('sha1', turn.secret).update(`${expiry}:alice@contoso.example`).digest('base64'),
    );
  });

  it('MRS-2: holds for the minutes asked for, never longer than eight hours', () => {
    const minutesFor = (durationMinutes: number) => ask([wish({ durationMinutes })]).responses[0]?.durationMinutes;
    expect([minutesFor(5), minutesFor(480), minutesFor(100_000), minutesFor(0)]).toEqual([5, 480, 480, 480]);
  });

  it('MRS-1: answers for where the client is', () => {
    expect(ask([wish({ location: 'internet' })]).responses[0]?.relays[0]?.location).toBe('internet');
  });

  it('MRS-4: up to 100 requests in one, each answered by its id', () => {
    const many = Array.from({ length: 100 }, (_, number) => wish({ id: String(number) }));
    expect(ask(many).responses.map(({ id }) => id)).toEqual(many.map(({ id }) => id));
    expect(ask([...many, wish()])).toMatchObject({ outcome: 'Request Too Large', responses: [] });
    expect(ask([])).toMatchObject({ outcome: 'Request Malformed', responses: [] });
  });

  it("MRS-4: nobody gets another's credentials", () => {
    expect(ask([wish({ identity: 'sip:bob@contoso.example' })])).toMatchObject({ outcome: 'Forbidden', responses: [] });
    expect(ask([wish()], 'sip:bob@contoso.example')).toMatchObject({ outcome: 'Forbidden', responses: [] });
    expect(ask([wish({ identity: 'everybody' })]).outcome).toBe('Forbidden');
  });

  it('MRS-4: says which version it does not speak', () => {
    const text = formatRelayRequest({ requestId: '1', to: mras, from: alice.aor, requests: [wish()] });
    expect(parseRelayResponse(send(text.replace('version="1.0"', 'version="9.0"')).body).outcome).toBe(
      'Version Mismatch',
    );
  });

  it('refuses what it cannot read, and what is not for it', () => {
    expect(send('<request').status).toBe(400);
    expect(alice.request('SERVICE', mras, { contentType: 'text/plain', body: 'x' }).final.status).toBe(415);
    expect(alice.request('OPTIONS', mras).final.status).toBe(501);
  });

  it('is not there without relays', () => {
    alice = new TestHome().signIn('alice@contoso.example');
    expect(send(formatRelayRequest({ requestId: '1', to: mras, from: alice.aor, requests: [wish()] })).status).toBe(
      404,
    );
  });
});
