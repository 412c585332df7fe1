import type { Report } from '../dialect/dialect';
import type { Conference, Membership, Participant, Role } from '../domain/conference';
import type { Conversation } from '../domain/conversation';
import { done, type Failure, failed, type Outcome, ok } from '../domain/failure';
import type { ConversationId, ThreadId } from '../domain/ids';
import type { Aor, FocusUri } from '../protocol/sip/uri';
import { itemsOfConversation } from '../state/selectors';
import { newConversation } from './conversations';
import { changeConversation, type Floor, putConversation } from './floor';
import type { Outbox } from './outbox';
import { addLine } from './transcripts';

export const emptyConference: Conference = {
  membership: { is: 'creating' },
  subject: '',
  organizer: null,
  role: 'attendee',
  locked: false,
  roster: [],
  invitees: [],
  history: 'all',
  maxSize: null,
  sharing: 'nobody',
};

type Changed = Extract<Report, { type: 'conference.changed' }>;

/** Our place in conferences, their rosters, and what may be done in them. */
export class Conferences {
  readonly #floor: Floor;
  readonly #outbox: Outbox;
  /** Removed by us a moment ago: their going is told already. */
  readonly #removed = new Set<string>();

  constructor(floor: Floor, outbox: Outbox) {
    this.#floor = floor;
    this.#outbox = outbox;
  }

  byFocus(focus: FocusUri): Conversation | undefined {
    const all = Object.values<Conversation>(this.#floor.state().conversations);
    return all.find(({ party }) => party.is === 'conference' && party.focus === focus);
  }

  conferenceOf(id: ConversationId): Conference | undefined {
    const party = this.#floor.state().conversations[id]?.party;
    return party?.is === 'conference' ? party.conference : undefined;
  }

  change(id: ConversationId, change: Partial<Conference>): void {
    const conversation = this.#floor.state().conversations[id];
    if (conversation?.party.is !== 'conference') return;
    const conference = { ...conversation.party.conference, ...change };
    this.#floor.record({ type: 'conference.changed', conversation: id, focus: conversation.party.focus, conference });
    this.#floor.history().putConversation({ ...conversation, party: { ...conversation.party, conference } });
  }

  #become(id: ConversationId, membership: Membership): void {
    this.change(id, { membership });
  }

