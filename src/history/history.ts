import type { Conversation } from '../domain/conversation';
import type { ConversationId, ItemId } from '../domain/ids';
import type { Item } from '../domain/message';

/** What was kept of one conversation: its newest items, oldest first. */
export interface KeptConversation {
  conversation: Conversation;
  items: readonly Item[];
  /** Nothing older is kept. */
  atStart: boolean;
}

/** One person's conversations on this device. */
export interface History {
  /** The most recent conversations with their newest items. */
  load(): Promise<readonly KeptConversation[]>;
  /** Kept beside; a failure is told to `onTrouble` of the implementation, never thrown. */
  putConversation(conversation: Conversation): void;
  /** Resolves when the item is committed. Rejects when the device refuses (full, denied). */
  putItem(item: Item): Promise<void>;
  removeItem(id: ItemId): Promise<void>;
  has(id: ItemId): Promise<boolean>;
  /** Items before `order`, oldest first. */
  older(
    conversation: ConversationId,
    order: number,
    count: number,
  ): Promise<{ items: readonly Item[]; atStart: boolean }>;
  /** Commits now what waits: the device may be about to go. */
  flush(): Promise<void>;
  /** Deletes everything of this person. */
  clear(): Promise<void>;
  close(): void;
}

export const recentConversations = 50;
export const recentItems = 100;
