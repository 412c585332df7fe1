import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testPassword } from '../../../server/testing/home';
import { type Link, links } from '../../domain/checkup';
import type { ConversationId } from '../../domain/ids';
import type { Aor } from '../../protocol/sip/uri';
import { HomeBench } from '../../testing/homeBench';
import { HomeClient } from '../../testing/homeClient';
import { alice, bob } from '../../testing/people';
import { Recorder } from '../../testing/recorder';
import { testDevice } from '../../testing/testDevice';

const turn = { servers: [{ host: 'turn.contoso.example', port: 3478 }], secret: 'relay secret', lifetimeMs: 3_600_000 };
const allFine = Object.fromEntries(links.map((link) => [link, 'fine']));

let bench: HomeBench;
let a: HomeClient;
beforeEach(() => {
  bench = new HomeBench({ turn });
  a = new HomeClient(bench, alice);
});
afterEach(() => bench.close());

const neverMade = () => Promise.reject(new Error('none'));
const focuses = (): string[] => a.trace.flatMap(({ text }) => /^INVITE (\S*conf:focus:id:\S+) /.exec(text)?.[1] ?? []);

async function watchesAlice() {
  const host = new Recorder();
  const dialect = bench.dialect(bob, host);
  const signedIn = dialect.signIn(() => undefined);
  await bench.elapse(1_000);
  await signedIn;
  dialect.presence.watch([alice]);
  await bench.elapse(1_000);
  return host;
}

describe('before sign-in', () => {
  it('everything is tried with what the form holds, and nothing is left of it', async () => {
    const bobs = await watchesAlice();
    const before = a.client.state;
    await a.checkup(a.form());
    expect(a.links).toEqual(allFine);
    const { checkup } = a.client.state;
    expect(checkup).toMatchObject({ address: 'alice@contoso.example', server: 'wss://contoso.example/sip' });
    expect(a.client.state).toEqual({ ...before, checkup });
    expect(a.history.items.size).toBe(0);
    expect(bench.home.home.core.registrations.of(alice)).toEqual([]);
    expect(focuses()).toHaveLength(1);
    for (const focus of focuses()) expect(bench.home.home.conferences.find(focus)).toBeUndefined();
    const statuses = bobs
      .all('presence.changed')
      .flatMap(({ people }) => people.map(({ presence }) => presence?.status));
    expect(new Set(statuses)).toEqual(new Set(['offline']));
  });

  it('a wrong password is named, what stands on it is skipped, and this browser is looked at all the same', async () => {
    await a.checkup(a.form('not the password'), { notifications: 'denied' });
    expect(a.links).toMatchObject({
      webSocket: 'fine',
      registration: 'broken: wrongPassword',
      settings: 'skipped: after registration',
      relay: 'skipped: after registration',
      notifications: 'broken: notificationsDenied',
      storage: 'fine',
    });
    expect(JSON.stringify(a.client.state.checkup)).not.toContain('not the password');
  });

  it('without a password it goes as far as the connection, and nobody fails to sign in', async () => {
    await a.checkup(a.form(''));
    expect(a.links).toMatchObject({ webSocket: 'fine', registration: 'skipped: noPassword', storage: 'fine' });
    expect(a.trace.filter(({ text }) => text.includes('Authorization:'))).toEqual([]);
  });

  it('without an address only this browser is looked at', async () => {
    await a.checkup({ ...a.form(), address: '' });
    expect(a.links).toMatchObject({ discovery: 'skipped: noAddress', relay: 'skipped: noAddress', storage: 'fine' });
  });

  it('a server that is not there is told from one without SIP', async () => {
    bench.greet = () => ({ code: 1006, reason: '' });
    await a.checkup(a.form());
    expect(a.links).toMatchObject({ secureConnection: 'fine', webSocket: 'broken: notSip' });
    const nowhere = new HomeClient(bench, alice, { ask: async () => null });
    await nowhere.checkup(nowhere.form());
    expect(nowhere.links).toMatchObject({
      secureConnection: 'broken: serverUnreachable',
      webSocket: 'skipped: after secureConnection',
    });
    await nowhere.checkup(nowhere.form(testPassword, null));
    expect(nowhere.links).toMatchObject({
      discovery: 'broken: noServerFound',
      secureConnection: 'skipped: after discovery',
    });
  });
});

