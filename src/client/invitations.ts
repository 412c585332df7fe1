import type { Report } from '../dialect/dialect';
import type { Invitation } from '../domain/facts';
import { done, failed, type Outcome, ok } from '../domain/failure';
import type { ConversationId, InvitationId, MediaSessionId, ThreadId } from '../domain/ids';
import { type Provenance, provenanceOf } from '../domain/provenance';
import type { Aor } from '../protocol/sip/uri';
import type { Conferences } from './conferences';
import { emptyConference } from './conferences';
import { newConversation, pairwiseWith } from './conversations';
import { changeConversation, type Floor, putConversation } from './floor';
import { addLine } from './transcripts';

/** `features` 1.16 and the design: a toast stays half a minute. */
const lapseMs = 30_000;

type ImInvited = Extract<Report, { type: 'im.invited' }>;
type ConferenceInvited = Extract<Report, { type: 'conference.invited' }>;

/** What can be answered. */
interface Asked extends Provenance {
  from: Aor;
  is: Invitation['is'];
  text: string;
  /** Names it when it is withdrawn. */
  thread: ThreadId | MediaSessionId;
  /** Where it is shown too: a tab that shows this needs no toast. */
  conversation?: ConversationId;
  accept(): ConversationId | Promise<Outcome<ConversationId>>;
  decline(why: 'ignored' | 'lapsed'): void;
  /** It was not answered here or elsewhere. */
  missed(): void;
}

interface Waiting {
  asked: Asked;
  stopTimer: () => void;
}

/** Invitations: taken at once where the person already talks to the inviter, else a toast that lapses. */
export class Invitations {
  readonly #floor: Floor;
  readonly #conferences: Conferences;
  readonly #waiting = new Map<InvitationId, Waiting>();

  constructor(floor: Floor, conferences: Conferences) {
    this.#floor = floor;
    this.#conferences = conferences;
  }

  takeIm(report: ImInvited): void {
    const known = pairwiseWith(this.#floor.state(), report.peer);
    if (known?.open) return void this.#acceptIm(report);
    const { peer: from, text, thread } = report;
    this.ask({
      ...{ is: 'im', from, text, thread, ...provenanceOf(report) },
      accept: () => this.#acceptIm(report),
      decline: () => this.#floor.dialect()?.im.decline(thread),
      missed: () => this.#missed(report, from, text, report.key),
    });
  }

  takeConference(report: ConferenceInvited): void {
    const escalated = this.#conversationEscalated(report);
    if (escalated !== undefined) return void this.#acceptConference(report, escalated);
    const { from, subject: text, thread } = report;
    this.ask({
      ...{ is: 'conference', from, text, thread, ...provenanceOf(report) },
      accept: () => this.#acceptConference(report),
      decline: () => this.#floor.dialect()?.conferences.decline(thread),
      missed: () => this.#missed(report, from, text),
    });
  }

  /** The conversation that the inviter turns into a conference: by its key, else the open one with him (`lync-wire` 6.8). */
  #conversationEscalated(report: ConferenceInvited): ConversationId | undefined {
    const state = this.#floor.state();
    const rejoined = this.#conferences.byFocus(report.focus);
    if (rejoined?.open) return rejoined.id;
    const withInviter = pairwiseWith(state, report.from);
    if (withInviter === undefined) return undefined;
    if (report.key !== null ? withInviter.key === report.key : withInviter.open) return withInviter.id;
    return undefined;
  }

  /** Asks the person by a toast, which lapses. */
  ask(asked: Asked): void {
    const at = this.#floor.world.now();
    const id = this.#floor.world.id() as InvitationId;
    const { from, text, is, conversation } = asked;
    const where = conversation === undefined ? {} : { conversation };
    const invitation: Invitation = { id, from, text, is, at, lapsesAt: at + lapseMs, ...where, ...provenanceOf(asked) };
    const stopTimer = this.#floor.world.after(lapseMs, () => this.#decline(id, 'lapsed'));
    this.#waiting.set(id, { asked, stopTimer });
    this.#floor.record({ type: 'invitation.received', invitation });
    this.#floor.dialect()?.presence.watch([from]);
  }

