import type { Commands } from '../client/commands';
import type { Conversation } from '../domain/conversation';
import type { Fact } from '../domain/facts';
import { done, failed, type Outcome, ok } from '../domain/failure';
import type { TabId } from '../domain/ids';
import type { Aor } from '../protocol/sip/uri';
import type { State } from '../state/state';
import { createLedger, recordFacts, type Store } from '../state/store';
import type { TraceEntry } from '../trace/entry';
import { commandNames } from './commandNames';
import type { Link } from './link';
import { TraceFeed } from './traceFeed';

/** Down the recording, then where one wants to be: so many of its entries taken. Only the last wish counts. */
export type ToReplay = { is: 'load'; entries: readonly TraceEntry[] } | { is: 'goTo'; position: number };

/** Up what there is to be seen there: what one step changed, or all of it; and how far it is on a long way. */
export type FromReplay =
  | { is: 'stepped'; position: number; facts: readonly Fact[] }
  | { is: 'there'; position: number; state: State }
  | { is: 'onTheWay'; position: number };

export interface ReplayPlace {
  position: number;
  isOnTheWay: boolean;
}

/** A recording that plays in a worker, as a tab holds an engine; a store for React's `useSyncExternalStore`. */
export class ReplayLink {
  readonly link: Link;
  readonly #worker: Worker;
  readonly #store: Store = createLedger();
  readonly #listeners = new Set<() => void>();
  #place: ReplayPlace = { position: 0, isOnTheWay: true };

  constructor(entries: readonly TraceEntry[]) {
    this.#worker = new Worker(new URL('../replayWorker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = ({ data }: MessageEvent<FromReplay>) => this.#take(data);
    this.link = {
      tab: 'recording' as TabId,
      commands: commandsOn(this.#store),
      store: this.#store,
      trace: new TraceFeed(() => undefined),
      now: () => entries[Math.max(0, this.#place.position - 1)]?.at ?? 0,
    };
    this.#ask({ is: 'load', entries });
    this.goTo(0);
  }

  place = (): ReplayPlace => this.#place;

  subscribe = (run: () => void): (() => void) => {
    this.#listeners.add(run);
    return () => this.#listeners.delete(run);
  };

  goTo(position: number): void {
    this.#ask({ is: 'goTo', position });
  }

  #ask(message: ToReplay): void {
    this.#worker.postMessage(message);
  }

  #take(message: FromReplay): void {
    this.#place = { position: message.position, isOnTheWay: message.is === 'onTheWay' };
    if (message.is === 'stepped') recordFacts(this.#store, message.facts);
    if (message.is === 'there') this.#store.setState(message.state, true);
    for (const run of this.#listeners) run();
  }

  close(): void {
    this.#worker.terminate();
  }
}

/** What only looks at the ledger goes; everything else is refused, since nothing of a recording can be changed. */
function commandsOn(store: Store): Commands {
  const refused = async (): Promise<Outcome<never>> => failed({ is: 'recording' });
  const nothing = async (): Promise<Outcome<void>> => done;
  const quiet = [
    'touched',
    'seeLog',
    'checkConnection',
    'markRead',
    'watch',
    'loadOlder',
    'setTyping',
    'noteTrouble',
    'noteMedia',
  ];
  const commands = Object.fromEntries(commandNames.map((name) => [name, quiet.includes(name) ? nothing : refused]));
  const openConversation: Commands['openConversation'] = async (peer: Aor) => {
    const all = Object.values<Conversation>(store.getState().conversations);
    const found = all.find(({ party }) => party.is === 'pairwise' && party.peer === peer);
    return found === undefined ? refused() : ok(found.id);
  };
  return { ...(commands as unknown as Commands), openConversation };
}
