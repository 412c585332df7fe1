import { Client } from '../client/client';
import type { Dialect } from '../dialect/dialect';
import type { Conversation } from '../domain/conversation';
import type { ConversationId } from '../domain/ids';
import { MemoryHistory } from '../history/memoryHistory';
import type { Aor } from '../protocol/sip/uri';
import { itemsOfConversation } from '../state/selectors';
import { FakeTown, fakePassword } from './fakeDialect';
import type { FakeEndpoint } from './fakeEndpoint';
import { type FakeWorld, fakeWorld } from './fakeWorld';
import { bob } from './people';
import { testDevice } from './testDevice';

/** People's devices in the fake town: a client each, its history, and the dialect under it. */
export class ClientBench {
  readonly world: FakeWorld = fakeWorld();
  readonly town = new FakeTown(this.world);
  readonly dialects = new Map<Aor, FakeEndpoint>();

  client(aor: Aor, history = new MemoryHistory()): Client {
    return new Client(
      testDevice(
        {
          world: this.world,
          createDialect: async ({ host, password }): Promise<Dialect> => {
            const dialect = this.town.dialect({ aor, password }, host);
            this.dialects.set(aor, dialect);
            return dialect;
          },
        },
        history,
      ),
    );
  }

  async signedIn(aor: Aor, history?: MemoryHistory): Promise<Client> {
    const client = this.client(aor, history);
    const outcome = client.signIn({
      address: aor.slice(4),
      password: fakePassword,
      server: 'localhost:1',
      savePassword: false,
    });
    await this.world.elapse(50);
    if (!(await outcome).ok) throw new Error(`${aor} is not signed in`);
    return client;
  }

  endpoint(aor: Aor): FakeEndpoint {
    const endpoint = this.dialects.get(aor);
    if (endpoint === undefined) throw new Error(`${aor} is not signed in`);
    return endpoint;
  }
}

export const linesOf = (client: Client, id: ConversationId): string[] =>
  itemsOfConversation(client.state, id).flatMap((item) => (item.kind === 'line' ? [item.event.is] : []));

export const onlyConversation = (client: Client): Conversation => {
  const [conversation] = Object.values<Conversation>(client.state.conversations);
  if (conversation === undefined) throw new Error('no conversation');
  return conversation;
};

export async function open(client: Client, peer: Aor): Promise<ConversationId> {
  const outcome = await client.openConversation(peer);
  if (!outcome.ok) throw new Error('not opened');
  return outcome.value;
}

/** Alice has written to Bob, who accepted. */
export async function talking(
  bench: ClientBench,
  alices: Client,
  bobs: Client,
  text = 'hello',
): Promise<ConversationId> {
  const id = await open(alices, bob);
  void alices.send(id, { text });
  await bench.world.elapse(50);
  const [invitation] = Object.keys(bobs.state.invitations);
  void bobs.accept(invitation as Parameters<Client['accept']>[0]);
  await bench.world.elapse(50);
  return id;
}
