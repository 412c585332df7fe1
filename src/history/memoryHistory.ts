import type { Conversation } from '../domain/conversation';
import type { ConversationId, ItemId } from '../domain/ids';
import type { Item } from '../domain/message';
import { type History, type KeptConversation, recentItems } from './history';

/** A history that nothing is kept of: of a recording, and of tests, where the same one for a second client is a reload. */
export class MemoryHistory implements History {
  readonly conversations = new Map<ConversationId, Conversation>();
  readonly items = new Map<ItemId, Item>();
  /** When set, nothing can be kept, as on a full disk. */
  isFull = false;

  async load(): Promise<readonly KeptConversation[]> {
    return [...this.conversations.values()].map((conversation) => {
      const all = this.#of(conversation.id);
      return { conversation, items: all.slice(-recentItems), atStart: all.length <= recentItems };
    });
  }

  #of(conversation: ConversationId): Item[] {
    return [...this.items.values()]
      .filter((item) => item.conversation === conversation)
      .sort((a, b) => a.order - b.order);
  }

  putConversation(conversation: Conversation): void {
    this.conversations.set(conversation.id, conversation);
  }

  async putItem(item: Item): Promise<void> {
    if (this.isFull) throw new Error('QuotaExceededError');
    this.items.set(item.id, item);
  }

  async removeItem(id: ItemId): Promise<void> {
    this.items.delete(id);
  }

  async flush(): Promise<void> {
    // Nothing waits here.
  }

  async has(id: ItemId): Promise<boolean> {
    return this.items.has(id);
  }

  async older(conversation: ConversationId, order: number, count: number) {
    const before = this.#of(conversation).filter((item) => item.order < order);
    return { items: before.slice(-count), atStart: before.length <= count };
  }

  async clear(): Promise<void> {
    this.conversations.clear();
    this.items.clear();
  }

  close(): void {}
}
