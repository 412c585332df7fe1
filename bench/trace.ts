import { usualLogging } from '../src/domain/logging';
import { MessageAuthentication } from '../src/sip/messageAuthentication';
import { TracedSocket, type WebSocketLike } from '../src/sip/tracedSocket';
import { recordSession } from '../src/testing/recordedSession';
import type { TraceEntry } from '../src/trace/entry';
import { type Filter, filterRows } from '../src/trace/filter';
import { TraceLog } from '../src/trace/log';
import { TraceIndex } from '../src/trace/traceIndex';
import { realWorld } from '../src/world';
import type { Figure } from './figure';
import { median } from './statistics';
import { benchTraceScreen } from './traceScreen';

const messages = 100_000;
const logged = 10_000;
const blockSize = 100;

/** What the trace costs: finding in a long one, opening it, and having it on. Told in ms, as the goals are. */
export async function benchTrace(runs: number): Promise<Figure[]> {
  const session = (await recordSession()).filter(({ kind }) => kind === 'sip');
  const entries = lengthen(session, messages);
  const began = performance.now();
  const index = new TraceIndex();
  index.add(entries);
  const opening = performance.now() - began;
  return [
    {
      name: `trace: filter ${messages} messages, the slowest of ${filters.length}`,
      unit: 'ms',
      ours: Math.max(...filters.map((filter) => timeFilter(index, filter, runs))),
      floor: null,
      ratio: null,
      gate: { relation: '<=', limit: 100 },
      runs,
    },
    {
      name: `trace: read ${messages} messages (sliced in the page)`,
      unit: 'ms',
      ours: opening,
      floor: null,
      ratio: null,
      gate: null,
      runs: 1,
    },
    {
      name: 'trace: engine CPU a message, log on minus log off',
      unit: 'ms',
      ours: await logCost(session),
      floor: null,
      ratio: null,
      gate: { relation: '<=', limit: 0.1 },
      runs: logged,
    },
    ...(await benchTraceScreen(entries, runs)),
  ];
}

const filters: readonly Filter[] = [
  { text: 'Are you there?' },
  { text: 'not to be found' },
  { text: 'zq' },
  { failuresOnly: true },
  { method: 'MESSAGE', status: 200 },
  { peer: 'carol', text: 'BUDGET' },
];

function timeFilter(index: TraceIndex, filter: Filter, runs: number): number {
  const times = Array.from({ length: runs }, () => {
    const began = performance.now();
    filterRows(index.rows, filter);
    return performance.now() - began;
  });
  return median(times);
}

/** The session again and again, each time with its own Call-IDs, tags and branches. */
function lengthen(session: readonly TraceEntry[], count: number): TraceEntry[] {
  return Array.from({ length: count }, (_, at) => {
    const entry = session[at % session.length];
    if (entry === undefined) throw new Error('an empty session');
    const round = Math.floor(at / session.length);
    const text = entry.text.replace(/^(Call-ID: )/m, `$1${round}-`).replace(/(branch=z9hG4bK)/g, `$1${round}`);
    return { ...entry, text, seq: at + 1, at: entry.at + round * 60_000 };
  });
}

/** Messages through the socket's tap, log on and off in turns; with it on, also what is handed to the store, copied as IndexedDB does. */
async function logCost(session: readonly TraceEntry[]): Promise<number> {
  const world = { ...realWorld, after: () => () => undefined };
  const log = new TraceLog({
    world,
    store: {
      put: async (entries) => void structuredClone(entries),
      prune: async () => undefined,
      clear: async () => undefined,
    },
    session: () => 'bench',
    onEntry: () => undefined,
    onClear: () => undefined,
  });
  const far = openFar();
  const socket = new TracedSocket({
    world,
    url: 'wss://contoso.example/sip',
    openSocket: () => far,
    authentication: new MessageAuthentication({ world, login: '', password: '', onChallenged: () => undefined }),
    trace: (entry) => log.add(entry),
    onFault: () => undefined,
  });
  socket.connect();
  far.onopen?.();
  const texts = session.filter(({ direction }) => direction === 'in').map(({ text }) => text);
  const times = { on: [] as number[], off: [] as number[] };
  for (let block = 0; block < (2 * logged) / blockSize; block += 1) {
    const isOn = block % 2 === 0;
    log.configure({ ...usualLogging, isOn });
    const began = performance.now();
    for (let at = 0; at < blockSize; at += 1) far.onmessage?.({ data: texts[(block * 7 + at) % texts.length] });
    await log.flush();
    times[isOn ? 'on' : 'off'].push((performance.now() - began) / blockSize);
  }
  return median(times.on) - median(times.off);
}

function openFar(): WebSocketLike {
  return {
    onopen: null,
    onclose: null,
    onerror: null,
    onmessage: null,
    send: () => undefined,
    close: () => undefined,
  };
}
