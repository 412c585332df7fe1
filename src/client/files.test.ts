import { beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../domain/failure';
import type { FileItem, FileState } from '../domain/file';
import type { ConversationId, InvitationId, ItemId, MediaSessionId, TabId } from '../domain/ids';
import { MemoryHistory } from '../history/memoryHistory';
import { itemsOfConversation } from '../state/selectors';
import { ClientBench, onlyConversation, talking } from '../testing/clientBench';
import { alice, bob } from '../testing/people';
import type { Client } from './client';

const desk = 'tab-desk' as TabId;
const other = 'tab-other' as TabId;
const file = { name: 'plan.pdf', size: 1_000_000, type: 'application/pdf' };

let bench: ClientBench;
let alices: Client;
let bobs: Client;
let history: MemoryHistory;
let id: ConversationId;
let theirs: ConversationId;
beforeEach(async () => {
  bench = new ClientBench();
  alices = await bench.signedIn(alice);
  history = new MemoryHistory();
  bobs = await bench.signedIn(bob, history);
  id = await talking(bench, alices, bobs);
  theirs = onlyConversation(bobs).id;
});

function settled<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  return outcome.value;
}

const filesIn = (client: Client, conversation: ConversationId): FileItem[] =>
  itemsOfConversation(client.state, conversation).filter((item): item is FileItem => item.kind === 'file');
const fileIn = (client: Client, conversation: ConversationId): FileItem => {
  const item = filesIn(client, conversation).at(-1);
  if (item === undefined) throw new Error('no file');
  return item;
};
const states = (): FileState['is'][] => [fileIn(alices, id).state.is, fileIn(bobs, theirs).state.is];
const onlyInvitation = (client: Client): InvitationId => Object.keys(client.state.invitations)[0] as InvitationId;
const moves = async (ms = 50) => bench.world.elapse(ms);

let made = 0;
async function add(changes: Partial<typeof file> = {}): Promise<{ item: ItemId; outcome: Outcome<void> }> {
  made += 1;
  const item = `f-${made}` as ItemId;
  return { item, outcome: await alices.addFile(id, { id: item, tab: desk, file: { ...file, ...changes } }) };
}

function offer(item: ItemId) {
  made += 1;
  const session = `s-${made}` as MediaSessionId;
  return { session, outcome: alices.offerFile(id, item, { tab: desk, session, offer: `offer ${session}` }) };
}

/** Alice offers a file to Bob. */
async function offered(changes: Partial<typeof file> = {}) {
  const { item } = await add(changes);
  const given = offer(item);
  await moves();
  return { item, ...given };
}

async function take(tab = desk, from = 0) {
  const item = fileIn(bobs, theirs).id;
  const { session, offer: sdp } = settled(await bobs.receiveFile(theirs, item, tab));
  settled(await bobs.answerFile(session, from, `answer to ${sdp}`));
  await moves();
  return { item, session };
}

/** The bytes are on their way. */
async function moving() {
  const sent = await offered();
  const taken = await take();
  settled(await sent.outcome);
  return { mine: sent, bobs: taken };
}

