import type { TabId } from '../domain/ids';
import type { TabPort } from './host';
import { type EnginePort, joinEngine, type Link } from './link';
import { type FromEngine, type FromTab, portOf } from './protocol';

export interface EngineDoors {
  /** The engine in a SharedWorker; throws or is absent where there is none. */
  openWorker(): SharedWorker;
  /** The same engine in this very tab. */
  startHere(): Promise<{ add(port: TabPort): void }>;
}

const engineLock = 'confab-engine';
const channelName = 'confab-link';

/** Joins the engine of this browser, starting it when it is not running yet. */
export function connectToEngine(doors: EngineDoors): Link {
  const tab = `confab-tab-${crypto.randomUUID()}` as TabId;
  // Held until the tab dies; its release tells the engine, also after a crash. Only once it is held may the engine know
  // of it: the engine asking first would take the tab for dead.
  const held = new Promise<void>((resolve) => {
    void navigator.locks.request(tab, () => {
      resolve();
      return new Promise(() => undefined);
    });
  });
  if ('SharedWorker' in globalThis) return joinEngine(portOf(doors.openWorker().port), tab, held);
  return joinElected(doors, tab, held);
}

/** Where there is no SharedWorker: the tab that gets the lock runs the engine, the others reach it by BroadcastChannel. */
function joinElected(doors: EngineDoors, tab: TabId, held: Promise<void>): Link {
  const channel = new BroadcastChannel(channelName);
  let take: (message: FromEngine) => void = () => undefined;
  let restarted: () => void = () => undefined;
  let early: FromTab[] = [];
  /** The tab that runs the engine, and the way to it. */
  let leader: string | null = null;
  let send: ((message: FromTab) => void) | null = null;

  const follow = (next: string, way: (message: FromTab) => void): void => {
    if (next === leader) return;
    const isAnother = leader !== null;
    leader = next;
    send = way;
    for (const message of early) way(message);
    early = [];
    if (isAnother) restarted();
  };
  const port: EnginePort = {
    post: (message) => (send === null ? void early.push(message) : send(message)),
    onMessage: (run) => {
      take = run;
    },
    onRestart: (run) => {
      restarted = run;
    },
  };
  channel.onmessage = ({ data }: MessageEvent<Envelope>) => {
    if (data.is === 'toTab' && data.tab === tab) take(data.message);
    if (data.is === 'leading')
      follow(data.leader, (message) => channel.postMessage({ is: 'toEngine', tab, message } satisfies Envelope));
  };
  channel.postMessage({ is: 'looking' } satisfies Envelope);

  void navigator.locks.request(engineLock, async () => {
    const engine = await doors.startHere();
    lead(engine, tab, {
      take: (message) => take(message),
      follow: (way) => follow(tab, way),
    });
    return new Promise(() => undefined);
  });
  return joinEngine(port, tab, held);
}

type Envelope =
  | { is: 'looking' }
  | { is: 'leading'; leader: string }
  | { is: 'toEngine'; tab: string; message: FromTab }
  | { is: 'toTab'; tab: string; message: FromEngine };

interface OwnTab {
  take(message: FromEngine): void;
  follow(way: (message: FromTab) => void): void;
}

/** This tab runs the engine: serves itself directly, and every tab on the channel. */
function lead(engine: { add(port: TabPort): void }, leader: string, own: OwnTab): void {
  const channel = new BroadcastChannel(channelName);
  const inboxes = new Map<string, (message: FromTab) => void>();
  const admit = (tab: string, post: (message: FromEngine) => void): void => {
    engine.add({ post, onMessage: (run) => void inboxes.set(tab, run) });
  };
  channel.onmessage = ({ data }: MessageEvent<Envelope>) => {
    if (data.is === 'looking') return channel.postMessage({ is: 'leading', leader } satisfies Envelope);
    if (data.is !== 'toEngine') return;
    const { tab } = data;
    if (!inboxes.has(tab))
      admit(tab, (message) => channel.postMessage({ is: 'toTab', tab, message } satisfies Envelope));
    inboxes.get(tab)?.(data.message);
  };
  admit(leader, (message) => queueMicrotask(() => own.take(message)));
  own.follow((message) => inboxes.get(leader)?.(message));
  channel.postMessage({ is: 'leading', leader } satisfies Envelope);
}
