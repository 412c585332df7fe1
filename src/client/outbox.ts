import type { Dialect } from '../dialect/dialect';
import { done, type Failure, failed, type Outcome, ok } from '../domain/failure';
import type { ConversationId, ItemId } from '../domain/ids';
import type { Body, Message } from '../domain/message';
import { itemsOfConversation } from '../state/selectors';
import type { GivenMessage } from './commands';
import { changeConversation, type Floor } from './floor';
import { addItem, keepBeside, messageOf, nextOrder, settle } from './transcripts';

const longestText = 64_000;
/** After a server's restart the peer may come back a little later than we: so long its absence is not believed. */
const comeBackMs = 8_000;
const askAgainMs = 1_000;

/**
 * What was written and is not yet answered. One message in flight a conversation, in order; without a connection they wait
 * as `queued`, also across a reload, since a message in the history that is `queued` or `sending` is the outbox.
 */
export class Outbox {
  readonly #floor: Floor;
  readonly #working = new Set<ConversationId>();
  readonly #waiting = new Map<ItemId, (outcome: Outcome<void>) => void>();
  #recoveredAt = 0;

  constructor(floor: Floor) {
    this.#floor = floor;
  }

  /** Puts a message of ours into the transcript and sends it when its turn comes. Settles with its fate. */
  async send(conversation: ConversationId, body: Body, given?: GivenMessage): Promise<Outcome<void>> {
    const account = this.#floor.state().account;
    if (account === null || this.#floor.state().conversations[conversation] === undefined)
      return failed({ is: 'offline' });
    if (given !== undefined && (await this.#isThere(conversation, given))) return done;
    if (body.text.trim() === '' || body.text.length > longestText) return failed({ is: 'invalid', what: 'message' });
    const message: Message = {
      kind: 'message',
      id: given?.id ?? (this.#floor.world.id() as ItemId),
      conversation,
      order: nextOrder(this.#floor.state(), conversation),
      author: account.aor,
      own: true,
      at: this.#floor.world.now(),
      body,
      delivery: { is: 'queued' },
    };
    addItem(this.#floor, message, { open: true });
    keepBeside(this.#floor, message);
    return this.#enqueue(message);
  }

  async #isThere(conversation: ConversationId, { id, isAgain }: GivenMessage): Promise<boolean> {
    const isKept = isAgain && (await this.#floor.history().has(id));
    return isKept || messageOf(this.#floor.state(), conversation, id) !== undefined;
  }

  async retry(conversation: ConversationId, id: ItemId): Promise<Outcome<void>> {
    const message = messageOf(this.#floor.state(), conversation, id);
    if (message === undefined || !message.own) return failed({ is: 'invalid', what: 'message' });
    if (message.delivery.is !== 'failed' && message.delivery.is !== 'unconfirmed') return done;
    settle(this.#floor, message, { is: 'queued' });
    return this.#enqueue(message);
  }

  #enqueue(message: Message): Promise<Outcome<void>> {
    const fate = new Promise<Outcome<void>>((resolve) => this.#waiting.set(message.id, resolve));
    void this.#work(message.conversation);
    return fate;
  }

  /** Live again after a loss: what waited goes first to see whether the peer is back too. */
  recovered(): void {
    this.#recoveredAt = this.#floor.world.now();
    this.resume();
  }

  /** In the conference again, or signed in: go on where it stopped. */
  resume(conversation?: ConversationId): void {
    if (conversation !== undefined) return void this.#work(conversation);
    for (const id of Object.keys(this.#floor.state().transcripts) as ConversationId[]) void this.#work(id);
  }

  async #work(conversation: ConversationId): Promise<void> {
    if (this.#working.has(conversation)) return;
    this.#working.add(conversation);
    try {
      for (let message = this.#head(conversation); message !== undefined; message = this.#head(conversation)) {
        const dialect = this.#floor.dialect();
        if (dialect === null || !this.#floor.isLive() || !this.#mayGo(conversation)) return;
        settle(this.#floor, message, { is: 'sending' });
        if ((await this.#give(dialect, message)) === 'wait') return;
      }
    } finally {
      this.#working.delete(conversation);
    }
  }

  #head(conversation: ConversationId): Message | undefined {
    const items = itemsOfConversation(this.#floor.state(), conversation);
    return items.find((item): item is Message => item.kind === 'message' && item.own && item.delivery.is === 'queued');
  }

  /** A conference that we are coming back to: its messages wait. */
  #mayGo(conversation: ConversationId): boolean {
    const party = this.#floor.state().conversations[conversation]?.party;
    if (party?.is !== 'conference') return party !== undefined;
    return !['creating', 'joining', 'rejoining'].includes(party.conference.membership.is);
  }

  async #give(dialect: Dialect, message: Message): Promise<'next' | 'wait'> {
    const conversation = this.#floor.state().conversations[message.conversation];
    if (conversation === undefined) return 'wait';
    const { party, key } = conversation;
    const outgoing = { id: message.id, body: message.body };
    if (party.is === 'conference') {
      if (party.focus === null || party.conference.membership.is !== 'joined') {
        return this.#settle(message, failed({ is: 'rejected', status: 481, reason: 'Not in the conference' }), true);
      }
      const outcome = await dialect.conferences.send(party.focus, outgoing);
      return this.#settle(message, outcome.ok ? ok(outcome.value.number) : outcome, true);
    }
    const thread = dialect.im.thread(party.peer, key);
    const outcome = await dialect.im.send(thread, outgoing);
    return this.#settle(message, outcome.ok ? ok(null) : outcome, dialect.im.deduplicates(thread));
  }

  #settle(message: Message, outcome: Outcome<number | null>, isSafeToRepeat: boolean): 'next' | 'wait' {
    const at = this.#floor.world.now();
    if (outcome.ok) {
      settle(this.#floor, message, { is: 'sent', at }, outcome.value ?? undefined);
      this.#tell(message, done);
      return 'next';
    }
    const { failure } = outcome;
    if (failure.is === 'offline' || (failure.is === 'connectionLost' && isSafeToRepeat)) {
      settle(this.#floor, message, { is: 'queued' });
      return 'wait';
    }
    if (this.#mayComeBack(message, failure)) {
      settle(this.#floor, message, { is: 'queued' });
      this.#floor.world.after(askAgainMs, () => this.resume(message.conversation));
      return 'wait';
    }
    const isOpen = failure.is === 'connectionLost' || failure.is === 'timedOut';
    settle(this.#floor, message, isOpen ? { is: 'unconfirmed', failure, at } : { is: 'failed', failure, at });
    this.#tell(message, failed(failure));
    return 'next';
  }

  /** A peer who is absent just after we came back, for a message written before: still on the way, perhaps. */
  #mayComeBack(message: Message, failure: Failure): boolean {
    const isAbsent = failure.is === 'rejected' && (failure.status === 480 || failure.status === 481);
    return isAbsent && message.at < this.#recoveredAt && this.#floor.world.now() - this.#recoveredAt < comeBackMs;
  }

  #tell(message: Message, outcome: Outcome<void>): void {
    this.#waiting.get(message.id)?.(outcome);
    this.#waiting.delete(message.id);
  }

  /** An MCU says that one recipient did not get a message it had accepted. */
  undelivered(conversation: ConversationId, id: ItemId, recipient: Message['author'], failure: Failure): void {
    const message = messageOf(this.#floor.state(), conversation, id);
    if (message?.own !== true) return;
    if (message.delivery.is !== 'sent') return;
    settle(this.#floor, message, { is: 'failed', failure, at: this.#floor.world.now(), recipient });
  }

  /** Signing out: nobody waits any more. What is queued stays for the next sign-in. */
  stop(): void {
    for (const resolve of this.#waiting.values()) resolve(failed({ is: 'offline' }));
    this.#waiting.clear();
    this.#working.clear();
  }

  /** At sign-in: what was being sent when the engine died is sent again (its id keeps it from being shown twice). */
  recover(): void {
    for (const conversation of Object.keys(this.#floor.state().transcripts) as ConversationId[]) {
      for (const item of itemsOfConversation(this.#floor.state(), conversation)) {
        if (item.kind === 'message' && item.own && item.delivery.is === 'sending') {
          settle(this.#floor, item, { is: 'queued' });
          changeConversation(this.#floor, conversation, { open: true });
        }
      }
    }
  }
}
