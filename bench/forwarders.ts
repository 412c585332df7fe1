/** What carries the programs of a conference: its processor time for each viewer, beside Janus in the same run. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Daemon, interfaceAddress } from '../interop/daemon';
import { janusSecret, startJanus } from '../interop/janus';
import { realClock } from '../server/clock';
import type { Made, MediaForwarder } from '../server/media/forwarder';
import { JanusForwarder } from '../server/media/janus/janusForwarder';
import { WeriftForwarder } from '../server/media/werift/weriftForwarder';
import type { Aor } from '../src/protocol/sip/uri';
import type { Figure } from './figure';
import type { Asked } from './mediaPeers';
import { median } from './statistics';

const viewers = 20;
const settlesMs = 2_000;
const looksMs = 5_000;
const bitsPerSecond = 1_500_000;

interface Engine {
  forwarder: MediaForwarder;
  /** Its processor time so far, ms. */
  used(): number;
}

export async function benchForwarders(runs: number): Promise<Figure[]> {
  if (spawnSync('which', ['janus']).status !== 0) {
    console.log('There is no janus here: apt-get install janus');
    return [];
  }
  const perViewer: { werift: number; janus: number }[] = [];
  for (let run = 0; run < runs; run += 1) {
    perViewer.push({ werift: await withWerift(perViewerOf), janus: await withJanus(perViewerOf) });
  }
  const ours = median(perViewer.map(({ werift }) => werift));
  const floor = median(perViewer.map(({ janus }) => janus));
  const name = 'Processor for each of 20 viewers at 1.5 Mbit/s, werift beside Janus';
  return [{ name, unit: '% of a core', ours, floor, ratio: ours / floor, gate: null, runs }];
}

async function withWerift(measure: (engine: Engine) => Promise<number>): Promise<number> {
  const forwarder = new WeriftForwarder({ listen: [interfaceAddress()], announce: [], ports: null }, realClock);
  // All that this process does meanwhile is to forward.
  const used = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  };
  const figure = await measure({ forwarder, used });
  await forwarder.stop();
  return figure;
}

async function withJanus(measure: (engine: Engine) => Promise<number>): Promise<number> {
  const { daemon, url } = await startJanus();
  const forwarder = new JanusForwarder({ url, secret: janusSecret }, realClock);
  const figure = await measure({ forwarder, used: () => processorMsOf(daemon) });
  await forwarder.stop();
  await daemon.stop();
  return figure;
}

/** proc(5): user and system time, in hundredths of a second. */
function processorMsOf({ pid }: Daemon): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Of a core, in per cent: what the viewers add to what the sharer alone takes. */
async function perViewerOf({ forwarder, used }: Engine): Promise<number> {
  const peers = startPeers();
  const network = { listen: [interfaceAddress()], announce: [], ports: null };
  const peer = (id: string) => ({ id, aor: `sip:${id}@contoso.example` as Aor });
  valueIn(await forwarder.open('room', { maxBitrate: bitsPerSecond }));
  const offer = await peers.ask<string>({ is: 'share', network });
  await peers.ask({ is: 'shared', answer: valueIn(await forwarder.publish('room', peer('sharer'), offer)) });
  valueIn(await forwarder.present('room', 'sharer'));
  const alone = await share(used);
  for (let number = 1; number <= viewers; number += 1) {
    const id = `viewer${number}`;
    const answer = await peers.ask<string>({
      is: 'look',
      network,
      offer: valueIn(await forwarder.watch('room', peer(id))),
    });
    valueIn(await forwarder.accept('room', id, answer));
  }
  await pause(settlesMs);
  await peers.ask({ is: 'count' });
  const all = await share(used);
  const bits = ((await peers.ask<number>({ is: 'count' })) * 8_000) / looksMs / viewers;
  // Who gets less than was sent is cheap to serve.
  if (bits < bitsPerSecond * 0.9) throw new Error(`each viewer got ${Math.round(bits / 1000)} kbit/s only`);
  peers.stop();
  await forwarder.close('room');
  return (all - alone) / viewers;
}

/** Of a core, in per cent. */
async function share(used: () => number): Promise<number> {
  await pause(settlesMs);
  const [before, since] = [used(), performance.now()];
  await pause(looksMs);
  return ((used() - before) / (performance.now() - since)) * 100;
}

function startPeers(): { ask<T>(asked: Asked): Promise<T>; stop(): void } {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bench/mediaPeers.ts'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return {
    ask: <T>(asked: Asked) =>
      new Promise<T>((resolve) => {
        child.once('message', ({ value }: { value: T }) => resolve(value));
        child.send(asked);
      }),
    stop: () => void child.kill(),
  };
}

function valueIn<T>(made: Made<T>): T {
  if (!made.ok) throw new Error(`${made.why}: ${made.detail}`);
  return made.value;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