  /** Joins the focus of a conversation that is a conference; on failure the membership says why. */
  async join(id: ConversationId): Promise<Outcome<void>> {
    const conversation = this.#floor.state().conversations[id];
    const dialect = this.#floor.dialect();
    if (conversation?.party.is !== 'conference' || conversation.party.focus === null)
      return failed({ is: 'invalid', what: 'address' });
    if (dialect === null) return failed({ is: 'offline' });
    const { focus } = conversation.party;
    const before = conversation.party.conference.membership;
    // Who was there when one left is not who is there now: the focus tells.
    if (before.is === 'rejoining') this.#become(id, before);
    else this.change(id, { membership: { is: 'joining' }, roster: [] });
    const outcome = await dialect.conferences.join(focus, conversation.key, this.#highestNumber(id));
    if (!outcome.ok) {
      this.#failedToJoin(id, outcome.failure);
      return outcome;
    }
    const { role, history } = outcome.value;
    this.change(id, { membership: { is: 'joined', since: this.#floor.world.now() }, role, history });
    this.#outbox.resume(id);
    return done;
  }

  #failedToJoin(id: ConversationId, failure: Failure): void {
    const isLost = failure.is === 'connectionLost' || failure.is === 'offline';
    if (isLost) return this.#become(id, { is: 'rejoining' });
    const isGone = failure.is === 'rejected' && failure.status === 404;
    this.#become(id, isGone ? { is: 'ended' } : { is: 'failed', failure });
    if (isGone) addLine(this.#floor, id, { is: 'ended' });
    this.#outbox.resume(id);
  }

  #highestNumber(id: ConversationId): number {
    let highest = 0;
    for (const item of itemsOfConversation(this.#floor.state(), id)) {
      if (item.kind !== 'line' && item.number !== undefined) highest = Math.max(highest, item.number);
    }
    return highest;
  }

  async meetNow(): Promise<Outcome<ConversationId>> {
    const dialect = this.#floor.dialect();
    if (!this.#floor.state().policy.conferences) return failed({ is: 'forbidden', policy: 'conferences' });
    if (dialect === null || !this.#floor.isLive()) return failed({ is: 'offline' });
    const created = await dialect.conferences.create('');
    if (!created.ok) return created;
    const me = this.#floor.state().account?.aor ?? null;
    const conference: Conference = { ...emptyConference, organizer: me, membership: { is: 'joining' } };
    const conversation = newConversation(this.#floor, { is: 'conference', focus: created.value, conference });
    putConversation(this.#floor, conversation);
    addLine(this.#floor, conversation.id, { is: 'started' });
    const joined = await this.join(conversation.id);
    return joined.ok ? ok(conversation.id) : joined;
  }

  /** Asks people into a conference that we are in. */
  async invite(id: ConversationId, people: readonly Aor[]): Promise<Outcome<void>> {
    const conversation = this.#floor.state().conversations[id];
    const me = this.#floor.state().account?.aor;
    if (conversation?.party.is !== 'conference' || me === undefined) return failed({ is: 'invalid', what: 'address' });
    const { conference } = conversation.party;
    const present = new Set<Aor>([me, ...conference.roster.map(({ aor }) => aor)]);
    const wanted = [...new Set(people)].filter((aor) => !present.has(aor));
    if (conference.maxSize !== null && present.size + wanted.length > conference.maxSize) {
      return failed({ is: 'forbidden', policy: 'meetingSize', limit: conference.maxSize });
    }
    if (wanted.length === 0) return done;
    addLine(this.#floor, id, { is: 'invited', by: me, added: wanted });
    return this.callIn(id, wanted);
  }

  /**
   * Sends the invitations and tells who does not come; `ok` when at least one person was asked successfully. Who has a session of
   * two with us, `thread`, is asked there.
   */
  async callIn(id: ConversationId, people: readonly Aor[], thread?: ThreadId): Promise<Outcome<void>> {
    const invitees = (this.conferenceOf(id)?.invitees ?? []).filter(({ aor }) => !people.includes(aor));
    this.change(id, { invitees: [...invitees, ...people.map((aor) => ({ aor, state: { is: 'inviting' as const } }))] });
    const outcomes = await Promise.all(people.map((aor) => this.#callOne(id, aor, thread)));
    return outcomes.find(({ ok: isOk }) => isOk) ?? outcomes[0] ?? done;
  }

  async #callOne(id: ConversationId, aor: Aor, thread?: ThreadId): Promise<Outcome<void>> {
    const conversation = this.#floor.state().conversations[id];
    const dialect = this.#floor.dialect();
    if (conversation?.party.is !== 'conference' || conversation.party.focus === null || dialect === null) {
      return failed({ is: 'offline' });
    }
    const { focus, conference } = conversation.party;
    const outcome = await dialect.conferences.invite(focus, conversation.key, conference.subject, aor, thread);
    const others = (this.conferenceOf(id)?.invitees ?? []).filter((invitee) => invitee.aor !== aor);
    if (outcome.ok) {
      this.change(id, { invitees: others });
      return done;
    }
    this.change(id, { invitees: [...others, { aor, state: { is: 'failed', failure: outcome.failure } }] });
    addLine(this.#floor, id, { is: 'declined', who: aor, failure: outcome.failure });
    return outcome;
  }

  async remove(id: ConversationId, person: Aor): Promise<Outcome<void>> {
    const outcome = await this.#atFocus(id, (focus) => {
      this.#removed.add(`${id} ${person}`);
      return this.#floor.dialect()?.conferences.remove(focus, person);
    });
    if (outcome.ok) addLine(this.#floor, id, { is: 'removed', who: person });
    else this.#removed.delete(`${id} ${person}`);
    return outcome;
  }

  setLocked(id: ConversationId, locked: boolean): Promise<Outcome<void>> {
    return this.#atFocus(id, (focus) => this.#floor.dialect()?.conferences.setLocked(focus, locked));
  }

  setRole(id: ConversationId, person: Aor, role: Role): Promise<Outcome<void>> {
    return this.#atFocus(id, (focus) => this.#floor.dialect()?.conferences.setRole(focus, person, role));
  }

  async end(id: ConversationId): Promise<Outcome<void>> {
    return this.#atFocus(id, (focus) => this.#floor.dialect()?.conferences.end(focus));
  }

  async #atFocus(
    id: ConversationId,
    run: (focus: FocusUri) => Promise<Outcome<void>> | undefined,
  ): Promise<Outcome<void>> {
    const party = this.#floor.state().conversations[id]?.party;
    if (party?.is !== 'conference' || party.focus === null || !this.#floor.isLive()) return failed({ is: 'offline' });
    return (await run(party.focus)) ?? failed({ is: 'offline' });
  }

  async leave(id: ConversationId): Promise<Outcome<void>> {
    const party = this.#floor.state().conversations[id]?.party;
    if (party?.is !== 'conference') return done;
    const isIn = ['joining', 'joined', 'rejoining'].includes(party.conference.membership.is);
    if (isIn) {
      this.change(id, { membership: { is: 'left' }, invitees: [] });
      addLine(this.#floor, id, { is: 'youLeft' });
      if (party.focus !== null) await this.#floor.dialect()?.conferences.leave(party.focus);
    }
    return done;
  }

  // ---- What is told -----------------------------------------------------------------------------------------------------

  takeChange(report: Changed): void {
    const conversation = this.byFocus(report.focus);
    if (conversation?.party.is !== 'conference') return;
    const { conference } = conversation.party;
    if (['left', 'removed', 'ended'].includes(conference.membership.is)) return;
    const me = this.#floor.state().account?.aor;
    const present = new Set(report.roster.map(({ aor }) => aor));
    this.change(conversation.id, {
      subject: report.subject || conference.subject,
      organizer: report.organizer,
      locked: report.locked,
      maxSize: report.maxSize,
      sharing: report.sharing,
      roster: report.roster,
      role: report.roster.find(({ aor }) => aor === me)?.role ?? conference.role,
      invitees: conference.invitees.filter(({ aor }) => !present.has(aor)),
    });
    if (conference.roster.length > 0) this.#tellComings(conversation.id, conference.roster, report.roster);
    if (conference.roster.length > 0 && conference.locked !== report.locked) {
      addLine(this.#floor, conversation.id, { is: report.locked ? 'locked' : 'unlocked' });
    }
    this.#floor.dialect()?.presence.watch([...present]);
  }

  #tellComings(id: ConversationId, before: readonly Participant[], after: readonly Participant[]): void {
    const me = this.#floor.state().account?.aor;
    const inChat = (roster: readonly Participant[]) =>
      new Set(roster.filter((participant) => participant.inChat && participant.aor !== me).map(({ aor }) => aor));
    const [then, now] = [inChat(before), inChat(after)];
    for (const who of now) if (!then.has(who)) addLine(this.#floor, id, { is: 'joined', who });
    for (const who of then) {
      if (now.has(who)) continue;
      if (!this.#removed.delete(`${id} ${who}`)) addLine(this.#floor, id, { is: 'left', who });
    }
  }

  takeLeft(focus: FocusUri, why: 'removed' | 'ended' | 'lost'): void {
    const conversation = this.byFocus(focus);
    if (conversation?.party.is !== 'conference') return;
    const { membership } = conversation.party.conference;
    if (!['joining', 'joined', 'rejoining'].includes(membership.is)) return;
    if (why === 'lost') {
      this.#become(conversation.id, { is: 'rejoining' });
      if (this.#floor.isLive()) void this.join(conversation.id);
      return;
    }
    this.change(conversation.id, { membership: { is: why }, invitees: [] });
    addLine(this.#floor, conversation.id, why === 'removed' ? { is: 'youWereRemoved' } : { is: 'ended' });
    this.#outbox.resume(conversation.id);
  }

  /** The connection is lost: every place in a conference has to be taken again. */
  takeLoss(): void {
    for (const id of this.#idsIn('joining', 'joined')) this.#become(id, { is: 'rejoining' });
  }

  /** Live again, or started again after a reload. */
  rejoinAll(): void {
    for (const id of this.#idsIn('joining', 'joined', 'rejoining', 'creating')) {
      this.#become(id, { is: 'rejoining' });
      void this.join(id);
    }
  }

  #idsIn(...memberships: Membership['is'][]): ConversationId[] {
    return Object.values<Conversation>(this.#floor.state().conversations)
      .filter(
        ({ party, open }) => open && party.is === 'conference' && memberships.includes(party.conference.membership.is),
      )
      .map(({ id }) => id);
  }

  /** Becomes the conference `focus`, keeping everything said. */
  turnInto(id: ConversationId, focus: FocusUri, key: string, subject: string): void {
    const conference = { ...emptyConference, subject, membership: { is: 'joining' as const } };
    changeConversation(this.#floor, id, {
      party: { is: 'conference', focus, conference },
      key,
      open: true,
      typing: [],
    });
  }
}
