import type { Role } from '../../domain/conference';
import { done, failed, type Outcome } from '../../domain/failure';
import type { ThreadId } from '../../domain/ids';
import { toldBy } from '../../domain/provenance';
import { cccpType, formatCccpRequest, parseCccpResponse } from '../../protocol/lync/cccp';
import { commandNode, parseConferenceAnswer } from '../../protocol/lync/conferenceCommands';
import {
  conferenceInviteType,
  formatConferenceInvite,
  parseConferenceInvite,
} from '../../protocol/lync/conferenceInvite';
import { MalformedBody } from '../../protocol/malformed';
import { type Aor, type FocusUri, focusUriOf } from '../../protocol/sip/uri';
import type { Invite } from '../../sip/invite';
import type { InviteEnd, InviteHandlers } from '../../sip/inviteHandlers';
import type { SipRequest } from '../../sip/sipMessages';
import type { ConferencesPort, OutgoingFile, OutgoingMessage } from '../dialect';
import { Conference, refusalIn } from './conference';
import { notThere } from './conferenceChat';
import { type LyncContext, reading } from './context';
import { senderOf } from './im';

const ringsForMs = 60_000;
/** CNF-3: an ad-hoc conference may be removed after this. */
const livesForMs = 8 * 3_600_000;
/** CNF-26: who invited us hangs up at once, or (SIPE) never. */
const hangsUpWithinMs = 32_000;

/** What conferences need of the other rooms of the dialect. */
interface Known {
  /** `null` for a person who may not make conferences (PRV-2). */
  focusFactory(): string | null;
  /** The peer's endpoint that takes part in an IM session. */
  endpointIn(thread: ThreadId): string | null;
}

/** Making, entering and being asked into conferences (`lync-wire` 6). */
export class Conferences implements ConferencesPort {
  readonly #context: LyncContext;
  readonly #known: Known;
  readonly #joined = new Map<FocusUri, Conference>();
  readonly #invitations = new Map<ThreadId, Invite>();

  constructor(context: LyncContext, known: Known) {
    this.#context = context;
    this.#known = known;
  }

  /** `addConference` at the focus factory (6.2). */
  async create(subject: string): Promise<Outcome<FocusUri>> {
    if (!this.#context.isLive()) return failed({ is: 'offline' });
    const factory = this.#known.focusFactory();
    if (factory === null) return failed({ is: 'forbidden', policy: 'conferences' });
    const { aor, ua, world } = this.#context;
    const conference = {
      id: world.id().replaceAll('-', '').slice(-16).toUpperCase(),
      subject,
      expiryTime: new Date(world.now() + livesForMs).toISOString(),
      admissionPolicy: 'openAuthenticated' as const,
      media: ['chat'],
    };
    const envelope = { requestId: '1', from: aor, to: factory };
    const body = formatCccpRequest(envelope, commandNode({ is: 'addConference', conference }));
    const outcome = await ua.service(factory, { contentType: cccpType, body });
    if (!outcome.ok) return outcome;
    return refusalIn(outcome.value) ?? reading(outcome, (response) => focusIn(response.body));
  }

  async join(focus: FocusUri, _key: string, since: number): Promise<Outcome<{ role: Role; history: 'all' | 'none' }>> {
    if (!this.#context.isLive()) return failed({ is: 'offline' });
    void this.leave(focus);
    const conference = new Conference(this.#context, focus, (why) => {
      this.#joined.delete(focus);
      this.#context.host.report({ type: 'conference.left', focus, why });
    });
    this.#joined.set(focus, conference);
    const outcome = await conference.join(since);
    if (!outcome.ok && this.#joined.get(focus) === conference) this.#joined.delete(focus);
    return outcome;
  }

  /** 6.7, 6.8: at the endpoint that takes part in the conversation, else at all; after the answer the dialog has done its work (CNF-26). */
  invite(focus: FocusUri, key: string, subject: string, person: Aor, thread?: ThreadId): Promise<Outcome<void>> {
    if (!this.#context.isLive()) return Promise.resolve(failed({ is: 'offline' }));
    const endpoint = thread === undefined ? null : this.#known.endpointIn(thread);
    return this.#call(focus, key, subject, endpoint ?? person);
  }

  async #call(focus: FocusUri, key: string, subject: string, target: string): Promise<Outcome<void>> {
    const body = formatConferenceInvite({ focus, subject, conversationId: key, im: true });
    const { invite, answered } = this.#context.ua.invite(
      {
        target,
        headers: [`Ms-Conversation-ID: ${key}`, 'Supported: ms-sender', 'Supported: ms-delayed-accept'],
        content: { contentType: conferenceInviteType, body },
        timeoutMs: ringsForMs,
      },
      { onRequest: (_request, reply) => reply(200, 'OK'), onEnded: () => undefined },
    );
    const outcome = await answered;
    if (!outcome.ok) return outcome;
    invite.end();
    return done;
  }

  send(focus: FocusUri, message: OutgoingMessage | OutgoingFile): Promise<Outcome<{ number: number | null }>> {
    return this.#at(focus, (conference) => conference.send(message));
  }

  /** The sharing MCU of a conference that we are in; `null` where there is none. */
  sharingMcuOf(focus: FocusUri): string | null {
    return this.#joined.get(focus)?.sharingMcu ?? null;
  }

  setTyping(focus: FocusUri, typing: boolean): void {
    this.#joined.get(focus)?.setTyping(typing);
  }

  remove(focus: FocusUri, person: Aor): Promise<Outcome<void>> {
    return this.#at(focus, (conference) => conference.remove(person));
  }

  setLocked(focus: FocusUri, locked: boolean): Promise<Outcome<void>> {
    return this.#at(focus, (conference) => conference.setLocked(locked));
  }

  setRole(focus: FocusUri, person: Aor, role: Role): Promise<Outcome<void>> {
    return this.#at(focus, (conference) => conference.setRole(person, role));
  }

  async leave(focus: FocusUri): Promise<void> {
    const conference = this.#joined.get(focus);
    this.#joined.delete(focus);
    await conference?.leave();
  }

  end(focus: FocusUri): Promise<Outcome<void>> {
    return this.#at(focus, (conference) => conference.end());
  }

  #at<T>(focus: FocusUri, run: (conference: Conference) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    if (!this.#context.isLive()) return Promise.resolve(failed({ is: 'offline' }));
    const conference = this.#joined.get(focus);
    return conference === undefined ? Promise.resolve(failed(notThere)) : run(conference);
  }