describe('a file to one person', () => {
  it('is in both transcripts, rings, is taken in a tab, and is done at both ends', async () => {
    const { outcome } = await offered();
    expect(fileIn(alices, id)).toMatchObject({ own: true, author: alice, file, state: { is: 'offered' } });
    expect(fileIn(bobs, theirs)).toMatchObject({ own: false, author: alice, file, state: { is: 'offered' } });
    expect(Object.values(bobs.state.invitations)).toMatchObject([
      { is: 'file', from: alice, text: 'plan.pdf', conversation: theirs },
    ]);
    expect(onlyConversation(bobs)).toMatchObject({ preview: 'plan.pdf', previewAuthor: alice, unread: 2 });
    settled(await bobs.accept(onlyInvitation(bobs)));
    const { item } = await take();
    expect(settled(await outcome)).toMatchObject({ from: 0, answer: expect.stringContaining('answer to offer') });
    expect(states()).toEqual(['moving', 'moving']);
    expect(bobs.state.invitations).toEqual({});
    await bobs.noteFile(theirs, item, { is: 'moved', bytes: 500_000, bytesPerSecond: 250_000 });
    expect(bobs.state.transfers[item]).toMatchObject({ tab: desk, bytes: 500_000, bytesPerSecond: 250_000 });
    await bobs.noteFile(theirs, item, { is: 'done', place: 'browser' });
    await alices.noteFile(id, fileIn(alices, id).id, { is: 'done', place: null });
    await moves();
    expect(states()).toEqual(['done', 'done']);
    expect([alices.state.transfers, bobs.state.transfers, alices.state.media, bobs.state.media]).toEqual([
      {},
      {},
      {},
      {},
    ]);
    expect(await history.has(item)).toBe(true);
  });

  it('hangs up itself when the other end does not after the last word', async () => {
    const { bobs: taken } = await moving();
    await bobs.noteFile(theirs, taken.item, { is: 'done', place: 'disk' });
    expect(Object.keys(bobs.state.media)).toHaveLength(1);
    await moves(10_000);
    expect(bobs.state.media).toEqual({});
    expect(states()).toEqual(['cancelled', 'done']);
  });

  it('can be declined by its card, by its toast, or missed; a toast that lapses does neither', async () => {
    await offered();
    settled(await bobs.declineFile(theirs, fileIn(bobs, theirs).id));
    await moves();
    expect(states()).toEqual(['declined', 'declined']);
    await offered();
    await bobs.ignore(onlyInvitation(bobs));
    await moves();
    expect(states()).toEqual(['declined', 'declined']);
    const { outcome } = await offered();
    await moves(31_000);
    expect(bobs.state.invitations).toEqual({});
    expect(states()).toEqual(['offered', 'offered']);
    await moves(140_000);
    expect(await outcome).toMatchObject({ ok: false, failure: { is: 'timedOut' } });
    expect(states()).toEqual(['failed', 'missed']);
  });

  it.each(['sender', 'receiver'] as const)('is cancelled by the %s, while it rings and while it moves', async (who) => {
    const [client, conversation] = who === 'sender' ? [alices, id] : [bobs, theirs];
    await moving();
    await client.cancelFile(conversation, fileIn(client, conversation).id);
    await moves();
    expect(fileIn(alices, id).state).toEqual({ is: 'cancelled', byUs: who === 'sender' });
    expect(fileIn(bobs, theirs).state).toEqual({ is: 'cancelled', byUs: who === 'receiver' });
    const { outcome } = await offered();
    await alices.cancelFile(id, fileIn(alices, id).id);
    await moves();
    expect(await outcome).toEqual({ ok: false, failure: { is: 'cancelled' } });
    expect(states()).toEqual(['cancelled', 'missed']);
    expect([bobs.state.invitations, bobs.state.transfers, alices.state.transfers]).toEqual([{}, {}, {}]);
  });

  it('that is over stays so, whatever a tab still tells of it', async () => {
    const { mine } = await moving();
    await alices.cancelFile(id, mine.item);
    await alices.noteFile(id, mine.item, { is: 'done', place: null });
    await alices.noteFile(id, mine.item, { is: 'lost', bytes: 5 });
    expect(fileIn(alices, id).state).toEqual({ is: 'cancelled', byUs: true });
    expect(alices.state.transfers).toEqual({});
  });

  it('to somebody who is offline fails with that, and can be tried again', async () => {
    await bobs.signOut();
    const { item, outcome } = await offered();
    expect(await outcome).toMatchObject({ ok: false, failure: { status: 480 } });
    expect(fileIn(alices, id).state).toMatchObject({ is: 'failed', failure: { status: 480 } });
    bobs = await bench.signedIn(bob, history);
    const again = offer(item);
    await moves();
    expect(fileIn(bobs, theirs).state.is).toBe('offered');
    await take();
    settled(await again.outcome);
    expect(states()).toEqual(['moving', 'moving']);
  });

  it('is one of several at a time', async () => {
    await offered();
    await offered({ name: 'second.pdf' });
    expect(filesIn(bobs, theirs).map(({ state }) => state.is)).toEqual(['offered', 'offered']);
    expect(Object.keys(bobs.state.invitations)).toHaveLength(2);
  });
});

