import type { Report } from '../dialect/dialect';
import type { Invitation } from '../domain/facts';
import { done, failed, type Outcome, ok } from '../domain/failure';
import type { ConversationId, InvitationId, ThreadId } from '../domain/ids';
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

interface Waiting {
  invitation: Invitation;
  report: ImInvited | ConferenceInvited;
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
    this.#ask(report, report.peer, report.text);
  }

  takeConference(report: ConferenceInvited): void {
    const escalated = this.#conversationEscalated(report);
    if (escalated !== undefined) return void this.#acceptConference(report, escalated);
    this.#ask(report, report.from, report.subject);
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

  #ask(report: ImInvited | ConferenceInvited, from: Aor, text: string): void {
    const at = this.#floor.world.now();
    const id = this.#floor.world.id() as InvitationId;
    const is = report.type === 'im.invited' ? 'im' : 'conference';
    const invitation: Invitation = { id, from, text, is, at, lapsesAt: at + lapseMs };
    const stopTimer = this.#floor.world.after(lapseMs, () => this.#decline(id, 'lapsed'));
    this.#waiting.set(id, { invitation, report, stopTimer });
    this.#floor.record({ type: 'invitation.received', invitation });
    this.#floor.dialect()?.presence.watch([from]);
  }

  #take(id: InvitationId, why: 'accepted' | 'ignored' | 'elsewhere' | 'withdrawn' | 'lapsed'): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(id);
    waiting.stopTimer();
    this.#floor.record({ type: 'invitation.ended', id, why });
    return waiting;
  }

  async accept(id: InvitationId): Promise<Outcome<ConversationId>> {
    const waiting = this.#take(id, 'accepted');
    if (waiting === undefined) return failed({ is: 'cancelled' });
    const { report } = waiting;
    return report.type === 'im.invited' ? ok(this.#acceptIm(report)) : this.#acceptConference(report);
  }

  ignore(id: InvitationId): Outcome<void> {
    this.#decline(id, 'ignored');
    return done;
  }

  #decline(id: InvitationId, why: 'ignored' | 'lapsed'): void {
    const waiting = this.#take(id, why);
    if (waiting === undefined) return;
    const { report } = waiting;
    const dialect = this.#floor.dialect();
    if (report.type === 'im.invited') dialect?.im.decline(report.thread);
    else dialect?.conferences.decline(report.thread);
    this.#missed(waiting);
  }

  takeWithdrawn(thread: ThreadId, elsewhere: boolean): void {
    for (const [id, waiting] of this.#waiting) {
      if (waiting.report.thread !== thread) continue;
      this.#take(id, elsewhere ? 'elsewhere' : 'withdrawn');
      // MPO-2: answered on another device is no missed conversation.
      if (!elsewhere) this.#missed(waiting);
    }
  }

  #missed({ invitation, report }: Waiting): void {
    const peer = invitation.from;
    let conversation = pairwiseWith(this.#floor.state(), peer);
    if (conversation === undefined) {
      const key = report.type === 'im.invited' ? report.key : undefined;
      conversation = newConversation(this.#floor, { is: 'pairwise', peer }, key);
      putConversation(this.#floor, { ...conversation, open: false });
    }
    addLine(this.#floor, conversation.id, { is: 'missed', from: peer, text: invitation.text });
    changeConversation(this.#floor, conversation.id, { missed: true, preview: invitation.text, previewAuthor: peer });
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
