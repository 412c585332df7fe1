import { describe, expect, it } from 'vitest';
import type { Dialect } from '../dialect/dialect';
import type { Conversation } from '../domain/conversation';
import type { ConversationId } from '../domain/ids';
import type { Aor } from '../protocol/sip/uri';
import { itemsOfConversation } from '../state/selectors';
import { FakeTown, fakePassword } from '../testing/fakeDialect';
import type { FakeEndpoint } from '../testing/fakeEndpoint';
import { type FakeWorld, fakeWorld } from '../testing/fakeWorld';
import { MemoryHistory } from '../testing/memoryHistory';
import { alice, bob, carol } from '../testing/people';
import { Client } from './client';

/** One person's device in the town: a client, its history, and the dialect under it. */
class Bench {
  readonly world: FakeWorld = fakeWorld();
  readonly town = new FakeTown(this.world);
  readonly dialects = new Map<Aor, FakeEndpoint>();

  client(aor: Aor, history = new MemoryHistory()): Client {
    return new Client({
      world: this.world,
      ask: async () => null,
      post: async () => null,
      pageOrigin: 'http://localhost',
      createDialect: async ({ host, password }): Promise<Dialect> => {
        const dialect = this.town.dialect({ aor, password }, host);
        this.dialects.set(aor, dialect);
        return dialect;
      },
      openHistory: () => history,
      epidOf: async () => 'e1',
      deleteAllHistory: () => history.clear(),
      log: { add: () => 0, configure: () => undefined, bound: () => undefined, clear: async () => undefined },
      vault: {
        put: async () => undefined,
        take: async () => null,
        forget: async () => undefined,
        setting: async () => null,
        keepSetting: async () => undefined,
        clear: async () => undefined,
      },
      sessionId: () => 'session',
      publish: () => undefined,
    });
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
    expect(await outcome).toEqual({ ok: true, value: undefined });
    return client;
  }

  endpoint(aor: Aor): FakeEndpoint {
    const endpoint = this.dialects.get(aor);
    if (endpoint === undefined) throw new Error(`${aor} is not signed in`);
    return endpoint;
  }
}

const textsOf = (client: Client, id: ConversationId): string[] =>
  itemsOfConversation(client.state, id).flatMap((item) => (item.kind === 'message' ? [item.body.text] : []));
const linesOf = (client: Client, id: ConversationId): string[] =>
  itemsOfConversation(client.state, id).flatMap((item) => (item.kind === 'line' ? [item.event.is] : []));
const deliveriesOf = (client: Client, id: ConversationId): string[] =>
  itemsOfConversation(client.state, id).flatMap((item) =>
    item.kind === 'message' && item.own ? [item.delivery.is] : [],
  );
const onlyConversation = (client: Client): Conversation => {
  const [conversation] = Object.values<Conversation>(client.state.conversations);
  if (conversation === undefined) throw new Error('no conversation');
  return conversation;
};

async function open(client: Client, peer: Aor): Promise<ConversationId> {
  const outcome = await client.openConversation(peer);
  if (!outcome.ok) throw new Error('not opened');
  return outcome.value;
}

/** Alice has written to Bob, who accepted. */
async function talking(bench: Bench, alices: Client, bobs: Client, text = 'hello'): Promise<ConversationId> {
  const id = await open(alices, bob);
  void alices.send(id, { text });
  await bench.world.elapse(50);
  const [invitation] = Object.keys(bobs.state.invitations);
  void bobs.accept(invitation as Parameters<Client['accept']>[0]);
  await bench.world.elapse(50);
  return id;
}

