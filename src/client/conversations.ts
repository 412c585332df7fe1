import type { Conversation } from '../domain/conversation';
import { done, failed, type Outcome, ok } from '../domain/failure';
import type { ConversationId } from '../domain/ids';
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

  constructor(floor: Floor) {
    this.#floor = floor;
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