describe('FTR-3 a file that lost its connection', () => {
  it('goes on in the tabs that have it, from the byte that is there', async () => {
    const { mine, bobs: taken } = await moving();
    await bobs.noteFile(theirs, taken.item, { is: 'moved', bytes: 400_000, bytesPerSecond: null });
    await bobs.noteFile(theirs, taken.item, { is: 'lost', bytes: 400_000 });
    await moves();
    expect(fileIn(bobs, theirs).state).toEqual({ is: 'interrupted', bytes: 400_000 });
    expect(fileIn(alices, id).state.is).toBe('interrupted');
    expect([alices.state.media, bobs.state.media]).toEqual([{}, {}]);
    const again = offer(mine.item);
    await moves();
    expect(bobs.state.transfers[taken.item]).toMatchObject({ tab: desk, session: expect.any(String) });
    expect(bobs.state.invitations).toEqual({});
    expect(await bobs.receiveFile(theirs, taken.item, other)).toMatchObject({ ok: false });
    await take(desk, 400_000);
    expect(settled(await again.outcome)).toMatchObject({ from: 400_000 });
    expect(alices.state.transfers[mine.item]?.bytes).toBe(400_000);
    expect(states()).toEqual(['moving', 'moving']);
  });

  it('before its answer was out waits too', async () => {
    const { item, outcome } = await offered();
    const taken = fileIn(bobs, theirs).id;
    const { session } = settled(await bobs.receiveFile(theirs, taken, desk));
    bench.endpoint(alice).lose();
    await moves();
    await outcome;
    expect(states()).toEqual(['interrupted', 'interrupted']);
    expect(await bobs.answerFile(session, 0, 'too late')).toMatchObject({ ok: false });
    bench.endpoint(alice).regain();
    await moves(5_000);
    const again = offer(item);
    await moves();
    await take();
    settled(await again.outcome);
    expect(states()).toEqual(['moving', 'moving']);
  });

  it('with the connection of one end is tried again when it is back', async () => {
    const { mine } = await moving();
    bench.endpoint(alice).lose();
    await moves();
    expect(states()).toEqual(['interrupted', 'interrupted']);
    const early = offer(mine.item);
    await moves();
    expect(await early.outcome).toEqual({ ok: false, failure: { is: 'offline' } });
    expect(fileIn(alices, id).state.is).toBe('interrupted');
    bench.endpoint(alice).regain();
    await moves(5_000);
    const again = offer(mine.item);
    await moves();
    await take();
    settled(await again.outcome);
    expect(states()).toEqual(['moving', 'moving']);
  });

  it('is given up after some minutes at both ends, and can still be tried again', async () => {
    const { mine } = await moving();
    await alices.noteFile(id, mine.item, { is: 'lost', bytes: 0 });
    await moves(121_000);
    expect(states()).toEqual(['failed', 'interrupted']);
    await moves(60_000);
    expect(fileIn(bobs, theirs).state).toEqual({ is: 'failed', failure: { is: 'connectionLost' } });
    const again = offer(mine.item);
    await moves();
    await take();
    settled(await again.outcome);
    expect(states()).toEqual(['moving', 'moving']);
  });

  it('goes on in any tab when the one that received it was closed; the one that sends it takes it along', async () => {
    const { mine, bobs: taken } = await moving();
    bobs.tabGone(desk);
    await moves();
    expect(states()).toEqual(['interrupted', 'interrupted']);
    const again = offer(mine.item);
    await moves();
    expect(bobs.state.transfers[taken.item]?.tab).toBeNull();
    await take(other);
    settled(await again.outcome);
    alices.tabGone(desk);
    await moves();
    expect(fileIn(alices, id).state).toEqual({ is: 'failed', failure: { is: 'file', what: 'pageClosed' } });
    expect(fileIn(bobs, theirs).state.is).toBe('interrupted');
  });

  it('and whose end was not heard is done, when the other end has it all', async () => {
    const { mine, bobs: taken } = await moving();
    await bobs.noteFile(theirs, taken.item, { is: 'done', place: 'browser' });
    await alices.noteFile(id, mine.item, { is: 'lost', bytes: 900_000 });
    const again = offer(mine.item);
    await moves();
    expect(await again.outcome).toMatchObject({ ok: false, failure: { status: 410 } });
    expect(states()).toEqual(['done', 'done']);
  });

  it('is found after a new start: ours is over, theirs waits', async () => {
    await moving();
    await bobs.signOut();
    bobs = await bench.signedIn(bob, history);
    expect(fileIn(bobs, theirs).state.is).toBe('interrupted');
    await moves(181_000);
    expect(fileIn(bobs, theirs).state.is).toBe('failed');
  });
});

