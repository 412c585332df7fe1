import { beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../domain/failure';
import type { FileItem, FileState, StoreTicket } from '../domain/file';
import type { ConversationId, ItemId, TabId } from '../domain/ids';
import { MemoryHistory } from '../history/memoryHistory';
import { itemsOfConversation } from '../state/selectors';
import { ClientBench, onlyConversation, talking } from '../testing/clientBench';
import { alice, bob, carol } from '../testing/people';
import type { Client } from './client';

const desk = 'tab-desk' as TabId;
const other = 'tab-other' as TabId;
const bytes = new TextEncoder().encode('0123456789');
const sha256 = '84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882';
const file = { name: 'plan.pdf', size: 10, type: 'application/pdf' };
const item = 'f-1' as ItemId;

let bench: ClientBench;
let alices: Client;
let bobs: Client;
let carols: Client;
let history: MemoryHistory;
let id: ConversationId;
let bobsId: ConversationId;
/** Alice has Bob and Carol in a conference. */
beforeEach(async () => {
  bench = new ClientBench();
  alices = await bench.signedIn(alice);
  history = new MemoryHistory();
  bobs = await bench.signedIn(bob, history);
  carols = await bench.signedIn(carol);
  id = await talking(bench, alices, bobs);
  void alices.invite(id, [carol]);
  await moves();
  for (const client of [bobs, carols]) {
    for (const invitation of Object.keys(client.state.invitations)) {
      void client.accept(invitation as Parameters<Client['accept']>[0]);
    }
  }
  await moves();
  bobsId = onlyConversation(bobs).id;
  expect(alices.state.conversations[id]?.party).toMatchObject({
    is: 'conference',
    conference: { roster: { length: 3 } },
  });
});

const moves = (ms = 200) => bench.world.elapse(ms);

async function settled<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  await moves();
  const value = await outcome;
  if (!value.ok) throw new Error(JSON.stringify(value.failure));
  return value.value;
}

const fileIn = (client: Client, conversation: ConversationId): FileItem => {
  const found = itemsOfConversation(client.state, conversation).findLast((one) => one.kind === 'file');
  if (found?.kind !== 'file') throw new Error('no file');
  return found;
};
const stateOf = (client: Client, conversation: ConversationId): FileState => fileIn(client, conversation).state;

const add = (changes: Partial<typeof file> = {}) =>
  alices.addFile(id, { id: item, tab: desk, file: { ...file, ...changes } });
const put = (ticket: StoreTicket, part = bytes) => bench.town.store.put(ticket, part);

/** Alice's file is in the store, and the conference knows of it. */
async function sent(): Promise<void> {
  await settled(add());
  await put(await settled(alices.bringFile(id, item, desk)));
  await settled(alices.tellFile(id, item, sha256));
}

