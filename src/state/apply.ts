import type { Conversation } from '../domain/conversation';
import type { Fact } from '../domain/facts';
import type { Contact, Presence } from '../domain/people';
import type { Aor } from '../protocol/sip/uri';
import { emptyState, type State } from './state';
import { changeItem, emptyTranscript, insertItem, prependItems, removeItem } from './transcript';

/** The ledger after these facts. Pure; what no fact touches keeps its identity. */
export function apply(state: State, facts: readonly Fact[]): State {
  let next = state;
  for (const fact of facts) next = record(next, fact);
  return next;
}

function record(state: State, fact: Fact): State {
  switch (fact.type) {
    case 'signIn.changed':
      return { ...state, signIn: fact.signIn };
    case 'account.changed':
      return { ...emptyState, signIn: state.signIn, logging: state.logging, account: fact.account };
    case 'account.named':
      if (state.account === null) return state;
      return { ...state, account: { ...state.account, displayName: fact.displayName } };
    case 'logging.changed':
      return { ...state, logging: fact.logging };
    case 'capabilities.changed':
      return { ...state, capabilities: fact.capabilities };
    case 'policy.changed':
      return { ...state, policy: fact.policy };
    case 'self.changed':
      return { ...state, self: fact.self };
    case 'contacts.replaced':
      return { ...state, groups: fact.groups, contacts: byAor(fact.contacts), contactsLoaded: true };
    case 'contacts.changed':
      return recordContacts(state, fact);
    case 'presence.changed':
      return recordPresence(state, fact.people);
    case 'presence.lost':
      return { ...state, presence: mapValues(state.presence, unknownNow) };
    case 'conversation.added':
      return { ...state, conversations: { ...state.conversations, [fact.conversation.id]: fact.conversation } };
    case 'conversation.changed':
      return withConversation(state, fact.conversation, (conversation) => ({ ...conversation, ...fact.change }));
    case 'conversation.removed': {
      const { [fact.conversation]: _gone, ...conversations } = state.conversations;
      const { [fact.conversation]: _transcript, ...transcripts } = state.transcripts;
      return { ...state, conversations, transcripts };
    }
    case 'conference.changed':
      return recordConference(state, fact);
    case 'item.added':
      return withTranscript(state, fact.item.conversation, (transcript) => insertItem(transcript, fact.item));
    case 'item.removed':
      return withTranscript(state, fact.conversation, (transcript) => removeItem(transcript, fact.id));
    case 'message.settled':
      return withTranscript(state, fact.conversation, (transcript) =>
        changeItem(transcript, fact.id, (item) => {
          if (item.kind !== 'message') return item;
          const { delivery, order = item.order, number = item.number } = fact;
          return { ...item, delivery, order, ...(number === undefined ? {} : { number }) };
        }),
      );
    case 'file.changed':
      return withTranscript(state, fact.conversation, (transcript) =>
        changeItem(transcript, fact.id, (item) => {
          if (item.kind !== 'file') return item;
          const { state: next, route = item.route, order = item.order, number = item.number } = fact;
          return { ...item, state: next, route, order, ...(number === undefined ? {} : { number }) };
        }),
      );
    case 'transfer.changed':
      return { ...state, transfers: withEntry(state.transfers, fact.id, fact.transfer) };
    case 'history.loaded':
      return withTranscript(state, fact.conversation, (transcript) =>
        prependItems(transcript, fact.items, fact.atStart),
      );
    case 'invitation.received':
      return { ...state, invitations: { ...state.invitations, [fact.invitation.id]: fact.invitation } };
    case 'invitation.ended': {
      const { [fact.id]: _ended, ...invitations } = state.invitations;
      return { ...state, invitations };
    }
    case 'media.changed':
      return { ...state, media: withEntry(state.media, fact.session, fact.media) };
    case 'sharing.changed':
      return { ...state, sharing: withEntry(state.sharing, fact.conversation, fact.sharing) };
    case 'checkup.changed':
      return { ...state, checkup: fact.checkup };
    case 'typing.changed':
      return withConversation(state, fact.conversation, (conversation) => ({ ...conversation, typing: fact.who }));
    default:
      return never(fact);
  }
}

/** The record with this entry, or with `null` without it. */
function withEntry<K extends string, V>(record: Readonly<Record<K, V>>, key: K, value: V | null): Record<K, V> {
  const { [key]: _former, ...others } = record;
  return (value === null ? others : { ...others, [key]: value }) as Record<K, V>;
}

function never(fact: never): never {
  throw new Error(`unknown fact ${JSON.stringify(fact)}`);
}

function byAor(contacts: readonly Contact[]): Record<Aor, Contact> {
  return Object.fromEntries(contacts.map((contact) => [contact.aor, contact]));
}

function recordContacts(state: State, fact: Extract<Fact, { type: 'contacts.changed' }>): State {
  const changed = new Map(fact.groups.map((group) => [group.id, group]));
  const kept = state.groups
    .filter(({ id }) => !fact.removedGroups.includes(id))
    .map((group) => changed.get(group.id) ?? group);
  const added = fact.groups.filter(({ id }) => !state.groups.some((group) => group.id === id));
  const contacts = { ...state.contacts, ...byAor(fact.contacts) };
  for (const aor of fact.removedContacts) delete contacts[aor];
  return { ...state, groups: [...kept, ...added], contacts };
}

function recordPresence(state: State, people: Extract<Fact, { type: 'presence.changed' }>['people']): State {
  const presence = { ...state.presence };
  const notes = { ...state.notes };
  const cards = { ...state.cards };
  for (const person of people) {
    if (person.presence !== undefined) presence[person.aor] = person.presence;
    if (person.note !== undefined) notes[person.aor] = person.note;
    if (person.card !== undefined) cards[person.aor] = person.card;
  }
  return { ...state, presence, notes, cards };
}

/** Silence is not "offline": after a loss nobody's status is known; when it was last known stays. */
function unknownNow(presence: Presence): Presence {
  if (presence.status === 'unknown') return presence;
  const { activity, status: last, knownAt } = presence;
  return { status: 'unknown', last, knownAt, ...(activity === undefined ? {} : { activity }) };
}

function mapValues<K extends string, V>(record: Readonly<Record<K, V>>, change: (value: V) => V): Record<K, V> {
  const next = {} as Record<K, V>;
  for (const key of Object.keys(record) as K[]) next[key] = change(record[key]);
  return next;
}

function recordConference(state: State, fact: Extract<Fact, { type: 'conference.changed' }>): State {
  const party = { is: 'conference' as const, focus: fact.focus, conference: fact.conference };
  return withConversation(state, fact.conversation, (conversation) => ({ ...conversation, party }));
}

function withConversation(
  state: State,
  id: Conversation['id'],
  change: (conversation: Conversation) => Conversation,
): State {
  const conversation = state.conversations[id];
  if (conversation === undefined) return state;
  return { ...state, conversations: { ...state.conversations, [id]: change(conversation) } };
}

function withTranscript(
  state: State,
  conversation: keyof State['transcripts'],
  change: (
    transcript: State['transcripts'][keyof State['transcripts']],
  ) => State['transcripts'][keyof State['transcripts']],
): State {
  const transcript = state.transcripts[conversation] ?? emptyTranscript;
  const changed = change(transcript);
  return changed === transcript ? state : { ...state, transcripts: { ...state.transcripts, [conversation]: changed } };
}