describe('FTR-2 what may not be', () => {
  it('is said before anything is sent: policy, size, ending, name', async () => {
    bench.town.resident(alice).policy = {
      ...bench.town.policyOf(alice),
      fileSize: 2_000_000,
      blockedEndings: ['.exe'],
    };
    await alices.signOut();
    alices = await bench.signedIn(alice);
    id = await talking(bench, alices, bobs);
    const before = filesIn(bobs, theirs).length;
    expect((await add({ size: 2_000_001 })).outcome).toMatchObject({
      failure: { policy: 'fileSize', limit: 2_000_000 },
    });
    expect(fileIn(alices, id).state).toMatchObject({ is: 'failed', failure: { is: 'forbidden' } });
    expect((await add({ name: 'setup.EXE' })).outcome).toMatchObject({ failure: { policy: 'fileEnding' } });
    expect((await add({ name: '../plan.pdf' })).outcome).toEqual({
      ok: false,
      failure: { is: 'invalid', what: 'file' },
    });
    await moves();
    expect(filesIn(bobs, theirs)).toHaveLength(before);
  });

  it.each([
    ['no files', { fileTransfer: false }, 403],
    ['none so large', { fileSize: 10 }, 413],
    ['none of this kind', { blockedEndings: ['.pdf'] }, 403],
  ])('is refused by who may receive %s, without a word to the person', async (_what, policy, status) => {
    bench.town.resident(bob).policy = { ...bench.town.policyOf(bob), ...policy };
    await bobs.signOut();
    bobs = await bench.signedIn(bob, history);
    const { outcome } = await offered();
    expect(await outcome).toMatchObject({ ok: false, failure: { status } });
    expect(filesIn(bobs, theirs)).toEqual([]);
    expect(bobs.state.invitations).toEqual({});
  });

  it('a flood of offers is refused beyond ten that wait, and taken again when one is answered', async () => {
    for (let count = 0; count < 10; count += 1) await offered();
    const { outcome } = await offered();
    expect(await outcome).toMatchObject({ ok: false, failure: { status: 486 } });
    expect(filesIn(bobs, theirs)).toHaveLength(10);
    await bobs.declineFile(theirs, fileIn(bobs, theirs).id);
    await offered();
    expect(filesIn(bobs, theirs)).toHaveLength(11);
  });

  it('another file under the id of one that is there is refused', async () => {
    const { mine } = await moving();
    const peer = { peer: bob, key: 'k' };
    const changed = { ...file, transfer: mine.item, size: 5 };
    const outcome = bench.endpoint(alice).files.offer('x-1' as MediaSessionId, peer, changed, 'an offer');
    await moves();
    expect(await outcome).toMatchObject({ ok: false, failure: { status: 403 } });
    expect(states()).toEqual(['moving', 'moving']);
  });

  it('the id of a message does not make a file of it', async () => {
    const [message] = itemsOfConversation(bobs.state, theirs);
    const peer = { peer: bob, key: 'k' };
    const hostile = { ...file, transfer: message?.id ?? '' };
    void bench.endpoint(alice).files.offer('x-1' as MediaSessionId, peer, hostile, 'an offer');
    await moves();
    expect(itemsOfConversation(bobs.state, theirs)[0]).toEqual(message);
    expect(filesIn(bobs, theirs)).toHaveLength(1);
  });
});

describe('FIL-7 a file of two who have no way to each other', () => {
  const sha256 = '84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882';
  const bytes = new TextEncoder().encode('0123456789');

  it('goes through the store, and stays the same file at both ends', async () => {
    const { item } = await offered({ size: 10 });
    await take();
    await alices.noteFile(id, item, { is: 'lost', bytes: 0 });
    await moves();
    expect(states()).toEqual(['interrupted', 'interrupted']);
    settled(await alices.storeFile(id, item));
    expect(fileIn(alices, id)).toMatchObject({ state: { is: 'offered' }, route: { is: 'store' } });
    const bringing = alices.bringFile(id, item, desk);
    await moves();
    await bench.town.store.put(settled(await bringing), bytes);
    const telling = alices.tellFile(id, item, sha256);
    await moves();
    settled(await telling);
    expect(fileIn(alices, id).state).toMatchObject({ is: 'done' });
    expect(filesIn(bobs, theirs)).toMatchObject([
      { state: { is: 'offered' }, route: { is: 'store', sha256 }, file: { name: 'plan.pdf', size: 10 } },
    ]);
    expect([alices.state.transfers, bobs.state.transfers, bobs.state.media]).toEqual([{}, {}, {}]);
    const getting = bobs.getFile(theirs, fileIn(bobs, theirs).id, desk);
    await moves();
    expect(settled(await getting)).toMatchObject({ received: 10 });
    await moves(200_000);
    expect(fileIn(bobs, theirs).state).toEqual({ is: 'moving' });
  });

  it('is not what was there already, nor what somebody else says of it', async () => {
    const { bobs: taken } = await moving();
    await bobs.noteFile(theirs, taken.item, { is: 'done', place: 'browser' });
    const message = { id: '0'.repeat(32), ...file, name: 'other.exe', sha256 };
    const thread = bench.endpoint(alice).im.thread(bob, bobs.state.conversations[theirs]?.key ?? '');
    void bench.endpoint(alice).im.send(thread, { id: `f-${made - 1}` as ItemId, file: message });
    await moves();
    expect(fileIn(bobs, theirs)).toMatchObject({ file, state: { is: 'done' }, route: { is: 'peer' } });
    expect(filesIn(bobs, theirs)).toHaveLength(1);
  });
});
