import { UserAgent, type UserAgentOptions, type UserAgentState } from '../sip/userAgent';
import type { TraceEntry } from '../trace/entry';
import { type FakeWorld, fakeWorld } from './fakeWorld';
import { alice } from './people';
import { ScriptedPeer } from './scriptedPeer';

/** Alice's user agent, real JsSIP below it, against a scripted peer in a world whose time stands still. */
export class TestUserAgent {
  readonly world: FakeWorld = fakeWorld();
  readonly peer = new ScriptedPeer();
  readonly states: UserAgentState[] = [];
  readonly trace: Omit<TraceEntry, 'seq'>[] = [];
  readonly faults: string[] = [];

  readonly agent: UserAgent;
  /** Called with each invitation; leaves it to the test when not set. */
  onInvite: UserAgentOptions['onInvite'] | null = null;

  constructor(options: Partial<UserAgentOptions> = {}) {
    this.agent = new UserAgent({
      world: this.world,
      server: 'wss://fe1.contoso.example/sip',
      aor: alice,
      password: 'rose petal',
      instanceId: '63bfdf93-25a1-57a5-a4d0-0c8030515897',
      epid: '01a7c4d2e9',
      openSocket: this.peer.pairs.openSocket,
      trace: (entry) => {
        this.trace.push(entry);
        return 0;
      },
      onFault: (text) => this.faults.push(text),
      onState: (state) => this.states.push(state),
      onInvite: (request, ring, refuse) => this.onInvite?.(request, ring, refuse),
      ...options,
    });
  }

  /** The states that were told, by name. */
  get told(): string[] {
    return this.states.map(({ is }) => is);
  }

  /** Everything that is on its way arrives; time stands still. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await this.world.elapse(0);
  }

  async elapse(ms: number): Promise<void> {
    await this.world.elapse(ms);
    await this.settle();
  }

  /** Signs in; the ladder begins after it. */
  async register(): Promise<this> {
    this.agent.start();
    await this.settle();
    this.peer.take('REGISTER');
    this.peer.ladder.length = 0;
    return this;
  }
}