describe('a file to a conference', () => {
  it('is brought to the store by a tab, and then everybody has it in its place', async () => {
    await settled(add());
    expect(fileIn(alices, id)).toMatchObject({
      own: true,
      file,
      route: { is: 'store', file: null },
      state: { is: 'offered' },
    });
    const ticket = await settled(alices.bringFile(id, item, desk));
    expect([stateOf(alices, id).is, alices.state.transfers[item]]).toMatchObject(['moving', { tab: desk, bytes: 0 }]);
    void bobs.send(bobsId, { text: 'said meanwhile' });
    await moves();
    await put(ticket);
    await settled(alices.tellFile(id, item, sha256));
    expect(fileIn(alices, id)).toMatchObject({
      state: { is: 'done', place: null },
      route: { file: ticket.id, sha256 },
      number: 2,
    });
    expect(alices.state.transfers).toEqual({});
    for (const [client, conversation] of [
      [bobs, bobsId],
      [carols, onlyConversation(carols).id],
    ] as const) {
      const route = { is: 'store', file: ticket.id, sha256 };
      expect(fileIn(client, conversation)).toMatchObject({
        own: false,
        author: alice,
        file,
        route,
        state: { is: 'offered' },
      });
    }
    const kinds = (client: Client, conversation: ConversationId) =>
      itemsOfConversation(client.state, conversation)
        .slice(-2)
        .map(({ kind }) => kind);
    expect([kinds(alices, id), kinds(bobs, bobsId)]).toEqual([
      ['message', 'file'],
      ['message', 'file'],
    ]);
  });

  it('is got by a tab, and is done there; the others may get it still', async () => {
    await sent();
    const ticket = await settled(bobs.getFile(bobsId, item, desk));
    expect(bench.town.store.get(ticket)).toEqual(bytes);
    expect(stateOf(bobs, bobsId).is).toBe('moving');
    expect(await bobs.getFile(bobsId, item, other)).toMatchObject({ ok: false });
    await settled(bobs.noteFile(bobsId, item, { is: 'moved', bytes: 4, bytesPerSecond: 9 }));
    expect(bobs.state.transfers[item]).toMatchObject({ bytes: 4, bytesPerSecond: 9 });
    await settled(bobs.noteFile(bobsId, item, { is: 'done', place: 'browser' }));
    expect([stateOf(bobs, bobsId), bobs.state.transfers]).toMatchObject([{ is: 'done', place: 'browser' }, {}]);
    expect(stateOf(carols, onlyConversation(carols).id).is).toBe('offered');
  });

  it.each([
    ['is too large', { fileSize: 9 }, { is: 'forbidden', policy: 'fileSize', limit: 9 }],
    ['has a blocked ending', { blockedEndings: ['.pdf'] }, { is: 'forbidden', policy: 'fileEnding' }],
  ])('that %s is not sent, and says why', async (_what, policy, failure) => {
    Object.assign(bench.town.resident(alice).policy, policy);
    bench.endpoint(alice).lose();
    bench.endpoint(alice).regain();
    await moves(1_000);
    expect(await add()).toMatchObject({ ok: false, failure });
    expect(stateOf(alices, id)).toMatchObject({ is: 'failed', failure });
    expect(() => fileIn(bobs, bobsId)).toThrow('no file');
  });

  it('that the store refuses fails with its words, and may be tried again', async () => {
    await settled(add());
    const { policy } = bench.town.resident(alice);
    policy.fileSize = 9;
    void alices.bringFile(id, item, desk);
    await moves();
    const failure = { is: 'rejected', status: 413, diagnostics: { id: 60_002 } };
    expect([stateOf(alices, id), alices.state.transfers]).toMatchObject([{ is: 'failed', failure }, {}]);
    policy.fileSize = null;
    await put(await settled(alices.bringFile(id, item, desk)));
    await settled(alices.tellFile(id, item, sha256));
    expect(stateOf(alices, id).is).toBe('done');
  });

  it('goes on after a loss from where the store is, and is told of once', async () => {
    await settled(add());
    const ticket = await settled(alices.bringFile(id, item, desk));
    await put(ticket, bytes.subarray(0, 4));
    bench.endpoint(alice).lose();
    await settled(alices.noteFile(id, item, { is: 'lost', bytes: 4 }));
    expect(stateOf(alices, id)).toEqual({ is: 'interrupted', bytes: 4 });
    expect(await alices.bringFile(id, item, desk)).toMatchObject({ ok: false, failure: { is: 'offline' } });
    expect(stateOf(alices, id).is).toBe('interrupted');
    bench.endpoint(alice).regain();
    await moves(1_000);
    const again = await settled(alices.bringFile(id, item, desk));
    expect(again).toMatchObject({ id: ticket.id, received: 4 });
    await put(again, bytes.subarray(4));
    const told = alices.tellFile(id, item, sha256);
    bench.endpoint(alice).lose();
    await moves();
    expect((await told).ok).toBe(false);
    bench.endpoint(alice).regain();
    await moves(1_000);
    if (stateOf(alices, id).is !== 'done') {
      await settled(alices.bringFile(id, item, desk));
      await settled(alices.tellFile(id, item, sha256));
    }
    expect(stateOf(alices, id).is).toBe('done');
    expect(itemsOfConversation(bobs.state, bobsId).filter(({ kind }) => kind === 'file')).toHaveLength(1);
  });

  it('waits two minutes for the connection, and then has failed', async () => {
    await settled(add());
    await settled(alices.bringFile(id, item, desk));
    bench.endpoint(alice).lose();
    void alices.noteFile(id, item, { is: 'lost', bytes: 4 });
    await moves(121_000);
    expect(stateOf(alices, id)).toMatchObject({ is: 'failed', failure: { is: 'connectionLost' } });
  });

  it('is cancelled by its sender, for good', async () => {
    await settled(add());
    const ticket = await settled(alices.bringFile(id, item, desk));
    await settled(alices.cancelFile(id, item));
    expect([stateOf(alices, id), alices.state.transfers]).toEqual([{ is: 'cancelled', byUs: true }, {}]);
    await put(ticket);
    expect(await alices.tellFile(id, item, sha256)).toMatchObject({ ok: false, failure: { is: 'cancelled' } });
    await moves();
    expect(stateOf(alices, id).is).toBe('cancelled');
    expect(() => fileIn(bobs, bobsId)).toThrow('no file');
  });

  it('is there as before when who got it cancels, or closes the page', async () => {
    await sent();
    await settled(bobs.getFile(bobsId, item, desk));
    await settled(bobs.cancelFile(bobsId, item));
    expect([stateOf(bobs, bobsId), bobs.state.transfers]).toEqual([{ is: 'offered' }, {}]);
    await settled(bobs.getFile(bobsId, item, desk));
    bobs.tabGone(desk);
    expect([stateOf(bobs, bobsId), bobs.state.transfers]).toEqual([{ is: 'offered' }, {}]);
    await settled(bobs.getFile(bobsId, item, other));
  });

  it('goes with the page that sends it', async () => {
    await settled(add());
    await settled(alices.bringFile(id, item, desk));
    alices.tabGone(desk);
    expect(stateOf(alices, id)).toMatchObject({ is: 'failed', failure: { is: 'file', what: 'pageClosed' } });
  });

  it('is not for who was removed', async () => {
    await sent();
    void alices.removeParticipant(id, bob);
    await moves(1_000);
    void bobs.getFile(bobsId, item, desk);
    await moves();
    expect(stateOf(bobs, bobsId)).toMatchObject({ is: 'failed', failure: { is: 'rejected', status: 481 } });
  });

  it('is in the history, and what was under way there when the engine ended is there as before', async () => {
    await sent();
    await settled(bobs.getFile(bobsId, item, desk));
    await bobs.signOut();
    const again = await bench.signedIn(bob, history);
    expect(stateOf(again, bobsId)).toEqual({ is: 'offered' });
  });
});
