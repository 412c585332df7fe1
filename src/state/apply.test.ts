import { describe, expect, it } from 'vitest';
import type { Conversation } from '../domain/conversation';
import type { Fact } from '../domain/facts';
import { type FileItem, fileMayBecome } from '../domain/file';
import type { ConversationId, ItemId } from '../domain/ids';
import { type Message, mayBecome } from '../domain/message';
import { fakeWorld } from '../testing/fakeWorld';
import { alice, bob } from '../testing/people';
import { apply } from './apply';
import { itemsOfConversation } from './selectors';
import { emptyState } from './state';
import { pageSize } from './transcript';

const id = 'c1' as ConversationId;
const message = (order: number, name = `m${order}`): Message => ({
  kind: 'message',
  id: name as ItemId,
  conversation: id,
  order,
  author: alice,
  own: false,
  at: order,
  body: { text: name },
  delivery: { is: 'received' },
});
const added = (item: Message): Fact => ({ type: 'item.added', item });

describe('the ledger', () => {
  it('holds a storm of items sorted, none lost, none doubled, in pages of bounded size', () => {
    const { random } = fakeWorld(7);
    const orders = Array.from({ length: 3 * pageSize }, (_, index) => index + 1);
    const storm = [...orders, ...orders.slice(0, 50)].sort(() => random() - 0.5).map((order) => added(message(order)));
    let state = emptyState;
    for (let start = 0; start < storm.length; start += 17) state = apply(state, storm.slice(start, start + 17));
    expect(itemsOfConversation(state, id).map(({ order }) => order)).toEqual(orders);
    expect(Math.max(...(state.transcripts[id]?.pages.map(({ items }) => items.length) ?? []))).toBeLessThanOrEqual(
      pageSize,
    );
  });

  it('copies only the page and the branch that change', () => {
    const before = apply(
      emptyState,
      Array.from({ length: 2 * pageSize }, (_, index) => added(message(index))),
    );
    const after = apply(before, [added(message(10_000))]);
    expect(after.contacts).toBe(before.contacts);
    expect(after.transcripts[id]?.pages[0]).toBe(before.transcripts[id]?.pages[0]);
  });

  it('keeps the party of a conversation that changed otherwise: headers and rosters are not drawn anew', () => {
    const conversation: Conversation = {
      id,
      key: 'k',
      party: { is: 'pairwise', peer: bob },
      open: false,
      unread: 0,
      lastAt: 1,
      preview: '',
      missed: false,
      typing: [],
    };
    const before = apply(emptyState, [{ type: 'conversation.added', conversation }]);
    const after = apply(before, [{ type: 'conversation.changed', conversation: id, change: { unread: 1 } }]);
    expect(after.conversations[id]).toEqual({ ...conversation, unread: 1 });
    expect(after.conversations[id]?.party).toBe(before.conversations[id]?.party);
    const nobody = 'c2' as ConversationId;
    expect(apply(before, [{ type: 'conversation.changed', conversation: nobody, change: { unread: 1 } }])).toBe(before);
  });

  it('puts a settled message where its number belongs', () => {
    const before = apply(emptyState, [added(message(1)), added(message(2)), added(message(3))]);
    const settled: Fact = {
      type: 'message.settled',
      conversation: id,
      id: 'm1' as ItemId,
      delivery: { is: 'sent', at: 9 },
      order: 2.5,
      number: 7,
    };
    expect(itemsOfConversation(apply(before, [settled]), id).map((item) => item.id)).toEqual(['m2', 'm1', 'm3']);
  });

  it('makes every presence unknown when the connection is lost, with what it was', () => {
    const presence = { status: 'busy' as const, knownAt: 5 };
    const state = apply(emptyState, [
      { type: 'presence.changed', people: [{ aor: bob, presence }] },
      { type: 'presence.lost', at: 9 },
    ]);
    expect(state.presence[bob]).toEqual({ status: 'unknown', last: 'busy', knownAt: 5 });
  });

  it('forgets everything of the former person', () => {
    const state = apply(emptyState, [
      added(message(1)),
      { type: 'account.changed', account: { aor: bob, displayName: '' } },
    ]);
    expect(state.transcripts).toEqual({});
    expect(state.account?.aor).toBe(bob);
  });

  it('keeps a file in its place while it moves, and how far it is beside the transcript', () => {
    const file: FileItem = {
      ...{ kind: 'file', id: 'f1' as ItemId, conversation: id, order: 2, author: alice, own: false, at: 2 },
      file: { name: 'plan.pdf', size: 10, type: '' },
      route: { is: 'peer', peer: alice },
      state: { is: 'offered' },
    };
    const transfer = { conversation: id, tab: null, session: null, bytes: 4, bytesPerSecond: null };
    const state = apply(emptyState, [
      added(message(1)),
      { type: 'item.added', item: file },
      added(message(3)),
      { type: 'file.changed', conversation: id, id: file.id, state: { is: 'moving' } },
      { type: 'file.changed', conversation: id, id: 'm1' as ItemId, state: { is: 'moving' } },
      { type: 'transfer.changed', id: file.id, transfer },
    ]);
    expect(itemsOfConversation(state, id)).toEqual([message(1), { ...file, state: { is: 'moving' } }, message(3)]);
    expect(state.transfers).toEqual({ f1: transfer });
    expect(apply(state, [{ type: 'transfer.changed', id: file.id, transfer: null }]).transfers).toEqual({});
  });
});

it('delivery never falls back from sent but to a failure that the MCU reports', () => {
  const all = ['received', 'queued', 'sending', 'sent', 'failed', 'unconfirmed'] as const;
  expect(all.filter((next) => mayBecome('sent', next))).toEqual(['failed']);
  expect(all.filter((next) => mayBecome('received', next))).toEqual([]);
});

it('a file that is over stays so, unless it may be tried again', () => {
  const all = ['offered', 'moving', 'interrupted', 'done', 'declined', 'missed', 'cancelled', 'failed'] as const;
  for (const over of ['done', 'declined', 'cancelled'] as const) {
    expect(all.filter((next) => fileMayBecome(over, next))).toEqual([]);
  }
  expect(all.filter((next) => fileMayBecome('failed', next))).toEqual(['offered', 'moving']);
});
