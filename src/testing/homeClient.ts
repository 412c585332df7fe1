import { testPassword } from '../../server/testing/home';
import { Client } from '../client/client';
import type { Device } from '../client/device';
import { type Link, links, type RelayTried } from '../domain/checkup';
import type { TabId } from '../domain/ids';
import type { Relay } from '../domain/sharing';
import { MemoryHistory } from '../history/memoryHistory';
import type { Aor } from '../protocol/sip/uri';
import { bareAddress } from '../protocol/sip/uri';
import type { NewEntry, TraceEntry } from '../trace/entry';
import type { HomeBench } from './homeBench';
import { testDevice } from './testDevice';

/** A person's client, all of the engine but its store, on the bench with the real home server. */
export class HomeClient {
  readonly client: Client;
  readonly history = new MemoryHistory();
  /** Its log. */
  readonly trace: TraceEntry[] = [];
  readonly #bench: HomeBench;
  readonly #aor: Aor;

  constructor(bench: HomeBench, aor: Aor, device: Partial<Device> = {}) {
    this.#bench = bench;
    this.#aor = aor;
    const add = (entry: NewEntry): number => this.trace.push({ ...entry, seq: this.trace.length + 1 });
    const log = { add, configure: () => undefined, bound: () => undefined, clear: async () => undefined };
    this.client = new Client(
      testDevice(
        {
          world: bench.world,
          ask: async () => ({ status: 404, text: '' }),
          createDialect: async ({ server, password, host, quietName, overhear }) => {
            const trace = (entry: NewEntry): number => {
              const frame = add(entry);
              overhear?.(entry, frame);
              return frame;
            };
            const name = quietName ?? bareAddress(aor).split('@')[0] ?? aor;
            return bench.dialect(aor, host, { password, isQuiet: quietName !== undefined, trace, name, server });
          },
          log,
          ...device,
        },
        this.history,
      ),
    );
  }

  form(password = testPassword, server: string | null = 'contoso.example') {
    return { address: bareAddress(this.#aor), userName: null, password, server };
  }

  async signIn(password?: string): Promise<boolean> {
    const outcome = this.client.signIn({ ...this.form(password), savePassword: false });
    await this.#bench.elapse(1_000);
    return (await outcome).ok;
  }

  /**
   * Lets the doctor walk to its end, with what only a tab knows: `tryRelays` stands for a peer connection. Answers after how
   * many ms the first broken link was named; `null` when none was.
   */
  async checkup(
    signIn: ReturnType<HomeClient['form']> | null,
    {
      notifications = 'granted',
      tryRelays = (relays) => relays.flatMap(({ urls }) => urls).map((url) => ({ url, error: null })),
    }: {
      notifications?: 'granted' | 'denied' | 'default' | 'unknown';
      tryRelays?(relays: readonly Relay[]): readonly RelayTried[];
    } = {},
  ): Promise<number | null> {
    const { client } = this;
    const began = this.#bench.world.now();
    let namedAfter: number | null = null;
    let isOver = false;
    void client.startCheckup({ tab: 'tab-1' as TabId, signIn, notifications }).then(() => {
      isOver = true;
    });
    void client.checkupRelays().then((relays) => {
      if (relays.ok) void client.tellCheckupRelays(tryRelays(relays.value.servers));
    });
    for (let turn = 0; turn < 1_000 && !isOver; turn += 1) {
      await this.#bench.elapse(100);
      if (this.broken.length > 0) namedAfter ??= this.#bench.world.now() - began;
    }
    if (!isOver) throw new Error('the doctor is not done after 100 seconds');
    return namedAfter;
  }

  /** The links that the doctor found broken, in its order. */
  get broken(): Link[] {
    const { checkup } = this.client.state;
    return checkup === null ? [] : links.filter((link) => checkup.checks[link].state.is === 'broken');
  }

  /** The state of each link, in a word or two. */
  get links(): Record<string, string> {
    const { checkup } = this.client.state;
    if (checkup === null) return {};
    return Object.fromEntries(
      Object.entries(checkup.checks).map(([link, { state }]) => {
        if (state.is === 'broken') return [link, `broken: ${state.verdict?.cause ?? state.failure?.is}`];
        if (state.is !== 'skipped') return [link, state.is];
        const { because } = state;
        return [link, `skipped: ${because.is === 'after' ? `after ${because.link}` : because.is}`];
      }),
    );
  }
}
