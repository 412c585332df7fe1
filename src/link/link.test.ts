import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Commands } from '../client/commands';
import { done, failed, type Outcome } from '../domain/failure';
import type { ConversationId, ItemId, TabId } from '../domain/ids';
import type { SignIn } from '../domain/signIn';
import { emptyState, type State } from '../state/state';
import { fakeWorld } from '../testing/fakeWorld';
import { alice } from '../testing/people';
import { commandNames } from './commandNames';
import { EngineHost } from './host';
import { type EnginePort, joinEngine } from './link';
import type { CommandName, FromEngine, FromTab } from './protocol';

const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  });
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('document', { visibilityState: 'visible' });
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => setImmediate(run));
});
afterEach(() => vi.unstubAllGlobals());

const settle = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const signedIn: SignIn = { is: 'signedIn', server: 'wss://contoso.example/sip' };

/** An engine that does what a test says with each command. */
class TestEngine {
  state: State = { ...emptyState, signIn: signedIn };
  readonly asked: [CommandName, readonly unknown[]][] = [];
  readonly released = new Map<string, () => void>();
  readonly gone: TabId[] = [];
  readonly bugs: unknown[] = [];
  answer: () => Promise<Outcome<unknown>> = async () => done;
  readonly host: EngineHost;

  constructor() {
    const commands = Object.fromEntries(
      commandNames.map((name) => [
        name,
        (...args: unknown[]) => {
          this.asked.push([name, args]);
          return this.answer();
        },
      ]),
    ) as unknown as Commands;
    this.host = new EngineHost({
      world: fakeWorld(),
      commands,
      commandNames,
      state: () => this.state,
      sessionId: () => 'session-1',
      onHello: () => undefined,
      log: { recent: () => [], flush: async () => undefined },
      whenReleased: (lock, run) => void this.released.set(lock, run),
      onTabGone: (tab) => void this.gone.push(tab),
      onBug: (error) => void this.bugs.push(error),
    });
  }
}

/** A tab's port, which can be put to another engine. */
class Cable {
  #engine: ((message: FromTab) => void) | null = null;
  #tab: (message: FromEngine) => void = () => undefined;
  restarted: () => void = () => undefined;
  readonly port: EnginePort = {
    post: (message) => this.#engine?.(structuredClone(message)),
    onMessage: (run) => {
      this.#tab = run;
    },
    onRestart: (run) => {
      this.restarted = run;
    },
  };

  plug(engine: TestEngine): void {
    let take: (message: FromTab) => void = () => undefined;
    const post = (message: FromEngine) => void (this.#engine === way && this.#tab(structuredClone(message)));
    const way = (message: FromTab) => take(message);
    engine.host.add({
      post,
      onMessage: (run) => {
        take = run;
      },
    });
    this.#engine = way;
  }

  /** What is said now reaches nobody. */
  unplug(): void {
    this.#engine = null;
  }
}

function tabOf(engine: TestEngine, lock = 'lock-1') {
  const cable = new Cable();
  cable.plug(engine);
  return { cable, ...joinEngine(cable.port, lock as TabId, Promise.resolve()) };
}

const text = 'hello';
const line = (id: string) =>
  ({
    kind: 'line',
    id: id as ItemId,
    conversation: 'c1' as ConversationId,
    order: Number(id),
    at: 0,
    event: { is: 'started' },
  }) as const;

describe('a tab and the engine', () => {
  it('a tab begins with the ledger as it is, and keeps the session', async () => {
    const engine = new TestEngine();
    engine.state = { ...engine.state, account: { aor: alice, displayName: 'Alice' } };
    const { store } = tabOf(engine);
    await settle();
    expect(store.getState().account?.displayName).toBe('Alice');
    expect(kept.get('confab-session')).toBe('session-1');
  });

  it('what the engine records reaches every tab, once, in order', async () => {
    const engine = new TestEngine();
    const tabs = [tabOf(engine, 'one'), tabOf(engine, 'two')];
    await settle();
    engine.host.publish([{ type: 'item.added', item: line('1') }]);
    engine.host.publish([{ type: 'item.added', item: line('2') }]);
    await settle();
    for (const { store } of tabs) {
      const items = store.getState().transcripts['c1' as ConversationId]?.pages.flatMap((page) => page.items);
      expect(items?.map(({ id }) => id)).toEqual(['1', '2']);
    }
  });

  it('an outcome comes after the facts that its command made', async () => {
    const engine = new TestEngine();
    const { store, commands } = tabOf(engine);
    await settle();
    engine.answer = async () => {
      engine.host.publish([{ type: 'policy.changed', policy: { ...emptyState.policy, meetingSize: 7 } }]);
      return done;
    };
    expect(await commands.setNote('x')).toEqual(done);
    expect(store.getState().policy.meetingSize).toBe(7);
    expect(engine.asked).toEqual([['setNote', ['x']]]);
  });

  it('a tab that died is told nothing more', async () => {
    const engine = new TestEngine();
    const { store } = tabOf(engine, 'dead');
    await settle();
    engine.released.get('dead')?.();
    engine.host.publish([{ type: 'item.added', item: line('1') }]);
    await settle();
    expect(store.getState().transcripts).toEqual({});
  });

  it('the end of a tab is told once, whether it said good-bye or died', async () => {
    const engine = new TestEngine();
    const { cable, tab } = tabOf(engine, 'closed');
    tabOf(engine, 'dead');
    await settle();
    cable.port.post({ is: 'bye' });
    engine.released.get('closed')?.();
    engine.released.get('dead')?.();
    expect(engine.gone).toEqual([tab, 'dead']);
  });

  it('a command that throws is a bug of the engine’s, and the tab is not left waiting for it', async () => {
    const engine = new TestEngine();
    const { commands } = tabOf(engine);
    await settle();
    engine.answer = () => Promise.reject(new Error('a bug'));
    expect(await commands.setNote('x')).toEqual(failed({ is: 'internal' }));
    expect(engine.bugs).toEqual([new Error('a bug')]);
  });

  it('runs nothing that is no command', async () => {
    const engine = new TestEngine();
    const { cable } = tabOf(engine);
    await settle();
    cable.port.post({ is: 'command', id: 99, name: 'constructor' as CommandName, args: [] });
    await settle();
    expect(engine.asked).toEqual([]);
  });
});

describe('an engine that takes the place of one that died', () => {
  it('gets to know the tab, and what nobody had taken; what the old one had is told as uncertain', async () => {
    const [first, second] = [new TestEngine(), new TestEngine()];
    const { cable, store, commands } = tabOf(first);
    await settle();
    first.answer = () => new Promise(() => undefined);
    const taken = commands.setNote('taken by the first');
    await settle();
    cable.unplug();
    const untaken = commands.send('c1' as ConversationId, { text });

    second.state = { ...emptyState, signIn: { is: 'starting' } };
    cable.plug(second);
    cable.restarted();
    expect(await taken).toEqual(failed({ is: 'connectionLost' }));
    await settle();
    expect(store.getState().signIn.is).toBe('starting');
    expect(second.asked).toEqual([]);

    second.host.publish([{ type: 'signIn.changed', signIn: signedIn }]);
    expect(await untaken).toEqual(done);
    expect(second.asked).toEqual([['send', ['c1', { text }]]]);
  });

  it('one that is signed in already is asked at once', async () => {
    const [first, second] = [new TestEngine(), new TestEngine()];
    const { cable, commands } = tabOf(first);
    await settle();
    cable.unplug();
    const untaken = commands.setNote('x');
    cable.plug(second);
    cable.restarted();
    expect(await untaken).toEqual(done);
  });
});