  // ---- Being asked in ---------------------------------------------------------------------------------------------------

  /** An INVITE with `application/ms-conf-invite+xml`. Not taking it means 488. */
  takeInvite(request: SipRequest, ring: (handlers: InviteHandlers) => Invite): void {
    const from = senderOf(request);
    const asked = invitationIn(request);
    if (from === null || asked === null) return;
    const thread = `invitation ${this.#context.world.id()}` as ThreadId;
    const onEnded = (end: InviteEnd) => this.#withdrawn(thread, end);
    this.#invitations.set(thread, ring({ onRequest: (_request, reply) => reply(200, 'OK'), onEnded }));
    // 6.8: SIPE names no conversation.
    const key = asked.conversationId ?? request.header('Ms-Conversation-ID')?.trim() ?? null;
    const { focus, subject } = asked;
    const told = { thread, focus, from, key, subject, ...toldBy(request.frame) };
    this.#context.host.report({ type: 'conference.invited', ...told });
  }

  #withdrawn(thread: ThreadId, end: InviteEnd): void {
    if (!this.#invitations.delete(thread) || end.is === 'local') return;
    const elsewhere = end.is === 'cancelled' && end.elsewhere;
    this.#context.host.report({ type: 'conference.withdrawn', thread, elsewhere });
  }

  /** CNF-25: 200 without a body. */
  accept(invitation: ThreadId): void {
    const invite = this.#invitations.get(invitation);
    if (invite === undefined) return;
    this.#invitations.delete(invitation);
    if (invite.accept(this.#context.ua.contact)) this.#context.world.after(hangsUpWithinMs, () => invite.end());
  }

  decline(invitation: ThreadId): void {
    const invite = this.#invitations.get(invitation);
    this.#invitations.delete(invitation);
    invite?.reject(603, 'Decline');
  }

  lose(): void {
    for (const conference of [...this.#joined.values()]) conference.lose();
  }

  /** Signing out. */
  async leaveAll(): Promise<void> {
    await Promise.all([...this.#joined.keys()].map((focus) => this.leave(focus)));
  }
}

function focusIn(body: string): FocusUri {
  const focus = focusUriOf(parseConferenceAnswer(parseCccpResponse(body).command));
  if (focus === null) throw new MalformedBody('C3P response', 'the conference is no focus URI');
  return focus;
}

function invitationIn(request: SipRequest) {
  try {
    return parseConferenceInvite(request.body);
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error;
    return null;
  }
}
