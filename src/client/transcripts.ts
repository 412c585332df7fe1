import type { Conversation } from '../domain/conversation';
import { done, failed, type Outcome } from '../domain/failure';
import type { FileItem } from '../domain/file';
import type { ConversationId, ItemId } from '../domain/ids';
import type { Delivery, Item, Line, LineEvent, Message } from '../domain/message';
import { isDiscardable, mayBecome } from '../domain/message';
import { itemsOfConversation } from '../state/selectors';
import type { State } from '../state/state';
import { lastItem } from '../state/transcript';
import { changeConversation, type Floor } from './floor';

const previewLength = 120;

/** The place after everything that is there. */
export function nextOrder(state: State, conversation: ConversationId): number {
  return Math.floor(lastItem(state.transcripts[conversation])?.order ?? 0) + 1;
}

/**
 * The place of a message with the focus's number: before the first item with a greater number; otherwise `current` when
 * everything with a smaller number is before it, else the end.
 */
export function orderOfNumber(
  state: State,
  conversation: ConversationId,
  number: number,
  current?: Message | FileItem,
): number {
  const items = itemsOfConversation(state, conversation).filter(({ id }) => id !== current?.id);
  const numberOf = (item: Item): number => (item.kind === 'line' ? -1 : (item.number ?? -1));
  const after = items.findIndex((item) => numberOf(item) > number);
  if (after >= 0) {
    const next = items[after]?.order ?? 0;
    const previous = items[after - 1]?.order ?? next - 1;
    return (previous + next) / 2;
  }
  const lastSmaller = items.findLast((item) => numberOf(item) >= 0);
  if (current !== undefined && (lastSmaller === undefined || lastSmaller.order < current.order)) return current.order;
  return nextOrder(state, conversation);
}

/** Adds an item to the ledger; what the conversation list shows of it follows. Keeping it on disk is the caller's. */
export function addItem(floor: Floor, item: Item, conversation: Partial<Omit<Conversation, 'id'>> = {}): void {
  floor.record({ type: 'item.added', item });
  const preview = item.kind === 'line' ? {} : previewOf(item);
  changeConversation(floor, item.conversation, { lastAt: item.at, ...preview, ...conversation });
}

function previewOf(item: Message | FileItem | undefined): Partial<Conversation> {
  if (item === undefined) return { preview: '' };
  const text = item.kind === 'file' ? item.file.name : item.body.text;
  return { preview: text.slice(0, previewLength), previewAuthor: item.author };
}

/** Throws a message of ours away that reached nobody: everything else is what was said, and stays. */
export function discard(floor: Floor, conversation: ConversationId, id: ItemId): Outcome<void> {
  const message = messageOf(floor.state(), conversation, id);
  if (message === undefined) return done;
  if (!isDiscardable(message)) return failed({ is: 'cancelled' });
  floor.record({ type: 'item.removed', conversation, id });
  floor
    .history()
    .removeItem(id)
    .catch(() => undefined);
  const last = itemsOfConversation(floor.state(), conversation).findLast((item) => item.kind !== 'line');
  changeConversation(floor, conversation, previewOf(last));
  return done;
}

/** Adds a system line and keeps it. */
export function addLine(floor: Floor, conversation: ConversationId, event: LineEvent): void {
  const line: Line = {
    kind: 'line',
    id: floor.world.id() as ItemId,
    conversation,
    order: nextOrder(floor.state(), conversation),
    at: floor.world.now(),
    event,
  };
  addItem(floor, line);
  keepBeside(floor, line);
}

/** What somebody said or sent, in the ledger. */
export function itemOf(state: State, conversation: ConversationId, id: ItemId): Message | FileItem | undefined {
  const item = itemsOfConversation(state, conversation).find((candidate) => candidate.id === id);
  return item?.kind === 'line' ? undefined : item;
}

export function messageOf(state: State, conversation: ConversationId, id: ItemId): Message | undefined {
  const item = itemOf(state, conversation, id);
  return item?.kind === 'message' ? item : undefined;
}

/** Moves a message of ours on, here and on disk. Throws on a move that the chart of `Delivery` does not have. */
export function settle(floor: Floor, message: Message, delivery: Delivery, number?: number): void {
  const now = messageOf(floor.state(), message.conversation, message.id) ?? message;
  if (now.delivery.is === delivery.is && delivery.is !== 'failed') return;
  if (!mayBecome(now.delivery.is, delivery.is))
    throw new Error(`a message ${now.delivery.is} cannot become ${delivery.is}`);
  const order = number === undefined ? now.order : orderOfNumber(floor.state(), now.conversation, number, now);
  const place = number === undefined ? {} : { order, number };
  floor.record({ type: 'message.settled', conversation: now.conversation, id: now.id, delivery, ...place });
  keepBeside(floor, { ...now, delivery, ...place });
}

/** Writes without waiting: what fails to be kept is still on the screen and on the wire. */
export function keepBeside(floor: Floor, item: Item): void {
  floor
    .history()
    .putItem(item)
    .catch(() => undefined);
}
