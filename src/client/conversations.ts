import type { Conversation } from '../domain/conversation';
import type { Fact } from '../domain/facts';
import { done, failed, type Outcome, ok } from '../domain/failure';
import type { ConversationId } from '../domain/ids';
import type { KeptConversation } from '../history/history';
import { type Aor, aorOf } from '../protocol/sip/uri';
import type { State } from '../state/state';
import { changeConversation, type Floor, putConversation } from './floor';

const olderCount = 100;

/** The conversation of two with this person: the open one, else the latest. */
export function pairwiseWith(state: State, peer: Aor): Conversation | undefined {
  const all = Object.values<Conversation>(state.conversations).filter(
    ({ party }) => party.is === 'pairwise' && party.peer === peer,
  );
  return all.sort((a, b) => Number(b.open) - Number(a.open) || b.lastAt - a.lastAt)[0];
}

/** The conversation in which somebody asks for something; a new one is not open until the person answers. */
export function conversationFrom(floor: Floor, peer: Aor, key: string): ConversationId {
  const known = pairwiseWith(floor.state(), peer);
  if (known !== undefined) return known.id;
  const conversation = newConversation(floor, { is: 'pairwise', peer }, key);
  putConversation(floor, { ...conversation, open: false });
  return conversation.id;
}

/** Makes a record; the caller puts it into the ledger. */
export function newConversation(floor: Floor, party: Conversation['party'], key?: string): Conversation {
  return {
    id: floor.world.id() as ConversationId,
    key: key ?? conversationKey(floor),
    party,
    open: true,
    unread: 0,
    lastAt: floor.world.now(),
    preview: '',
    missed: false,
    typing: [],
  };
}

/** A fresh `Ms-Conversation-ID`: opaque, without `=` so that every parser takes it. */
function conversationKey(floor: Floor): string {
  return `Ad${floor.world.id().replaceAll('-', '')}`;
}

/** Opening, closing, reading: what a person does with conversations beside writing in them. */
export class Conversations {
  readonly #floor: Floor;
  readonly #onOlder: (id: ConversationId) => void;

  /** `onOlder`: items of this conversation were read from the history. */
  constructor(floor: Floor, onOlder: (id: ConversationId) => void) {
    this.#floor = floor;
    this.#onOlder = onOlder;
  }

  /** What the device has kept of this person. */
  takeKept(kept: readonly KeptConversation[]): void {
    const facts = kept.flatMap(({ conversation, items, atStart }): Fact[] => [
      { type: 'conversation.added', conversation: { ...conversation, typing: [] } },
      { type: 'history.loaded', conversation: conversation.id, items, atStart },
    ]);
    this.#floor.record(...facts);
  }

  /** Connected: the presence of whom we talk with. */
  watchPeers(): void {
    const peers = Object.values(this.#floor.state().conversations).flatMap(({ party, open }) =>
      open && party.is === 'pairwise' ? [party.peer] : [],
    );
    this.#floor.dialect()?.presence.watch(peers);
  }

  async open(peer: Aor): Promise<Outcome<ConversationId>> {
    const aor = aorOf(peer);
    if (aor === null || aor === this.#floor.state().account?.aor) return failed({ is: 'invalid', what: 'address' });
    const known = pairwiseWith(this.#floor.state(), aor);
    if (known !== undefined) {
      if (!known.open) changeConversation(this.#floor, known.id, { open: true });
      return ok(known.id);
    }
    const conversation = newConversation(this.#floor, { is: 'pairwise', peer: aor });
    putConversation(this.#floor, conversation);
    this.#floor.dialect()?.presence.watch([aor]);
    return ok(conversation.id);
  }

  setTyping(id: ConversationId, typing: boolean): Outcome<void> {
    const conversation = this.#floor.state().conversations[id];
    const dialect = this.#floor.dialect();
    if (conversation === undefined || dialect === null || !this.#floor.isLive()) return done;
    const { party, key } = conversation;
    if (party.is === 'pairwise') dialect.im.setTyping(dialect.im.thread(party.peer, key), typing);
    else if (party.focus !== null && party.conference.membership.is === 'joined') {
      dialect.conferences.setTyping(party.focus, typing);
    }
    return done;
  }

  markRead(id: ConversationId): Outcome<void> {
    const conversation = this.#floor.state().conversations[id];
    if (conversation !== undefined && (conversation.unread > 0 || conversation.missed)) {
      changeConversation(this.#floor, id, { unread: 0, missed: false });
    }
    return done;
  }

  async loadOlder(id: ConversationId): Promise<Outcome<void>> {
    const transcript = this.#floor.state().transcripts[id];
    if (transcript?.atStart) return done;
    const before = transcript?.pages[0]?.items[0]?.order ?? Number.POSITIVE_INFINITY;
    try {
      const { items, atStart } = await this.#floor.history().older(id, before, olderCount);
      this.#floor.record({ type: 'history.loaded', conversation: id, items, atStart });
      this.#onOlder(id);
      return done;
    } catch {
      return failed({ is: 'storage' });
    }
  }

  /** Ends the IM session. Leaving a conference is `Conferences`'. */
  close(id: ConversationId): Outcome<void> {
    const conversation = changeConversation(this.#floor, id, { open: false, unread: 0, missed: false, typing: [] });
    const dialect = this.#floor.dialect();
    if (conversation?.party.is === 'pairwise' && dialect !== null) {
      dialect.im.close(dialect.im.thread(conversation.party.peer, conversation.key));
    }
    return done;
  }
}
