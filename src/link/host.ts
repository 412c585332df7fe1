import type { Commands } from '../client/commands';
import type { Fact } from '../domain/facts';
import { failed, type Outcome } from '../domain/failure';
import type { TabId } from '../domain/ids';
import type { State } from '../state/state';
import type { TraceEntry } from '../trace/entry';
import type { World } from '../world';
import type { CommandName, FromEngine, FromTab, Port } from './protocol';

export type TabPort = Port<FromTab, FromEngine>;

export interface HostParts {
  world: World;
  commands: Commands;
  commandNames: readonly CommandName[];
  state(): State;
  sessionId(): string;
  /** A tab came, with the session id that it kept. */
  onHello(sessionId: string | null): void;
  log: { recent(): readonly TraceEntry[]; flush(): Promise<void> };
  /** Runs when the holder of a Web Lock is gone. */
  whenReleased(lock: string, run: () => void): void;
  /** A tab said good-bye, or died. */
  onTabGone(tab: TabId): void;
  /** A command threw, which none may. */
  onBug(error: unknown): void;
}

const traceEveryMs = 100;

/** The engine's end of the link: any number of tabs, each with a copy of the ledger. */
export class EngineHost {
  readonly #parts: HostParts;
  readonly #tabs = new Set<TabPort>();
  readonly #names = new Map<TabPort, TabId>();
  readonly #traceWatchers = new Set<TabPort>();
  #facts: Fact[] = [];
  #entries: TraceEntry[] = [];
  #isTraceScheduled = false;

  constructor(parts: HostParts) {
    this.#parts = parts;
  }

  add(port: TabPort): void {
    port.onMessage((message) => this.#take(port, message));
  }

  #take(port: TabPort, message: FromTab): void {
    switch (message.is) {
      case 'hello':
        this.#parts.onHello(message.sessionId);
        this.#flush();
        this.#tabs.add(port);
        port.post({ is: 'welcome', sessionId: this.#parts.sessionId(), state: this.#parts.state() });
        this.#names.set(port, message.lock);
        return this.#parts.whenReleased(message.lock, () => this.#drop(port));
      case 'command':
        return void this.#run(port, message);
      case 'watchTrace':
        if (!message.on) return void this.#traceWatchers.delete(port);
        return void this.#showTrace(port);
      case 'bye':
        // The last tab may take the engine with it.
        void this.#parts.log.flush();
        return this.#drop(port);
    }
  }

  /** What is not in memory any more is read by the tab itself, from the store. */
  async #showTrace(port: TabPort): Promise<void> {
    await this.#parts.log.flush();
    this.#sendTrace();
    this.#traceWatchers.add(port);
    port.post({ is: 'trace', entries: this.#parts.log.recent() });
  }

  #drop(port: TabPort): void {
    this.#tabs.delete(port);
    this.#traceWatchers.delete(port);
    const name = this.#names.get(port);
    if (this.#names.delete(port) && name !== undefined) this.#parts.onTabGone(name);
  }

  async #run(port: TabPort, { id, name, args }: Extract<FromTab, { is: 'command' }>): Promise<void> {
    if (!this.#parts.commandNames.includes(name)) return;
    port.post({ is: 'taken', id });
    const command = this.#parts.commands[name] as (...args: readonly unknown[]) => ReturnType<Commands[CommandName]>;
    const outcome = await this.#outcomeOf(async () => command.apply(this.#parts.commands, [...args]));
    this.#flush();
    port.post({ is: 'outcome', id, outcome });
  }

  async #outcomeOf(run: () => Promise<Outcome<unknown>>): Promise<Outcome<unknown>> {
    try {
      return await run();
    } catch (error) {
      this.#parts.onBug(error);
      return failed({ is: 'internal' });
    }
  }

  /** Facts of one turn leave together. */
  publish(facts: readonly Fact[]): void {
    if (this.#facts.length === 0) queueMicrotask(() => this.#flush());
    this.#facts.push(...facts);
  }

  #flush(): void {
    if (this.#facts.length === 0) return;
    const facts = this.#facts;
    this.#facts = [];
    for (const port of this.#tabs) port.post({ is: 'facts', facts });
  }

  /** Trace entries leave in batches, and only to tabs that watch. */
  traced(entry: TraceEntry): void {
    if (this.#traceWatchers.size === 0) return;
    this.#entries.push(entry);
    if (this.#isTraceScheduled) return;
    this.#isTraceScheduled = true;
    this.#parts.world.after(traceEveryMs, () => {
      this.#isTraceScheduled = false;
      this.#sendTrace();
    });
  }

  #sendTrace(): void {
    const entries = this.#entries;
    this.#entries = [];
    if (entries.length === 0) return;
    for (const port of this.#traceWatchers) port.post({ is: 'trace', entries });
  }

  /** The log was emptied. */
  traceCleared(): void {
    this.#entries = [];
    for (const port of this.#traceWatchers) port.post({ is: 'traceCleared' });
  }
}
