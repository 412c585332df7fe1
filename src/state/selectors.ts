import type { Conversation, Party } from '../domain/conversation';
import type { FileItem } from '../domain/file';
import type { ConversationId, ItemId } from '../domain/ids';
import type { Item } from '../domain/message';
import type { Status } from '../domain/people';
import { type Aor, bareAddress } from '../protocol/sip/uri';
import type { State, Transcript } from './state';
import { itemsOf } from './transcript';

/** What a person is called: the alias this user gave, the card's name, a roster's, the directory part of the address. */
export function nameOf(state: State, aor: Aor): string {
  if (state.account?.aor === aor) return state.account.displayName || state.cards[aor]?.displayName || bareAddress(aor);
  return state.contacts[aor]?.alias || state.cards[aor]?.displayName || rosterNameOf(state, aor) || bareAddress(aor);
}

function rosterNameOf(state: State, aor: Aor): string | undefined {
  for (const conversation of Object.values<Conversation>(state.conversations)) {
    if (conversation.party.is !== 'conference') continue;
    const participant = conversation.party.conference.roster.find((candidate) => candidate.aor === aor);
    if (participant?.displayName) return participant.displayName;
  }
  return undefined;
}

export function firstNameOf(state: State, aor: Aor): string {
  const name = nameOf(state, aor);
  return name.includes('@') ? name : (name.split(/\s+/)[0] ?? name);
}

/** Nobody's status is known while the connection is lost, one's own neither. */
export function statusOf(state: State, aor: Aor): Status {
  if (state.account?.aor === aor) return state.signIn.is === 'reconnecting' ? 'unknown' : state.self.presence.status;
  return state.presence[aor]?.status ?? 'unknown';
}

const rank: Record<Status, number> = {
  available: 0,
  inactive: 1,
  busy: 1,
  'busy-inactive': 1,
  'do-not-disturb': 1,
  'be-right-back': 2,
  away: 2,
  'off-work': 2,
  offline: 3,
  unknown: 4,
};

/** Available people first, then the busy, the away, the offline; by name within. */
export function compareContacts(state: State, a: Aor, b: Aor): number {
  return rank[statusOf(state, a)] - rank[statusOf(state, b)] || nameOf(state, a).localeCompare(nameOf(state, b));
}

export function isOnline(status: Status): boolean {
  return status !== 'offline' && status !== 'unknown';
}

/** Conversations, the latest first. Builds an array: memoise by `conversations`. */
export function conversationsByTime(state: State): Conversation[] {
  return Object.values<Conversation>(state.conversations).sort((a, b) => b.lastAt - a.lastAt);
}

export function unreadTotal(state: State): number {
  let total = 0;
  for (const conversation of Object.values<Conversation>(state.conversations)) total += conversation.unread;
  return total;
}

const itemArrays = new WeakMap<Transcript, readonly Item[]>();
const noItems: readonly Item[] = [];

/** The items of a conversation, oldest first; the same array while nothing changed. */
/** A file in a transcript. */
export function fileIn(state: State, conversation: ConversationId, id: ItemId): FileItem | undefined {
  const found = itemsOfConversation(state, conversation).find((item) => item.id === id);
  return found?.kind === 'file' ? found : undefined;
}

export function itemsOfConversation(state: State, conversation: ConversationId): readonly Item[] {
  const transcript = state.transcripts[conversation];
  if (transcript === undefined) return noItems;
  const known = itemArrays.get(transcript);
  if (known !== undefined) return known;
  const items = [...itemsOf(transcript)];
  itemArrays.set(transcript, items);
  return items;
}

/** The people a conversation is with, without oneself. Builds an array: memoise by the party. */
export function peopleIn(state: State, party: Party): Aor[] {
  if (party.is === 'pairwise') return [party.peer];
  return party.conference.roster.map(({ aor }) => aor).filter((aor) => aor !== state.account?.aor);
}

/** What a conversation is called in lists and headers. */
export function titleOf(state: State, party: Party): string {
  if (party.is === 'pairwise') return nameOf(state, party.peer);
  const { subject } = party.conference;
  if (subject !== '') return subject;
  const names = peopleIn(state, party).map((aor) => firstNameOf(state, aor));
  return names.length === 0 ? 'Conference' : names.join(', ');
}
