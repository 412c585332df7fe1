import type { Aor, FocusUri } from '../protocol/sip/uri';
import type { Conference } from './conference';
import type { ConversationId } from './ids';

/** Who a conversation is with. It may turn from pairwise into a conference, never back. */
export type Party =
  | { is: 'pairwise'; peer: Aor }
  | { is: 'conference'; focus: FocusUri | null; conference: Conference };

export interface Conversation {
  id: ConversationId;
  /** `Ms-Conversation-ID`: groups all SIP sessions of one conversation, also across escalation. */
  key: string;
  party: Party;
  /** Listed under "Open now"; a closed one is history and reopens when somebody writes. */
  open: boolean;
  unread: number;
  /** Epoch ms of the last item. */
  lastAt: number;
  /** Beginning of the last message, for the list. */
  preview: string;
  previewAuthor?: Aor;
  missed: boolean;
  /** Who is typing now. */
  typing: readonly Aor[];
}
