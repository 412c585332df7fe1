/**
 * 500 contacts, all online, in a cold profile: navigation to the complete list with presence and a quiet main thread,
 * beside the bare page. And what the first load weighs: everything fetched until signed in, compressed.
 */
import type { Page } from '@playwright/test';
import { launchBrowser } from '../e2e/browser';
import { stateNode } from '../src/protocol/lync/categories';
import { formatContactOperation } from '../src/protocol/lync/contactService';
import { formatPublish } from '../src/protocol/lync/publish';
import { aorOf } from '../src/protocol/sip/uri';
import type { Figure } from './figure';
import { signInAtOnce } from './pages';
import { benchDomain, benchPassword, startHome, startRelay } from './processes';
import { answer, connectSipPeer, type SipPeer } from './sipPeer';
import { median } from './statistics';

const contacts = 500;
const quietMs = 300;

export async function benchContacts(runs: number): Promise<Figure[]> {
  const ours: number[] = [];
  const floor: number[] = [];
  const longest: number[] = [];
  const weights: number[] = [];
  const home = await startHome(contacts + 1);
  const relay = await startRelay(contacts);
  const peers = await bringOnline(home.port);
  for (let run = 0; run < runs; run += 1) {
    const app = await timeConfab(home.port);
    ours.push(app.ms);
    longest.push(app.longestTask);
    weights.push(app.kilobytes);
    floor.push(await timeBare(relay.port));
  }
  for (const peer of peers) peer.close();
  await home.stop();
  await relay.stop();
  const [own, bare] = [median(ours), median(floor)];
  return [
    {
      name: `${contacts} contacts, navigation to the complete list`,
      unit: 'ms',
      ours: own,
      floor: bare,
      ratio: own / bare,
      gate: { relation: '<=', limit: 5 },
      runs,
    },
    {
      name: 'longest task of the main thread meanwhile',
      unit: 'ms',
      ours: median(longest),
      floor: null,
      ratio: null,
      gate: { relation: '<=', limit: 100 },
      runs,
    },
    {
      name: 'first load, compressed, until signed in',
      unit: 'KB',
      ours: median(weights),
      floor: null,
      ratio: null,
      gate: { relation: '<=', limit: 350 },
      runs,
    },
  ];
}

/** Signs in everybody but p0, publishes them available, and puts them on p0's list. */
async function bringOnline(port: number): Promise<SipPeer[]> {
  const url = `ws://127.0.0.1:${port}/sip`;
  const peers: SipPeer[] = [];
  const batch = 25;
  for (let start = 1; start <= contacts; start += batch) {
    const indices = Array.from({ length: Math.min(batch, contacts - start + 1) }, (_, offset) => start + offset);
    peers.push(
      ...(await Promise.all(indices.map((index) => connectSipPeer(url, `p${index}@${benchDomain}`, benchPassword)))),
    );
  }
  for (const peer of peers) {
    peer.onRequest((request) => {
      if (!request.startsWith('BENOTIFY')) peer.send(answer(request, '200 OK'));
    });
    const aor = aorOf(peer.aor);
    if (aor === null) throw new Error(peer.aor);
    const state = (container: number) => ({
      category: 'state',
      instance: 0x30000001,
      container,
      version: 0,
      expireType: 'endpoint' as const,
      expiresSeconds: null,
      content: stateNode({ type: 'machineState', availability: 3500 }),
    });
    const body = formatPublish(aor, [state(2), state(3)]);
    await peer.request('SERVICE', peer.aor, ['Content-Type: application/msrtc-category-publish+xml'], body);
  }
  const owner = await connectSipPeer(url, `p0@${benchDomain}`, benchPassword);
  for (const [index, peer] of peers.entries()) {
    const aor = aorOf(peer.aor);
    if (aor === null) throw new Error(peer.aor);
    const operation = {
      is: 'setContact' as const,
      aor,
      name: '',
      groups: [1],
      subscribed: true,
      externalUri: '',
      deltaNum: index + 1,
    };
    await owner.request(
      'SERVICE',
      owner.aor,
      ['Content-Type: application/SOAP+xml'],
      formatContactOperation(operation),
    );
  }
  owner.close();
  return peers;
}

async function timeConfab(port: number): Promise<{ ms: number; longestTask: number; kilobytes: number }> {
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    let bytes = 0;
    // The context also hears what workers fetch.
    context.on('response', (response) => {
      void response
        .request()
        .sizes()
        .then(
          ({ responseBodySize, responseHeadersSize }) => {
            bytes += responseBodySize + responseHeadersSize;
          },
          () => undefined,
        );
    });
    await page.addInitScript(() => {
      const shared = window as unknown as { tasks: { end: number; duration: number }[] };
      shared.tasks = [];
      new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries())
          shared.tasks.push({ end: startTime + duration, duration });
      }).observe({ type: 'longtask', buffered: true });
    });
    await page.goto(`http://localhost:${port}`);
    await signInAtOnce(page, `p0@${benchDomain}`, benchPassword);
    const at = await whenComplete(page, `[role="treeitem"][aria-label*="${contacts} of ${contacts} online"]`, 1);
    await quiet(page);
    const tasks = await page.evaluate(
      () => (window as unknown as { tasks: { end: number; duration: number }[] }).tasks,
    );
    const ms = Math.max(at, ...tasks.map(({ end }) => end));
    return { ms, longestTask: Math.max(0, ...tasks.map(({ duration }) => duration)), kilobytes: bytes / 1024 };
  } finally {
    await browser.close();
  }
}

/** Page time at the first frame with so many elements; asked once a frame, in the page. */
async function whenComplete(page: Page, selector: string, count: number): Promise<number> {
  const handle = await page.waitForFunction(
    ({ selector, count }) => document.querySelectorAll(selector).length === count && performance.now(),
    { selector, count },
  );
  return Number(await handle.jsonValue());
}

async function quiet(page: Page): Promise<void> {
  await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), quietMs);
}

async function timeBare(port: number): Promise<number> {
  const browser = await launchBrowser();
  try {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`http://localhost:${port}/page?me=w0&list`);
    return await whenComplete(page, '[data-presence]', contacts);
  } finally {
    await browser.close();
  }
}
