import type { Dialect, Report } from '../dialect/dialect';
import type { Recording, Told } from '../dialect/recording';
import type { Conversation } from '../domain/conversation';
import type { Fact } from '../domain/facts';
import type { ConversationId, ItemId } from '../domain/ids';
import type { Delivery, LineEvent, Message } from '../domain/message';
import { provenanceOf } from '../domain/provenance';
import { MemoryHistory } from '../history/memoryHistory';
import type { Aor, FocusUri } from '../protocol/sip/uri';
import type { State } from '../state/state';
import { createLedger, recordFacts } from '../state/store';
import type { TraceEntry } from '../trace/entry';
import type { World } from '../world';
import { Conferences, emptyConference } from './conferences';
import { newConversation, pairwiseWith } from './conversations';
import { Files } from './files';
import { changeConversation, type Floor, putConversation } from './floor';
import { Inbox } from './inbox';
import { Invitations } from './invitations';
import { MediaSessions } from './media';
import { Outbox } from './outbox';
import { RecordedWorld } from './recordedWorld';
import { Sharing } from './sharing';
import { addItem, addLine, messageOf, nextOrder, settle } from './transcripts';

/** Reads a recording; which dialect's it is, is for who makes the replay. */
export type ReadRecording = (entries: readonly TraceEntry[], world: World, tell: (told: Told) => void) => Recording;

/** Who makes a conference of a conversation asks people in so soon: that is told by one line. */
const atOnceMs = 200;

interface ReplayParts {
  /** Oldest first; each is a step. */
  entries: readonly TraceEntry[];
  read: ReadRecording;
  /** Facts in order, as of an engine. */
  publish(facts: readonly Fact[]): void;
}

/**
 * A client that plays a recording: the same inbox, invitations and conferences over the same ledger, but a dialect that only
 * reads, a world whose time is the recording's, and a history that nothing is kept of. It sends nothing, since it has nothing
 * to send with. It only goes forward: to go back is to begin anew.
 */
export class Replay {
  readonly #entries: readonly TraceEntry[];
  readonly #publish: (facts: readonly Fact[]) => void;
  readonly #ledger = createLedger();
  readonly #world: RecordedWorld;
  readonly #history = new MemoryHistory();
  readonly #recording: Recording;
  readonly #floor: Floor;
  readonly #inbox: Inbox;
  readonly #invitations: Invitations;
  readonly #conferences: Conferences;
  readonly #said = new Map<ItemId, ConversationId>();
  /** What is said of a conference when we are in. */
  readonly #entering = new Map<FocusUri, LineEvent>();
  /** When we were in what we made of a conversation of two. */
  readonly #escalatedAt = new Map<FocusUri, number>();
  readonly #server: string;
  #isLive = true;
  #position = 0;

  constructor({ entries, read, publish }: ReplayParts) {
    this.#entries = entries;
    this.#publish = publish;
    this.#world = new RecordedWorld(entries[0]?.at ?? 0);
    this.#server = entries.find(({ url }) => url !== '')?.url ?? '';
    const floor: Floor = {
      world: this.#world,
      state: () => this.state,
      record: (...facts) => this.#record(facts),
      history: () => this.#history,
      dialect: (): Dialect | null => null,
      isLive: () => this.#isLive,
    };
    this.#floor = floor;
    const outbox = new Outbox(floor);
    this.#conferences = new Conferences(floor, outbox);
    this.#invitations = new Invitations(floor, this.#conferences);
    const media = new MediaSessions(floor);
    this.#inbox = new Inbox(floor, {
      conferences: this.#conferences,
      invitations: this.#invitations,
      outbox,
      media,
      sharing: new Sharing(floor, media, this.#invitations),
      files: new Files(floor, media, this.#invitations),
      onConnection: (report) => this.#takeConnection(report),
    });
    this.#recording = read(entries, this.#world, (told) => this.#take(told));
    this.#begin();
  }

  get state(): State {
    return this.#ledger.getState();
  }

  /** How many entries have been taken. */
  get position(): number {
    return this.#position;
  }

  #record(facts: readonly Fact[]): void {
    recordFacts(this.#ledger, facts);
    this.#publish(facts);
  }

  /** What a recording does not tell that begins after the sign-in. */
  #begin(): void {
    const capabilities = { contactGroups: true, directory: false, conferences: true, notes: true };
    this.#record([
      { type: 'account.changed', account: this.#recording.owner },
      {
        type: 'capabilities.changed',
        capabilities: { ...capabilities, changePassword: false, sharing: false, fileStore: false },
      },
      { type: 'signIn.changed', signIn: { is: 'signedIn', server: this.#server } },
    ]);
  }