  #take(id: InvitationId, why: 'accepted' | 'ignored' | 'elsewhere' | 'withdrawn' | 'lapsed'): Asked | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(id);
    waiting.stopTimer();
    this.#floor.record({ type: 'invitation.ended', id, why });
    return waiting.asked;
  }

  async accept(id: InvitationId): Promise<Outcome<ConversationId>> {
    const asked = this.#take(id, 'accepted');
    if (asked === undefined) return failed({ is: 'cancelled' });
    const accepted = asked.accept();
    return typeof accepted === 'string' ? ok(accepted) : accepted;
  }

  /** It was accepted, as a recording says. */
  async acceptThread(thread: ThreadId): Promise<void> {
    for (const [id, { asked }] of this.#waiting) if (asked.thread === thread) await this.accept(id);
  }

  ignore(id: InvitationId): Outcome<void> {
    this.#decline(id, 'ignored');
    return done;
  }

  #decline(id: InvitationId, why: 'ignored' | 'lapsed'): void {
    const asked = this.#take(id, why);
    asked?.decline(why);
    asked?.missed();
  }

  /** It was answered by other means than the toast. */
  takeAccepted(thread: ThreadId | MediaSessionId): void {
    for (const [id, { asked }] of this.#waiting) if (asked.thread === thread) this.#take(id, 'accepted');
  }

  takeWithdrawn(thread: ThreadId | MediaSessionId, elsewhere: boolean): void {
    for (const [id, { asked }] of this.#waiting) {
      if (asked.thread !== thread) continue;
      this.#take(id, elsewhere ? 'elsewhere' : 'withdrawn');
      // MPO-2: answered on another device is no missed conversation.
      if (!elsewhere) asked.missed();
    }
  }

  #missed(told: Provenance, peer: Aor, text: string, key?: string): void {
    let conversation = pairwiseWith(this.#floor.state(), peer);
    if (conversation === undefined) {
      conversation = newConversation(this.#floor, { is: 'pairwise', peer }, key);
      putConversation(this.#floor, { ...conversation, open: false });
    }
    addLine(this.#floor, conversation.id, { is: 'missed', from: peer, text, ...provenanceOf(told) });
    changeConversation(this.#floor, conversation.id, { missed: true, preview: text, previewAuthor: peer });
  }

  #acceptIm(report: ImInvited): ConversationId {
    const known = pairwiseWith(this.#floor.state(), report.peer);
    const conversation = known ?? newConversation(this.#floor, { is: 'pairwise', peer: report.peer }, report.key);
    putConversation(this.#floor, { ...conversation, key: report.key, open: true });
    this.#floor.dialect()?.im.accept(report.thread);
    return conversation.id;
  }

  async #acceptConference(report: ConferenceInvited, into?: ConversationId): Promise<Outcome<ConversationId>> {
    const key = report.key ?? this.#floor.world.id();
    const known = into ?? this.#conferences.byFocus(report.focus)?.id;
    let id = known;
    if (id !== undefined) {
      this.#conferences.turnInto(id, report.focus, key, report.subject);
    } else {
      const conference = { ...emptyConference, subject: report.subject, membership: { is: 'joining' as const } };
      const conversation = newConversation(this.#floor, { is: 'conference', focus: report.focus, conference }, key);
      putConversation(this.#floor, conversation);
      id = conversation.id;
    }
    this.#floor.dialect()?.conferences.accept(report.thread);
    const joined = await this.#conferences.join(id);
    if (!joined.ok) return joined;
    if (into === undefined || !known) {
      addLine(this.#floor, id, { is: 'youJoined', history: this.#conferences.conferenceOf(id)?.history ?? 'all' });
    } else {
      addLine(this.#floor, id, { is: 'escalated', by: report.from, added: [] });
    }
    return ok(id);
  }

  stop(): void {
    for (const id of [...this.#waiting.keys()]) this.#take(id, 'withdrawn');
  }
}