describe('signed in', () => {
  it('the message to oneself comes from the session that stands; nothing of it shows', async () => {
    await a.signIn();
    const { conversations, invitations, self } = a.client.state;
    const { status } = self.presence;
    await a.checkup(null);
    expect(a.links).toEqual(allFine);
    expect(a.client.state).toMatchObject({ conversations, invitations, signIn: { is: 'signedIn' } });
    expect(a.client.state.self.presence.status).toBe(status);
    expect(a.history.items.size).toBe(0);
    expect(bench.home.home.core.registrations.of(alice)).toHaveLength(1);
  });

  it('that discovery names no server any more is told when it is there, and not when it is away', async () => {
    const vault = { ...testDevice({ world: bench.world, createDialect: neverMade }).vault };
    vault.setting = async () => 'wss://contoso.example/sip';
    const isThere = new HomeClient(bench, alice, {
      vault,
      ask: async (url) =>
        url.includes('host-meta') || url.includes('lyncdiscover') ? null : { status: 200, text: '' },
    });
    await isThere.checkup(isThere.form(testPassword, null));
    expect(isThere.links).toEqual({ ...allFine, discovery: 'broken: noServerFound' });
    bench.greet = () => ({ code: 1006, reason: '' });
    const isAway = new HomeClient(bench, alice, { vault, ask: async () => null });
    await isAway.checkup(isAway.form(testPassword, null));
    expect(isAway.links).toMatchObject({ discovery: 'fine', secureConnection: 'broken: serverUnreachable' });
  });

  it('a session that the server has forgotten is told, though a new one would do', async () => {
    await a.signIn();
    const { registrations } = bench.home.home.core;
    const [binding] = registrations.of(alice);
    if (binding === undefined) throw new Error('nobody is signed in');
    registrations.remove(binding);
    await a.checkup(null);
    const message = 'skipped: after registration';
    expect(a.links).toEqual({ ...allFine, registration: 'broken: notSignedIn', message });
  });

  it('what the person does meanwhile is not taken for the doctor’s', async () => {
    await a.signIn();
    const opened = await a.client.openConversation('sip:carol@contoso.example' as Aor);
    if (!opened.ok) throw new Error('not opened');
    const sent = a.client.send(opened.value as ConversationId, { text: 'Carol is not there' });
    await a.checkup(null);
    await sent;
    expect(a.links).toEqual(allFine);
  });
});

const silences: readonly (readonly [Link, RegExp])[] = [
  ['registration', /^REGISTER /],
  ['settings', /^SUBSCRIBE [\s\S]*Event: vnd-microsoft-provisioning/],
  ['subscriptions', /^SUBSCRIBE [\s\S]*Event: vnd-microsoft-roaming-contacts/],
  ['subscriptions', /^SUBSCRIBE [\s\S]*Event: presence/],
  ['message', /^INVITE \S+opaque=user:epid/],
  ['message', /^ACK \S+opaque=user:epid/],
  ['message', /^MESSAGE /],
  ['conference', /^SERVICE \S+focusfactory/],
  ['conference', /^INVITE \S+conf:chat/],
  ['relay', /^SERVICE \S+MRAS/],
];

it.each(silences)('within ten seconds it is named: %s, when the server swallows %s', async (link, request) => {
  bench.carry = ({ from, text, up, down }) => {
    if (from === 'server') down(text);
    else if (!request.test(text)) up(text);
  };
  const began = bench.world.now();
  const done = a.checkup(a.form());
  await bench.elapse(10_000);
  const { state } = a.client.state.checkup?.checks[link] ?? {};
  expect(state).toMatchObject({ is: 'broken' });
  await done;
  const broken = links.filter((one) => a.links[one]?.startsWith('broken'));
  expect(broken).toEqual([link]);
  expect(bench.world.now() - began).toBeLessThan(40_000);
});

it('a relay that gives no way is named by what the tab found', async () => {
  await a.checkup(a.form(), {
    tryRelays: (relays) => relays.flatMap(({ urls }) => urls).map((url) => ({ url, error: 701 })),
  });
  expect(a.links).toEqual({ ...allFine, relay: 'broken: relayUnreachable' });
  await a.checkup(a.form(), {
    tryRelays: (relays) =>
      relays.flatMap(({ urls }) => urls).map((url) => ({ url, error: url.endsWith('udp') ? 701 : null })),
  });
  expect(a.links).toEqual({ ...allFine, relay: 'broken: udpBlocked' });
});

it('a full disk is named', async () => {
  const full = new HomeClient(bench, alice, {
    room: async () => ({ used: 10, quota: 100, error: 'QuotaExceededError' }),
  });
  await full.checkup(full.form());
  expect(full.links).toEqual({ ...allFine, storage: 'broken: storageFull' });
});

it('is cancelled at once, and leaves', async () => {
  bench.carry = ({ from, text, up, down }) => {
    if (from === 'server') down(text);
    else if (!text.startsWith('MESSAGE ')) up(text);
  };
  const done = a.checkup(a.form());
  await bench.elapse(500);
  await a.client.cancelCheckup();
  await bench.elapse(100);
  expect(a.links).toMatchObject({ message: 'skipped: cancelled', storage: 'skipped: cancelled' });
  await done;
  expect(bench.home.home.core.registrations.of(alice)).toEqual([]);
});
