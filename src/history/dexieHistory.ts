import Dexie, { type Table } from 'dexie';
import type { Conversation } from '../domain/conversation';
import type { ConversationId, ItemId } from '../domain/ids';
import type { Item } from '../domain/message';
import type { Aor } from '../protocol/sip/uri';
import { type History, type KeptConversation, recentConversations, recentItems } from './history';

class HistoryDatabase extends Dexie {
  conversations!: Table<Conversation, ConversationId>;
  items!: Table<Item, ItemId>;

  constructor(name: string) {
    super(name, { chromeTransactionDurability: 'relaxed' });
    this.version(1).stores({ conversations: 'id, lastAt', items: 'id, [conversation+order]' });
  }
}

const databaseName = (aor: Aor): string => `confab-history:${aor}`;

/** Long enough for a message to leave, or to be drawn, before the disk has its turn; what comes meanwhile goes with it. */
const commitAfterMs = 10;

/** The history of one person in IndexedDB. What is kept within some milliseconds is committed in one transaction. */
export class DexieHistory implements History {
  readonly #database: HistoryDatabase;
  #items: { item: Item; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #conversations = new Map<ConversationId, Conversation>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(aor: Aor) {
    this.#database = new HistoryDatabase(databaseName(aor));
  }

  async load(): Promise<readonly KeptConversation[]> {
    const conversations = await this.#database.conversations
      .orderBy('lastAt')
      .reverse()
      .limit(recentConversations)
      .toArray();
    return Promise.all(
      conversations.map(async (conversation) => ({
        conversation,
        ...(await this.older(conversation.id, Number.POSITIVE_INFINITY, recentItems)),
      })),
    );
  }

  putConversation(conversation: Conversation): void {
    this.#conversations.set(conversation.id, conversation);
    this.#schedule();
  }

  putItem(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#items.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.flush(), commitAfterMs);
  }

  async flush(): Promise<void> {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    const items = this.#items;
    const conversations = [...this.#conversations.values()];
    this.#items = [];
    this.#conversations = new Map();
    try {
      const { items: itemTable, conversations: conversationTable } = this.#database;
      await this.#database.transaction('rw', itemTable, conversationTable, async () => {
        if (items.length > 0) await itemTable.bulkPut(items.map(({ item }) => item));
        if (conversations.length > 0) await conversationTable.bulkPut(conversations);
      });
      for (const { resolve } of items) resolve();
    } catch (error) {
      for (const { reject } of items) reject(error);
    }
  }

  async removeItem(id: ItemId): Promise<void> {
    await this.flush();
    await this.#database.items.delete(id);
  }

  async has(id: ItemId): Promise<boolean> {
    await this.flush();
    return (await this.#database.items.get(id)) !== undefined;
  }

  async older(
    conversation: ConversationId,
    order: number,
    count: number,
  ): Promise<{ items: readonly Item[]; atStart: boolean }> {
    await this.flush();
    const found = await this.#database.items
      .where('[conversation+order]')
      .between([conversation, Dexie.minKey], [conversation, order], true, false)
      .reverse()
      .limit(count + 1)
      .toArray();
    return { items: found.slice(0, count).reverse(), atStart: found.length <= count };
  }

  async clear(): Promise<void> {
    await this.flush();
    await this.#database.delete();
  }

  close(): void {
    void this.flush().finally(() => this.#database.close());
  }
}

/** Deletes the history of everybody who has signed in on this device. */
export async function deleteAllHistory(): Promise<void> {
  const names = await Dexie.getDatabaseNames();
  await Promise.all(names.filter((name) => name.startsWith('confab-history:')).map((name) => Dexie.delete(name)));
}
