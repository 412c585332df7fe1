import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserContextOptions } from '@playwright/test';
import { launchBrowser } from '../../e2e/browser';
import { HomeServer } from '../../e2e/homeServer';
import { Person } from '../../e2e/person';
import { captureSwitches, isMoving, openSource } from '../../e2e/sharedSource';
import { picture, share } from '../../e2e/stages';
import { realClock } from '../../server/clock';
import type { Made, MediaFact } from '../../server/media/forwarder';
import { JanusForwarder } from '../../server/media/janus/janusForwarder';
import { SharingPeer } from '../../server/media/testing/sharingPeer';
import { until } from '../../server/media/testing/until';
import { ViewingPeer } from '../../server/media/testing/viewingPeer';
import type { Aor } from '../../src/protocol/sip/uri';
import { interfaceAddress } from '../daemon';
import { expect } from '../expect';
import { janusSecret, startJanus } from '../janus';
import type { Scenario } from '../scenario';
import { addressOf, nameOf, type User } from '../stage';

export const janus: readonly Scenario[] = [
  {
    name: 'media-janus',
    shows:
      'a real Janus carries a shared program: to viewers, also late ones, paused, restarted, and to the next sharer',
    run: throughJanus,
  },
  {
    name: 'sharing-by-janus',
    shows: 'three browsers in a conference of a home server with a real Janus see what is shared',
    seconds: 120,
    run: shareThroughJanus,
  },
];

const peerOf = (id: string) => ({ id, aor: `sip:${id}@contoso.example` as Aor });

function valueIn<T>(made: Made<T>): T {
  if (!made.ok) throw new Error(`${made.why}: ${made.detail}`);
  return made.value;
}

async function withJanus(run: (url: string) => Promise<void>): Promise<void> {
  const { daemon, url } = await startJanus();
  try {
    await run(url);
  } finally {
    await daemon.stop();
  }
}

function throughJanus(): Promise<void> {
  return withJanus(async (url) => {
    const forwarder = new JanusForwarder({ url, secret: janusSecret }, realClock);
    const peers: { close(): Promise<void> }[] = [];
    try {
      await shareOver(forwarder, peers);
    } finally {
      await Promise.all(peers.map((peer) => peer.close()));
      await forwarder.stop();
    }
  });
}

function shareThroughJanus(): Promise<void> {
  return withJanus(async (url) => {
    const secretFile = path.join(mkdtempSync(path.join(tmpdir(), 'confab-interop-')), 'janus.secret');
    writeFileSync(secretFile, janusSecret);
    const server = await HomeServer.start(['--media', 'janus', '--janus-url', url, '--janus-secret-file', secretFile]);
    const browser = await launchBrowser(...captureSwitches);
    // What tsx compiles names its functions so, and a page has no such helper.
    const newContext = async (options?: BrowserContextOptions) => {
      const context = await browser.newContext(options);
      await context.addInitScript('globalThis.__name = (named) => named');
      return context;
    };
    const come = (user: User) => Person.signedIn({ newContext }, server.port, addressOf(user), nameOf(user));
    try {
      const [alice, bob, carol] = [await come('alice'), await come('bob'), await come('carol')];
      await alice.talkTo(nameOf('bob'));
      await alice.say('look at this');
      await bob.accept(nameOf('alice'));
      await alice.inviteToConversation(nameOf('carol'));
      await carol.accept(nameOf('alice'));
      await openSource(alice.context);
      await share(alice);
      for (const viewer of [bob, carol]) await isMoving(picture(viewer));
    } finally {
      await browser.close();
      await server.stop();
      rmSync(path.dirname(secretFile), { recursive: true });
    }
  });
}

async function shareOver(forwarder: JanusForwarder, peers: { close(): Promise<void> }[]): Promise<void> {
  const network = { listen: [interfaceAddress()], announce: [], ports: null };
  const facts: MediaFact[] = [];
  forwarder.onFact((fact) => facts.push(fact));
  valueIn(await forwarder.open('room', { maxBitrate: 2_000_000 }));

  const share = async (name: string): Promise<SharingPeer> => {
    const peer = new SharingPeer(name, network);
    peers.push(peer);
    await peer.answered(valueIn(await forwarder.publish('room', peerOf(name), await peer.offer())));
    valueIn(await forwarder.present('room', name));
    await until(() => facts.some((fact) => fact.is === 'feed.flowing' && fact.peer === name), `packet of ${name}`);
    return peer;
  };
  const look = async (name: string): Promise<ViewingPeer> => {
    const peer = new ViewingPeer(network);
    peers.push(peer);
    const offer = valueIn(await forwarder.watch('room', peerOf(name)));
    valueIn(await forwarder.accept('room', name, await peer.answer(offer)));
    await until(() => peer.seen.length > 0, `picture for ${name}`);
    return peer;
  };
  const more = async (peer: ViewingPeer): Promise<void> => {
    const enough = peer.seen.length + 20;
    await until(() => peer.seen.length > enough, 'further picture');
  };

  await share('ann');
  const [viewer, late] = [await look('vera'), await look('vito')];
  // Janus asks for one when somebody comes; what is sent before it may come too.
  await until(() => late.seen.some(({ isKey }) => isKey), 'key frame for who comes late');

  valueIn(await forwarder.pause('room', 'vera', true));
  await more(late);
  const shown = viewer.seen.length;
  await more(late);
  expect(viewer.seen.length - shown).toBeLessThan(3);
  valueIn(await forwarder.pause('room', 'vera', false));
  await more(viewer);

  const fresh = valueIn(await forwarder.watch('room', peerOf('vera')));
  valueIn(await forwarder.accept('room', 'vera', await viewer.answer(fresh)));
  await more(viewer);

  await share('ben');
  await forwarder.leave('room', 'ann');
  await until(() => viewer.seen.at(-1)?.source === 'ben', 'picture of ben');
  await more(late);
  expect(late.seen.at(-1)?.source).toBe('ben');

  await forwarder.leave('room', 'ben');
  expect(await forwarder.watch('room', peerOf('vida'))).toMatchObject({ ok: false, why: 'nothingToWatch' });
}