  /** Takes the next entry; false when there is none. */
  async step(): Promise<boolean> {
    const entry = this.#entries[this.#position];
    if (entry === undefined) return false;
    this.#position += 1;
    this.#world.reach(entry.at);
    this.#recording.take(entry);
    await settled();
    this.#readAll();
    return true;
  }

  /** What the person had read is not on the wire: nothing is counted as new. */
  #readAll(): void {
    for (const { id, unread, missed } of Object.values<Conversation>(this.state.conversations)) {
      if (unread > 0 || missed) changeConversation(this.#floor, id, { unread: 0, missed: false });
    }
  }

  // ---- What is told -----------------------------------------------------------------------------------------------------

  #take(told: Told): void {
    switch (told.is) {
      case 'reported':
        this.#inbox.take(told.report);
        return told.report.type === 'conference.invited' ? this.#askedIn(told.report) : undefined;
      case 'received': {
        const { message } = told;
        if (message.in === 'conference' && this.#conferences.byFocus(message.focus) === undefined) {
          this.#enter(message.focus, null);
        }
        return void this.#inbox.keep(message);
      }
      case 'signedIn':
        return this.#signedIn();
      case 'signedOut':
        return this.#record([{ type: 'signIn.changed', signIn: { is: 'signedOut' } }]);
      case 'named':
        if (told.displayName === '') return;
        return this.#record([{ type: 'account.named', displayName: told.displayName }]);
      case 'said':
        return this.#saidByUs(told);
      case 'settled':
        return this.#settled(told);
      case 'accepted':
        return void this.#invitations.acceptThread(told.thread);
      case 'declined':
        return this.#invitations.takeWithdrawn(told.thread, false);
      case 'joining':
        return this.#joining(told.focus, told.key);
      case 'joined':
        return this.#joined(told);
      case 'left':
        return this.#left(told.focus);
      case 'calledIn':
        return this.#calledIn(told.focus, told.person);
      case 'callAnswered':
        return this.#callAnswered(told);
    }
  }

  #signedIn(): void {
    this.#isLive = true;
    this.#record([{ type: 'signIn.changed', signIn: { is: 'signedIn', server: this.#server } }]);
  }

  #takeConnection(report: Extract<Report, { type: `connection.${string}` }>): void {
    if (report.type !== 'connection.lost' || !this.#isLive) return;
    this.#isLive = false;
    const at = this.#world.now();
    this.#record([
      { type: 'signIn.changed', signIn: { is: 'reconnecting', server: this.#server, since: at } },
      { type: 'presence.lost', at },
    ]);
    this.#conferences.takeLoss();
  }

  // ---- What we wrote ----------------------------------------------------------------------------------------------------

  #saidByUs(told: Extract<Told, { is: 'said' }>): void {
    const conversation = this.#conversationOf(told.to);
    const author = this.state.account?.aor;
    if (author === undefined) return;
    const known = messageOf(this.state, conversation.id, told.id);
    if (known !== undefined) return this.#saidAgain(known);
    this.#said.set(told.id, conversation.id);
    const message: Message = {
      kind: 'message',
      id: told.id,
      conversation: conversation.id,
      order: nextOrder(this.state, conversation.id),
      author,
      own: true,
      at: this.#world.now(),
      body: told.body,
      delivery: { is: 'sending' },
      ...provenanceOf(told),
    };
    addItem(this.#floor, message, { open: true });
  }

  #saidAgain(message: Message): void {
    if (message.delivery.is !== 'failed' && message.delivery.is !== 'unconfirmed') return;
    settle(this.#floor, message, { is: 'queued' });
    settle(this.#floor, message, { is: 'sending' });
  }

  #settled({ id, outcome }: Extract<Told, { is: 'settled' }>): void {
    const conversation = this.#said.get(id);
    const message = conversation === undefined ? undefined : messageOf(this.state, conversation, id);
    if (message?.delivery.is !== 'sending') return;
    const at = this.#world.now();
    const delivery: Delivery = outcome.ok ? { is: 'sent', at } : { is: 'failed', failure: outcome.failure, at };
    settle(this.#floor, message, delivery, outcome.ok ? (outcome.value.number ?? undefined) : undefined);
  }

  #conversationOf(to: Extract<Told, { is: 'said' }>['to']): Conversation {
    if (to.in === 'conference') return this.#conferences.byFocus(to.focus) ?? this.#enter(to.focus, null);
    const { thread, peer, key } = to;
    this.#inbox.know(thread, peer);
    const known = pairwiseWith(this.state, peer);
    if (known !== undefined) return changeConversation(this.#floor, known.id, { key, open: true }) ?? known;
    const conversation = newConversation(this.#floor, { is: 'pairwise', peer }, key);
    putConversation(this.#floor, conversation);
    return conversation;
  }

  // ---- Conferences ------------------------------------------------------------------------------------------------------

  #joining(focus: FocusUri, key: string | null): void {
    const known = this.#conferences.byFocus(focus);
    if (known === undefined) return void this.#enter(focus, key);
    // Asked in and accepted, or coming back.
    if (!this.#entering.has(focus)) {
      const { party } = known;
      const wasIn = party.is === 'conference' && party.conference.membership.is === 'rejoining';
      if (!wasIn) this.#entering.set(focus, { is: 'youJoined', history: 'all' });
    }
    this.#conferences.change(known.id, { membership: { is: 'joining' }, roster: [] });
  }

  /** Into the conversation that it grew out of one goes without being asked. */
  #askedIn({ focus, from }: Extract<Report, { type: 'conference.invited' }>): void {
    if (this.#conferences.byFocus(focus)?.party.is !== 'conference' || this.#entering.has(focus)) return;
    this.#entering.set(focus, { is: 'escalated', by: from, added: [] });
  }

  /** We made it: out of the conversation of two whose key its invitations have, else anew. */
  #enter(focus: FocusUri, key: string | null): Conversation {
    const me = this.state.account?.aor ?? ('' as Aor);
    const all = Object.values<Conversation>(this.state.conversations);
    const former = key === null ? undefined : all.find((one) => one.party.is === 'pairwise' && one.key === key);
    if (former !== undefined && key !== null) {
      this.#conferences.turnInto(former.id, focus, key, '');
      this.#entering.set(focus, { is: 'escalated', by: me, added: [] });
      return this.#conferences.byFocus(focus) ?? former;
    }
    const conference = { ...emptyConference, membership: { is: 'joining' as const } };
    const conversation = newConversation(this.#floor, { is: 'conference', focus, conference }, key ?? undefined);
    putConversation(this.#floor, conversation);
    addLine(this.#floor, conversation.id, { is: 'started' });
    return conversation;
  }

  #joined({ focus, outcome }: Extract<Told, { is: 'joined' }>): void {
    const conversation = this.#conferences.byFocus(focus);
    if (conversation === undefined) return;
    const line = this.#entering.get(focus);
    this.#entering.delete(focus);
    if (!outcome.ok) {
      return this.#conferences.change(conversation.id, { membership: { is: 'failed', failure: outcome.failure } });
    }
    const { role, history } = outcome.value;
    this.#conferences.change(conversation.id, {
      membership: { is: 'joined', since: this.#world.now() },
      role,
      history,
    });
    if (line?.is === 'escalated' && line.by === this.state.account?.aor) {
      this.#escalatedAt.set(focus, this.#world.now());
    }
    if (line !== undefined) {
      addLine(this.#floor, conversation.id, line.is === 'youJoined' ? { ...line, history } : line);
    }
  }

  #left(focus: FocusUri): void {
    const conversation = this.#conferences.byFocus(focus);
    // We hang up too when it has ended, or we were removed.
    const membership = conversation && this.#conferences.conferenceOf(conversation.id)?.membership.is;
    if (conversation === undefined || membership === undefined) return;
    if (!['joining', 'joined', 'rejoining'].includes(membership)) return;
    this.#conferences.change(conversation.id, { membership: { is: 'left' }, invitees: [] });
    addLine(this.#floor, conversation.id, { is: 'youLeft' });
  }

  #calledIn(focus: FocusUri, person: Aor): void {
    const id = this.#conferences.byFocus(focus)?.id;
    if (id === undefined) return;
    const others = (this.#conferences.conferenceOf(id)?.invitees ?? []).filter(({ aor }) => aor !== person);
    this.#conferences.change(id, { invitees: [...others, { aor: person, state: { is: 'inviting' } }] });
    const me = this.state.account?.aor;
    const isOfEscalation = this.#world.now() - (this.#escalatedAt.get(focus) ?? 0) < atOnceMs;
    if (me !== undefined && !isOfEscalation) addLine(this.#floor, id, { is: 'invited', by: me, added: [person] });
  }

  #callAnswered({ focus, person, outcome }: Extract<Told, { is: 'callAnswered' }>): void {
    const id = this.#conferences.byFocus(focus)?.id;
    if (id === undefined) return;
    const others = (this.#conferences.conferenceOf(id)?.invitees ?? []).filter(({ aor }) => aor !== person);
    if (outcome.ok) return this.#conferences.change(id, { invitees: others });
    const { failure } = outcome;
    this.#conferences.change(id, { invitees: [...others, { aor: person, state: { is: 'failed', failure } }] });
    addLine(this.#floor, id, { is: 'declined', who: person, failure });
  }
}

/** What the parts of the client await of a history in memory takes a few turns of the microtask queue. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}
