import type { Aor, FocusUri } from '../protocol/sip/uri';
import type { Checkup } from './checkup';
import type { Conference } from './conference';
import type { Conversation } from './conversation';
import type { FileRoute, FileState, Transfer } from './file';
import type { ConversationId, GroupId, InvitationId, ItemId, MediaSessionId } from './ids';
import type { Logging } from './logging';
import type { Delivery, Item } from './message';
import type { Account, Card, Contact, Group, Presence, Self } from './people';
import type { Capabilities, Policy } from './policy';
import type { Provenance } from './provenance';
import type { MediaSession, Sharing } from './sharing';
import type { SignIn } from './signIn';

/** An invitation shown as a toast until it is answered, withdrawn or lapses. */
export interface Invitation extends Provenance {
  id: InvitationId;
  from: Aor;
  /** First words of an IM, the subject of a conference, or the name of a file. */
  text: string;
  is: 'im' | 'conference' | 'sharing' | 'file';
  /** Where it is shown too. */
  conversation?: ConversationId;
  at: number;
  /** Epoch ms when it lapses by itself. */
  lapsesAt: number;
}

/**
 * Everything that can be told to the ledger, in the past tense. Made by `client/` only; recorded by `state/apply.ts` in the
 * engine and, the same facts in the same order, in every tab. Structured-cloneable.
 */
export type Fact =
  | { type: 'signIn.changed'; signIn: SignIn }
  /** A sign-in began for this person: everything of the former one is gone. */
  | { type: 'account.changed'; account: Account | null }
  /** The server told what this person is called. */
  | { type: 'account.named'; displayName: string }
  | { type: 'logging.changed'; logging: Logging }
  | { type: 'capabilities.changed'; capabilities: Capabilities }
  | { type: 'policy.changed'; policy: Policy }
  | { type: 'self.changed'; self: Self }
  /** The whole contact list (full state replaces, never merges). */
  | { type: 'contacts.replaced'; groups: readonly Group[]; contacts: readonly Contact[] }
  | {
      type: 'contacts.changed';
      groups: readonly Group[];
      removedGroups: readonly GroupId[];
      contacts: readonly Contact[];
      removedContacts: readonly Aor[];
    }
  | { type: 'presence.changed'; people: readonly { aor: Aor; presence?: Presence; note?: string; card?: Card }[] }
  /** The connection is lost: every presence is now unknown, with its last value kept beside it. */
  | { type: 'presence.lost'; at: number }
  /** A conversation is there: the whole record, which replaces one that was. */
  | { type: 'conversation.added'; conversation: Conversation }
  /** Some fields of a conversation changed. What did not change is not sent along: a roster may be long. */
  | { type: 'conversation.changed'; conversation: ConversationId; change: Partial<Omit<Conversation, 'id'>> }
  | { type: 'conversation.removed'; conversation: ConversationId }
  | { type: 'conference.changed'; conversation: ConversationId; focus: FocusUri | null; conference: Conference }
  /** An item was added to a transcript (composed, received, or a system line). */
  | { type: 'item.added'; item: Item }
  /** A message of ours that did not arrive was thrown away by its author. */
  | { type: 'item.removed'; conversation: ConversationId; id: Item['id'] }
  /** A message of ours moved on; `order` and `number` when the focus gave it its place. */
  | {
      type: 'message.settled';
      conversation: ConversationId;
      id: Item['id'];
      delivery: Delivery;
      order?: number;
      number?: number;
    }
  /** A file moved on; `route` when the store has named it, a place when the focus gave it a number. */
  | {
      type: 'file.changed';
      conversation: ConversationId;
      id: ItemId;
      state: FileState;
      route?: FileRoute;
      order?: number;
      number?: number;
    }
  /** `null`: it is not under way any more. */
  | { type: 'transfer.changed'; id: ItemId; transfer: Transfer | null }
  /** Items read from the device's history, all older than what was there. `atStart` when nothing is older still. */
  | { type: 'history.loaded'; conversation: ConversationId; items: readonly Item[]; atStart: boolean }
  | { type: 'invitation.received'; invitation: Invitation }
  | { type: 'invitation.ended'; id: InvitationId; why: 'accepted' | 'ignored' | 'elsewhere' | 'withdrawn' | 'lapsed' }
  /** `null`: the session has ended, and the tab closes what it has of it. */
  | { type: 'media.changed'; session: MediaSessionId; media: MediaSession | null }
  /** `null`: nobody shares anything there. */
  | { type: 'sharing.changed'; conversation: ConversationId; sharing: Sharing | null }
  /** `null`: what the doctor found is put away. */
  | { type: 'checkup.changed'; checkup: Checkup | null }
  | { type: 'typing.changed'; conversation: ConversationId; who: readonly Aor[] };
