/** MESSAGE with its 200 in an established session through one home server process, beside a frame and its echo on the relay. */
import WebSocket from 'ws';
import { noDelay, sendCorked } from './corked';
import type { Figure } from './figure';
import { benchDomain, benchPassword, startHome, startRelay } from './processes';
import { answer, connectSipPeer, headerOf, type SipPeer } from './sipPeer';
import { median } from './statistics';

const pairs = 32;
const inFlight = 8;
const secondsOfRate = 3;
const sequentialMessages = 2000;
const text = 'The numbers are in: the budget sheet now has the full reforecast.';

/** One exchange at a time on one connection pair: `again` starts the next, `onAnswer` is told of each completed one. */
interface Exchange {
  again(): void;
  onAnswer(run: () => void): void;
}

export async function benchServer(runs: number): Promise<Figure[]> {
  const rates: Record<'ours' | 'floor', number[]> = { ours: [], floor: [] };
  const trips: Record<'ours' | 'floor', number[]> = { ours: [], floor: [] };
  for (let run = 0; run < runs; run += 1) {
    const home = await startHome(pairs * 2);
    const sip = await Promise.all(Array.from({ length: pairs }, (_, index) => sipExchange(home.port, index)));
    // Warm: the load before has had both compiled.
    rates.ours.push(await rate(sip));
    trips.ours.push(await roundTrip(sip));
    await home.stop();

    const relay = await startRelay();
    const bare = await Promise.all(Array.from({ length: pairs }, (_, index) => bareExchange(relay.port, index)));
    rates.floor.push(await rate(bare));
    trips.floor.push(await roundTrip(bare));
    await relay.stop();
  }
  const [rateOurs, rateFloor] = [median(rates.ours), median(rates.floor)];
  const [tripOurs, tripFloor] = [median(trips.ours), median(trips.floor)];
  return [
    {
      name: 'home server, MESSAGE with its 200, rate',
      unit: 'per s',
      ours: rateOurs,
      floor: rateFloor,
      ratio: rateOurs / rateFloor,
      gate: { relation: '>=', limit: 0.03 },
      runs,
    },
    {
      name: 'home server, MESSAGE with its 200, round trip, warm',
      unit: 'ms',
      ours: tripOurs,
      floor: tripFloor,
      ratio: tripOurs / tripFloor,
      gate: { relation: '<=', limit: 5 },
      runs,
    },
  ];
}

async function roundTrip(exchanges: readonly Exchange[]): Promise<number> {
  const [exchange] = exchanges;
  if (exchange === undefined) throw new Error('no exchange');
  const times: number[] = [];
  for (let message = 0; message < sequentialMessages; message += 1) {
    const startedAt = performance.now();
    await new Promise<void>((resolve) => {
      exchange.onAnswer(resolve);
      exchange.again();
    });
    times.push(performance.now() - startedAt);
  }
  return median(times.slice(sequentialMessages / 10));
}

async function rate(exchanges: readonly Exchange[]): Promise<number> {
  let completed = 0;
  let running = true;
  for (const exchange of exchanges) {
    exchange.onAnswer(() => {
      completed += 1;
      if (running) exchange.again();
    });
    for (let started = 0; started < inFlight; started += 1) exchange.again();
  }
  const startedAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, secondsOfRate * 1000));
  running = false;
  return completed / ((performance.now() - startedAt) / 1000);
}

async function sipExchange(port: number, index: number): Promise<Exchange> {
  const url = `ws://127.0.0.1:${port}/sip`;
  const [caller, callee] = await Promise.all([
    connectSipPeer(url, `p${index * 2}@${benchDomain}`, benchPassword),
    connectSipPeer(url, `p${index * 2 + 1}@${benchDomain}`, benchPassword),
  ]);
  callee.onRequest((request) => {
    if (request.startsWith('ACK ')) return;
    if (request.startsWith('MESSAGE ')) return callee.send(answer(request, '200 OK'));
    callee.send(answer(request, '200 OK', [`Contact: <${callee.gruu}>`, 'Content-Type: application/sdp'], sdp(callee)));
  });
  const invited = await caller.request('INVITE', callee.aor, ['Content-Type: application/sdp'], sdp(caller));
  const contact = /<([^>]+)>/.exec(headerOf(invited, 'Contact'))?.[1] ?? '';
  const dialog = [
    `From: ${headerOf(invited, 'From')}`,
    `To: ${headerOf(invited, 'To')}`,
    `Call-ID: ${headerOf(invited, 'Call-ID')}`,
  ].join('\r\n');
  const via = `Via: SIP/2.0/WS p${index}.invalid;branch=z9hG4bKbench`;
  caller.send(
    `ACK ${contact} SIP/2.0\r\n${via}a\r\nMax-Forwards: 70\r\n${dialog}\r\nCSeq: 1 ACK\r\nContent-Length: 0\r\n\r\n`,
  );
  let cseq = 1;
  return {
    again() {
      cseq += 1;
      caller.send(
        `MESSAGE ${contact} SIP/2.0\r\n${via}${cseq}\r\nMax-Forwards: 70\r\n${dialog}\r\nCSeq: ${cseq} MESSAGE\r\nContact: <${caller.gruu}>\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
      );
    },
    onAnswer: (run) =>
      caller.onResponse((response) => {
        if (!response.startsWith('SIP/2.0 200')) throw new Error(response);
        run();
      }),
  };
}

function sdp(peer: SipPeer): string {
  return `v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=session\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=message 5060 sip ${peer.aor}\r\na=accept-types:text/plain\r\n`;
}

async function bareExchange(port: number, index: number): Promise<Exchange> {
  const open = async (name: string): Promise<WebSocket> => {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/${name}`, { perMessageDeflate: false, skipUTF8Validation: true });
    await new Promise((resolve, reject) => {
      ws.once('open', resolve);
      ws.once('error', reject);
    });
    noDelay(ws);
    return ws;
  };
  const [caller, callee] = await Promise.all([open(`a${index}`), open(`b${index}`)]);
  callee.on('message', () => sendCorked(callee, `a${index}\nb${index}\nok`));
  let onAnswer: () => void = () => undefined;
  caller.on('message', () => onAnswer());
  return {
    again: () => sendCorked(caller, `b${index}\na${index}\n${text}`),
    onAnswer: (run) => {
      onAnswer = run;
    },
  };
}