describe('client', () => {
  it('says that a wrong password was refused', async () => {
    const bench = new Bench();
    const client = bench.client(alice);
    void client.signIn({
      address: 'alice@contoso.example',
      password: 'wrong',
      server: 'localhost:1',
      savePassword: false,
    });
    await bench.world.elapse(50);
    expect(client.state.signIn).toMatchObject({ is: 'failed', failure: { is: 'refused' } });
  });

  it('shows a message once at both ends, in order', async () => {
    const bench = new Bench();
    const [alices, bobs] = [await bench.signedIn(alice), await bench.signedIn(bob)];
    const id = await talking(bench, alices, bobs);
    for (const text of ['one', 'two', 'three']) void alices.send(id, { text });
    await bench.world.elapse(100);
    expect(textsOf(bobs, onlyConversation(bobs).id)).toEqual(['hello', 'one', 'two', 'three']);
    expect(deliveriesOf(alices, id)).toEqual(['sent', 'sent', 'sent', 'sent']);
  });

  it('keeps the text of a message to somebody offline, and sends it again when asked', async () => {
    const bench = new Bench();
    const alices = await bench.signedIn(alice);
    const id = await open(alices, bob);
    const sent = alices.send(id, { text: 'are you there?' });
    await bench.world.elapse(50);
    expect(await sent).toMatchObject({ ok: false, failure: { is: 'rejected', status: 480 } });
    expect([textsOf(alices, id), deliveriesOf(alices, id)]).toEqual([['are you there?'], ['failed']]);
    await bench.signedIn(bob);
    const [message] = itemsOfConversation(alices.state, id);
    void alices.retry(id, message?.id as Parameters<Client['retry']>[1]);
    await bench.world.elapse(50);
    expect(deliveriesOf(alices, id)).toEqual(['sending']);
  });

  it('an invitation that nobody answers lapses after 30 s and is a missed conversation with its text', async () => {
    const bench = new Bench();
    const [alices, bobs] = [await bench.signedIn(alice), await bench.signedIn(bob)];
    const id = await open(alices, bob);
    void alices.send(id, { text: 'lunch?' });
    await bench.world.elapse(29_000);
    expect(Object.keys(bobs.state.invitations)).toHaveLength(1);
    await bench.world.elapse(2_000);
    expect(Object.keys(bobs.state.invitations)).toHaveLength(0);
    expect(onlyConversation(bobs)).toMatchObject({ missed: true, preview: 'lunch?' });
    expect(linesOf(bobs, onlyConversation(bobs).id)).toEqual(['missed']);
    expect(deliveriesOf(alices, id)).toEqual(['failed']);
  });

  it('what is written without a connection waits, and goes once and in order when it is back', async () => {
    const bench = new Bench();
    const [alices, bobs] = [await bench.signedIn(alice), await bench.signedIn(bob)];
    const id = await talking(bench, alices, bobs);
    bench.endpoint(alice).lose();
    await bench.world.elapse(50);
    expect(alices.state.signIn.is).toBe('reconnecting');
    for (const text of ['one', 'two']) void alices.send(id, { text });
    await bench.world.elapse(50);
    expect(deliveriesOf(alices, id)).toEqual(['sent', 'queued', 'queued']);
    bench.endpoint(alice).regain();
    await bench.world.elapse(15_000);
    expect(deliveriesOf(alices, id)).toEqual(['sent', 'sent', 'sent']);
    expect(textsOf(bobs, onlyConversation(bobs).id)).toEqual(['hello', 'one', 'two']);
  });

  it('what was on the way when the engine died is sent after the next start, and shown once', async () => {
    const bench = new Bench();
    const history = new MemoryHistory();
    const [first, bobs] = [await bench.signedIn(alice, history), await bench.signedIn(bob)];
    const id = await talking(bench, first, bobs);
    bench.endpoint(alice).lose();
    await bench.world.elapse(50);
    void first.send(id, { text: 'before the end' });
    await bench.world.elapse(50);
    const second = await bench.signedIn(alice, history);
    await bench.world.elapse(15_000);
    expect(textsOf(second, id)).toEqual(['hello', 'before the end']);
    expect(textsOf(bobs, onlyConversation(bobs).id)).toEqual(['hello', 'before the end']);
  });

  it('a conversation of two becomes a conference: the same conversation, with everything said', async () => {
    const bench = new Bench();
    const clients = [await bench.signedIn(alice), await bench.signedIn(bob), await bench.signedIn(carol)] as const;
    const [alices, bobs, carols] = clients;
    const id = await talking(bench, alices, bobs, 'between us');
    void alices.invite(id, [carol]);
    await bench.world.elapse(100);
    const [invitation] = Object.keys(carols.state.invitations);
    void carols.accept(invitation as Parameters<Client['accept']>[0]);
    await bench.world.elapse(100);
    void carols.send(onlyConversation(carols).id, { text: 'hello both' });
    await bench.world.elapse(100);
    expect(textsOf(alices, id)).toEqual(['between us', 'hello both']);
    expect(textsOf(bobs, onlyConversation(bobs).id)).toEqual(['between us', 'hello both']);
    expect(Object.values(bobs.state.conversations)).toHaveLength(1);
    expect(linesOf(alices, id)).toContain('escalated');
    expect(linesOf(alices, id)).toContain('joined');
  });

  it('a conference that cannot be made leaves the conversation of two as it was', async () => {
    const bench = new Bench();
    const [alices, bobs] = [await bench.signedIn(alice), await bench.signedIn(bob)];
    const id = await talking(bench, alices, bobs);
    bench.endpoint(alice).failNext({ is: 'rejected', status: 500, reason: 'Server Internal Error' });
    const invited = alices.invite(id, [carol]);
    await bench.world.elapse(100);
    expect(await invited).toMatchObject({ ok: false });
    expect(alices.state.conversations[id]?.party).toEqual({ is: 'pairwise', peer: bob });
    void bobs.send(onlyConversation(bobs).id, { text: 'still here' });
    await bench.world.elapse(50);
    expect(textsOf(alices, id)).toEqual(['hello', 'still here']);
  });

  it('is inactive after five minutes without a touch, away after five more, active at the next', async () => {
    const bench = new Bench();
    const alices = await bench.signedIn(alice);
    const statusAfter = async (ms: number) => {
      await bench.world.elapse(ms);
      return alices.state.self.presence.status;
    };
    expect(await statusAfter(4 * 60_000)).toBe('available');
    expect(await statusAfter(60_000)).toBe('inactive');
    expect(await statusAfter(5 * 60_000)).toBe('away');
    void alices.touched();
    expect(await statusAfter(50)).toBe('available');
  });
});
