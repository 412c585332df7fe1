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
  const lock = `confab-tab-${crypto.randomUUID()}`;
  // Held until the tab dies; its release tells the engine, also after a crash. Only once it is held may the engine know
  // of it: the engine asking first would take the tab for dead.
  const held = new Promise<string>((resolve) => {
    void navigator.locks.request(lock, () => {
      resolve(lock);
      return new Promise(() => undefined);
    });
  });
  if ('SharedWorker' in globalThis) return joinEngine(portOf(doors.openWorker().port), held);
  return joinElected(doors, lock, held);
}

/** Where there is no SharedWorker: the tab that gets the lock runs the engine, the others reach it by BroadcastChannel. */
function joinElected(doors: EngineDoors, tab: string, held: Promise<string>): Link {
  const channel = new BroadcastChannel(channelName);
  let take: (message: FromEngine) => void = () => undefined;
  let early: FromTab[] = [];
  let send: ((message: FromTab) => void) | null = null;

  const become = (next: (message: FromTab) => void): void => {
    send = next;
    for (const message of early) next(message);
    early = [];
  };
  const port: EnginePort = {
    post: (message) => (send === null ? void early.push(message) : send(message)),
    onMessage: (run) => {
      take = run;
    },
  };
  channel.onmessage = ({ data }: MessageEvent<Envelope>) => {
    if (data.is === 'toTab' && data.tab === tab) take(data.message);
    // A leader has come (or come again): say hello to it.
    if (data.is === 'leading')
      become((message) => channel.postMessage({ is: 'toEngine', tab, message } satisfies Envelope));
  };
  channel.postMessage({ is: 'looking' } satisfies Envelope);

  void navigator.locks.request(engineLock, async () => {
    const engine = await doors.startHere();
    become(lead(engine, (message) => take(message)));
    return new Promise(() => undefined);
  });
  return joinEngine(port, held);
}

type Envelope =
  | { is: 'looking' }
  | { is: 'leading' }
  | { is: 'toEngine'; tab: string; message: FromTab }
  | { is: 'toTab'; tab: string; message: FromEngine };

/** This tab runs the engine: serves itself and every tab on the channel. Answers the way to speak to it from here. */
function lead(
  engine: { add(port: TabPort): void },
  takeOwn: (message: FromEngine) => void,
): (message: FromTab) => void {
  const channel = new BroadcastChannel(channelName);
  const inboxes = new Map<string, (message: FromTab) => void>();
  const admit = (tab: string, post: (message: FromEngine) => void): void => {
    engine.add({ post, onMessage: (run) => void inboxes.set(tab, run) });
  };
  channel.onmessage = ({ data }: MessageEvent<Envelope>) => {
    if (data.is === 'looking') return channel.postMessage({ is: 'leading' } satisfies Envelope);
    if (data.is !== 'toEngine') return;
    const { tab } = data;
    if (!inboxes.has(tab))
      admit(tab, (message) => channel.postMessage({ is: 'toTab', tab, message } satisfies Envelope));
    inboxes.get(tab)?.(data.message);
  };
  channel.postMessage({ is: 'leading' } satisfies Envelope);
  admit('own', (message) => queueMicrotask(() => takeOwn(message)));
  return (message) => inboxes.get('own')?.(message);
}
