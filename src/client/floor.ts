import type { Dialect } from '../dialect/dialect';
import type { Conversation } from '../domain/conversation';
import type { Fact } from '../domain/facts';
import type { ConversationId } from '../domain/ids';
import type { History } from '../history/history';
import type { State } from '../state/state';
import type { World } from '../world';

/** What the parts of the client stand on: the ledger, the device's history, and the dialect while signed in. */
export interface Floor {
  readonly world: World;
  state(): State;
  /** Records facts in the ledger and tells every tab. */
  record(...facts: Fact[]): void;
  history(): History;
  /** `null` when signed out. */
  dialect(): Dialect | null;
  /** Registered and subscribed now. */
  isLive(): boolean;
}

/** Records a conversation and keeps it on the device. */
export function putConversation(floor: Floor, conversation: Conversation): void {
  floor.record({ type: 'conversation.added', conversation });
  floor.history().putConversation(conversation);
}

/** Changes a conversation that is there; `undefined` when it is not. */
export function changeConversation(
  floor: Floor,
  id: ConversationId,
  change: Partial<Omit<Conversation, 'id'>>,
): Conversation | undefined {
  const conversation = floor.state().conversations[id];
  if (conversation === undefined) return undefined;
  const changed = { ...conversation, ...change };
  floor.record({ type: 'conversation.changed', conversation: id, change });
  floor.history().putConversation(changed);
  return changed;
}
