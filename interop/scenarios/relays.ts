import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserContextOptions } from '@playwright/test';
import { RTCPeerConnection as WeriftConnection } from 'werift';
import { launchBrowser } from '../../e2e/browser';
import { freePort, HomeServer } from '../../e2e/homeServer';
import { Person } from '../../e2e/person';
import { captureSwitches, isMoving, openSource } from '../../e2e/sharedSource';
import { picture, share, stage } from '../../e2e/stages';
import { until } from '../../server/media/testing/until';
import { turnCredentials } from '../../server/relayCredentials';
import { Daemon } from '../daemon';
import { expect } from '../expect';
import type { Scenario } from '../scenario';
import { addressOf, nameOf } from '../stage';

export const relays: readonly Scenario[] = [
  {
    name: 'turn-coturn',
    shows: 'coturn takes the credentials that the server gives, and no others; only the relay carries the data',
    run: throughCoturn,
  },
  {
    name: 'sharing-by-relay',
    shows: 'two browsers that may use nothing but coturn see what is shared, with the credentials of the home server',
    run: shareThroughCoturn,
  },
];

const turnSecret = 'a secret of two houses';

/** A coturn that knows the secret, on loopback. */
async function withCoturn(run: (port: number) => Promise<void>): Promise<void> {
  const port = await freePort();
  const config = [
    `listening-port=${port}`,
    'listening-ip=127.0.0.1',
    'relay-ip=127.0.0.1',
    'allow-loopback-peers',
    'use-auth-secret',
    `static-auth-secret=${turnSecret}`,
    'realm=contoso.example',
    'fingerprint',
    'no-cli',
    'no-tls',
    'no-dtls',
    'no-multicast-peers',
    'log-file=stdout',
    'simple-log',
  ];
  const daemon = await Daemon.start(
    'turnserver',
    (directory) => [
      '-c',
      `${directory}/turnserver.conf`,
      '--userdb',
      `${directory}/turndb`,
      '--pidfile',
      `${directory}/pid`,
    ],
    { 'turnserver.conf': `${config.join('\n')}\n` },
    port,
  );
  try {
    await run(port);
  } finally {
    await daemon.stop();
  }
}

function throughCoturn(): Promise<void> {
  return withCoturn(async (port) => {
    const inAnHour = Date.now() + 3_600_000;
    const good = turnCredentials(turnSecret, 'alice@contoso.example', inAnHour);
    expect(await relayed(port, good)).toEqual(['relay', 'hello through the relay']);
    const expired = turnCredentials(turnSecret, 'alice@contoso.example', Date.now() - 60_000);
    const forged = turnCredentials('another secret', 'alice@contoso.example', inAnHour);
    for (const refused of [expired, forged]) expect(await candidatesWith(port, refused)).toEqual([]);
  });
}

/** Two browsers that may use nothing but the relay, with what the home server gave them for it (MRS-1). */
function shareThroughCoturn(): Promise<void> {
  return withCoturn(async (port) => {
    const secretFile = path.join(mkdtempSync(path.join(tmpdir(), 'confab-interop-')), 'turn.secret');
    writeFileSync(secretFile, turnSecret);
    const server = await HomeServer.start(['--turn', `127.0.0.1:${port}`, '--turn-secret-file', secretFile]);
    const browser = await launchBrowser(...captureSwitches);
    try {
      const contexts = {
        newContext: async (options?: BrowserContextOptions) => {
          const context = await browser.newContext(options);
          // What tsx compiles names its functions so, and a page has no such helper.
          await context.addInitScript('globalThis.__name = (named) => named');
          await context.addInitScript(() => {
            globalThis.RTCPeerConnection = class extends RTCPeerConnection {
              constructor(configuration?: RTCConfiguration) {
                super({ ...configuration, iceTransportPolicy: 'relay' });
              }

              override setConfiguration(configuration?: RTCConfiguration): void {
                super.setConfiguration({ ...configuration, iceTransportPolicy: 'relay' });
              }
            };
          });
          return context;
        },
      };
      const alice = await Person.signedIn(contexts, server.port, addressOf('alice'), nameOf('alice'));
      const bob = await Person.signedIn(contexts, server.port, addressOf('bob'), nameOf('bob'));
      await alice.talkTo(nameOf('bob'));
      await alice.say('look at this');
      await bob.accept(nameOf('alice'));
      await openSource(alice.context);
      await share(alice);
      await bob.accept(nameOf('alice'));
      await isMoving(picture(bob));
      await stage(bob)
        .getByRole('button', { name: /^Sharing quality/ })
        .click();
      await bob.page.getByText('Relay through the edge').first().waitFor();
    } finally {
      await browser.close();
      await server.stop();
      rmSync(path.dirname(secretFile), { recursive: true });
    }
  });
}

interface Credentials {
  username: string;
  password: string;
}

function relayPeer(port: number, { username, password }: Credentials): WeriftConnection {
  const urls = `turn:127.0.0.1:${port}`;
  return new WeriftConnection({ iceServers: [{ urls, username, credential: password }], iceTransportPolicy: 'relay' });
}

/** The kinds of candidates that come of these credentials. */
async function candidatesWith(port: number, credentials: Credentials): Promise<string[]> {
  const peer = relayPeer(port, credentials);
  peer.createDataChannel('data');
  await peer.setLocalDescription(await peer.createOffer());
  const kinds = [...(peer.localDescription?.sdp ?? '').matchAll(/^a=candidate:.* typ (\S+)/gm)].map(([, kind]) => kind);
  await peer.close();
  return [...new Set(kinds)].flatMap((kind) => kind ?? []);
}

/** Two peers that know nothing but the relay: the kinds of candidates they had, and what one heard of the other. */
async function relayed(port: number, credentials: Credentials): Promise<string[]> {
  const [one, other] = [relayPeer(port, credentials), relayPeer(port, credentials)];
  const channel = one.createDataChannel('data');
  const heard: string[] = [];
  other.onDataChannel.subscribe((incoming) => {
    incoming.onMessage.subscribe((message) => heard.push(message.toString()));
  });
  await one.setLocalDescription(await one.createOffer());
  await other.setRemoteDescription({ type: 'offer', sdp: one.localDescription?.sdp ?? '' });
  await other.setLocalDescription(await other.createAnswer());
  await one.setRemoteDescription({ type: 'answer', sdp: other.localDescription?.sdp ?? '' });
  await until(() => channel.readyState === 'open', 'open channel');
  channel.send('hello through the relay');
  await until(() => heard.length > 0, 'message');
  const kinds = [...(one.localDescription?.sdp ?? '').matchAll(/^a=candidate:.* typ (\S+)/gm)].map(([, kind]) => kind);
  await Promise.all([one.close(), other.close()]);
  return [...new Set(kinds), ...heard].flatMap((text) => text ?? []);
}
