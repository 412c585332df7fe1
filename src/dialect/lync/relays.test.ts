import { beforeEach, describe, expect, it } from 'vitest';
import { formatProvisioning } from '../../protocol/lync/provisioning';
import {
  formatRelayResponse,
  parseRelayRequest,
  type RelayOutcome,
  relayCredentialsType,
} from '../../protocol/lync/relayCredentials';
import { alice } from '../../testing/people';
import { ScriptedHome } from '../../testing/scriptedHome';

const mras = 'sip:edge1.contoso.example@contoso.example;gruu;opaque=srvr:MRAS:m1';
const hour = 3_600_000;

let home: ScriptedHome;
let outcome: RelayOutcome;
let durationMinutes: number;
beforeEach(() => {
  home = new ScriptedHome();
  outcome = 'OK';
  durationMinutes = 480;
  home.answers = (request) => {
    if (request.method !== 'SERVICE' || request.uri !== mras) return null;
    const { requestId, to, from } = parseRelayRequest(request.body);
    const relays = [
      { location: 'intranet' as const, hostName: 'edge1.contoso.example', udpPort: 3478, tcpPort: 443 },
      { location: 'intranet' as const, hostName: '2001:db8::1', udpPort: 3478, tcpPort: null },
    ];
    const granted = { id: '1', username: '1:alice', password: 'p', durationMinutes, realm: 'r', relays };
    const responses = outcome === 'OK' ? [granted] : [];
    const body = formatRelayResponse({ requestId, to, from, outcome, responses });
    return { status: 200, reason: 'OK', contentType: relayCredentialsType, body };
  };
});

async function signIn(mrasUri: string | null = mras): Promise<void> {
  const settings = new Map(mrasUri === null ? [] : [['mrasUri', mrasUri]]);
  home.documents.set('vnd-microsoft-provisioning-v2', {
    contentType: 'application/vnd-microsoft-roaming-provisioning-v2+xml',
    body: formatProvisioning([{ name: 'ServerConfiguration', settings }]),
  });
  await home.signIn();
}

async function relays() {
  const asked = home.dialect.media.relays();
  await home.settle();
  return asked;
}

const asked = () => home.sent('SERVICE').filter(({ uri }) => uri === mras);

describe('relay credentials', () => {
  it('MRS-5 are asked of the MRAS and become the addresses that a browser knows', async () => {
    await signIn();
    expect(await relays()).toEqual({
      ok: true,
      value: {
        servers: [
          {
            urls: ['turn:edge1.contoso.example:3478?transport=udp', 'turn:edge1.contoso.example:443?transport=tcp'],
            username: '1:alice',
            credential: 'p',
          },
          { urls: ['turn:[2001:db8::1]:3478?transport=udp'], username: '1:alice', credential: 'p' },
        ],
        renewAt: home.world.now() + 4 * hour,
      },
    });
    expect(parseRelayRequest(asked()[0]?.body ?? '')).toMatchObject({
      to: mras,
      from: alice,
      requests: [{ identity: alice, durationMinutes: 480 }],
    });
  });

  it('MRS-2 are renewed at half their life, and asked for once however many want them', async () => {
    await signIn();
    await Promise.all([relays(), relays()]);
    await home.elapse(4 * hour - 1_000);
    await relays();
    expect(asked()).toHaveLength(1);
    await home.elapse(1_000);
    await relays();
    expect(asked()).toHaveLength(2);
  });

  it('PRV-4 are not asked for where there is no MRAS, nor without a connection', async () => {
    await signIn(null);
    expect(await relays()).toMatchObject({ ok: true, value: { servers: [] } });
    home.peer.pairs.cut();
    expect(await home.dialect.media.relays()).toMatchObject({ ok: true, value: { servers: [] } });
    expect(asked()).toEqual([]);
  });

  it('MRS-4, MRS-5 that are refused mean only that there is no relay for now', async () => {
    await signIn();
    outcome = 'Server Busy';
    expect(await relays()).toMatchObject({ ok: true, value: { servers: [] } });
    outcome = 'OK';
    await home.elapse(61_000);
    expect(await relays()).toMatchObject({ ok: true, value: { servers: [{}, {}] } });
  });

  it.each([
    ['no document', () => (home.answers = () => null)],
    ['no time', () => (durationMinutes = 0)],
  ])('that come as %s are malformed', async (_what, arrange) => {
    arrange();
    await signIn();
    expect(await relays()).toMatchObject({ ok: false, failure: { is: 'malformed' } });
  });
});
