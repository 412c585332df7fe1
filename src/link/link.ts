import type { Commands } from '../client/commands';
import type { Fact } from '../domain/facts';
import type { Outcome } from '../domain/failure';
import { createLedger, recordFacts, type Store } from '../state/store';
import type { TraceEntry } from '../trace/entry';
import { commandNames } from './commandNames';
import type { CommandName, FromEngine, FromTab, Port } from './protocol';

/** What a tab holds of the engine: commands down, the ledger up, the trace when somebody looks. */
export interface Link {
  commands: Commands;
  store: Store;
  trace: TraceFeed;
}

export interface TraceFeed {
  entries(): readonly TraceEntry[];
  subscribe(run: () => void): () => void;
  /** Turns the feed on (with everything the engine still has) or off. */
  watch(on: boolean): void;
}

export type EnginePort = Port<FromEngine, FromTab>;

const sessionKey = 'confab-session';
/** Entries that a tab keeps of the trace; the engine keeps as many. */
const traceEntries = 10_000;
const hiddenFlushMs = 50;

/** Facts that a person waits for: they are applied at once, the rest with the next frame. */
const urgent: ReadonlySet<Fact['type']> = new Set<Fact['type']>([
  'item.added',
  'message.settled',
  'signIn.changed',
  'invitation.received',
  'invitation.ended',
]);

/** Joins a tab to the engine behind `port`; `held` settles with the name of the lock that the tab holds while it lives. */
export function joinEngine(port: EnginePort, held: Promise<string>): Link {
  const store = createLedger();
  const waiting = new Map<number, (outcome: Outcome<never>) => void>();
  const feed = new Feed(port);
  const pending = new Pending(store);
  let count = 0;

  const call = (name: CommandName, args: readonly unknown[]): Promise<Outcome<never>> =>
    new Promise((resolve) => {
      count += 1;
      waiting.set(count, resolve);
      port.post({ is: 'command', id: count, name, args });
    });

  port.onMessage((message) => {
    switch (message.is) {
      case 'welcome':
        sessionStorage.setItem(sessionKey, message.sessionId);
        return store.setState(message.state, true);
      case 'facts':
        return pending.add(message.facts);
      case 'outcome':
        pending.flush();
        waiting.get(message.id)?.(message.outcome as Outcome<never>);
        return void waiting.delete(message.id);
      case 'trace':
        return feed.add(message.entries);
    }
  });
  void held.then((lock) => port.post({ is: 'hello', sessionId: sessionStorage.getItem(sessionKey), lock }));
  addEventListener('pagehide', () => port.post({ is: 'bye' }));

  const commands = Object.fromEntries(
    commandNames.map((name) => [name, (...args: readonly unknown[]) => call(name, args)]),
  ) as unknown as Commands;
  return { commands, store, trace: feed };
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

class Feed implements TraceFeed {
  readonly #port: EnginePort;
  readonly #listeners = new Set<() => void>();
  #entries: readonly TraceEntry[] = [];

  constructor(port: EnginePort) {
    this.#port = port;
  }

  entries(): readonly TraceEntry[] {
    return this.#entries;
  }

  subscribe = (run: () => void): (() => void) => {
    this.#listeners.add(run);
    return () => this.#listeners.delete(run);
  };

  watch(on: boolean): void {
    this.#port.post({ is: 'watchTrace', on });
  }

  add(entries: readonly TraceEntry[]): void {
    const last = this.#entries.at(-1)?.seq ?? 0;
    const fresh = entries.filter(({ seq }) => seq > last);
    this.#entries = [...this.#entries, ...fresh].slice(-traceEntries);
    for (const run of this.#listeners) run();
  }
}
