import type { Commands } from '../client/commands';
import type { Fact } from '../domain/facts';
import { failed, type Outcome } from '../domain/failure';
import type { TabId } from '../domain/ids';
import { createLedger, recordFacts, type Store } from '../state/store';
import { commandNames } from './commandNames';
import type { CommandName, FromEngine, FromTab, Port } from './protocol';
import { TraceFeed } from './traceFeed';

/** What a tab holds of the engine: commands down, the ledger up, the trace when somebody looks. */
export interface Link {
  /** This tab, for sessions that end with it. */
  tab: TabId;
  commands: Commands;
  store: Store;
  trace: TraceFeed;
  /** Of a recording: the time in it, epoch ms. It can only be looked at. */
  now?(): number;
}

export interface EnginePort extends Port<FromEngine, FromTab> {
  /** Another engine took the place of one that died; it knows nothing of this tab. */
  onRestart?(run: () => void): void;
}

interface Waiting {
  message: Extract<FromTab, { is: 'command' }>;
  /** The engine has it: if that engine dies, nobody knows how far it got. */
  isTaken: boolean;
  settle(outcome: Outcome<never>): void;
}

const sessionKey = 'confab-session';
const hiddenFlushMs = 50;

/** Facts that a person waits for: they are applied at once, the rest with the next frame. */
const urgent: ReadonlySet<Fact['type']> = new Set<Fact['type']>([
  'item.added',
  'message.settled',
  'signIn.changed',
  'invitation.received',
  'invitation.ended',
]);

/** Joins a tab to the engine behind `port`; `held` settles when the tab holds the lock of its name, as long as it lives. */
export function joinEngine(port: EnginePort, tab: TabId, held: Promise<unknown>): Link {
  const store = createLedger();
  const waiting = new Map<number, Waiting>();
  /** Said when no engine was there to take it. */
  const again: FromTab[] = [];
  const feed = new TraceFeed((on) => port.post({ is: 'watchTrace', on }));
  const pending = new Pending(store);
  let count = 0;

  const call = (name: CommandName, args: readonly unknown[]): Promise<Outcome<never>> =>
    new Promise((settle) => {
      count += 1;
      const message = { is: 'command', id: count, name, args } as const;
      waiting.set(count, { message, isTaken: false, settle });
      port.post(message);
    });
  const settle = (id: number, outcome: Outcome<never>): void => {
    waiting.get(id)?.settle(outcome);
    waiting.delete(id);
  };
  const sayHello = (): void => port.post({ is: 'hello', sessionId: sessionStorage.getItem(sessionKey), lock: tab });

  port.onMessage((message) => {
    switch (message.is) {
      case 'welcome':
        sessionStorage.setItem(sessionKey, message.sessionId);
        store.setState(message.state, true);
        return whenSettled(store, () => {
          for (const command of again.splice(0)) port.post(command);
        });
      case 'facts':
        return pending.add(message.facts);
      case 'taken': {
        const command = waiting.get(message.id);
        if (command !== undefined) command.isTaken = true;
        return;
      }
      case 'outcome':
        pending.flush();
        return settle(message.id, message.outcome as Outcome<never>);
      case 'trace':
        return feed.take(message.entries);
      case 'traceCleared':
        return feed.clear();
    }
  });
  void held.then(sayHello);
  port.onRestart?.(() => {
    for (const [id, { isTaken }] of waiting) if (isTaken) settle(id, failed({ is: 'connectionLost' }));
    again.push(...[...waiting.values()].map(({ message }) => message));
    feed.resume();
    void held.then(sayHello);
  });
  addEventListener('pagehide', () => port.post({ is: 'bye' }));

  const commands = Object.fromEntries(
    commandNames.map((name) => [name, (...args: readonly unknown[]) => call(name, args)]),
  ) as unknown as Commands;
  return { tab, commands, store, trace: feed };
}

/** Runs once the engine knows whether it is signed in: before that it refuses everything. */
function whenSettled(store: Store, run: () => void): void {
  const isSettled = () => !['starting', 'signingIn'].includes(store.getState().signIn.is);
  if (isSettled()) return run();
  const stop = store.subscribe(() => {
    if (!isSettled()) return;
    stop();
    run();
  });
}

/** Facts that wait for the next frame, or, in a hidden tab, for a short while. */
class Pending {
  readonly #store: Store;
  #facts: Fact[] = [];
  #isScheduled = false;

  constructor(store: Store) {
    this.#store = store;
  }

  add(facts: readonly Fact[]): void {
    // What comes after the last urgent one in its batch (the list's preview of a message) can wait for the next frame.
    const last = facts.findLastIndex(({ type }) => urgent.has(type));
    this.#facts.push(...facts.slice(0, last + 1));
    if (last >= 0) this.flush();
    this.#facts.push(...facts.slice(last + 1));
    if (this.#facts.length === 0 || this.#isScheduled) return;
    this.#isScheduled = true;
    const later = () => {
      this.#isScheduled = false;
      this.flush();
    };
    if (document.visibilityState === 'visible') requestAnimationFrame(later);
    else setTimeout(later, hiddenFlushMs);
  }

  flush(): void {
    const facts = this.#facts;
    this.#facts = [];
    recordFacts(this.#store, facts);
  }
}
