import type { Role } from '../../domain/conference';
import { done, type Failure, failed, type Outcome, ok } from '../../domain/failure';
import { type Provenance, toldBy } from '../../domain/provenance';
import { cccpType, formatCccpRequest, parseCccpResponse } from '../../protocol/lync/cccp';
import { type ConferenceCommand, commandNode, parseAddUserAnswer } from '../../protocol/lync/conferenceCommands';
import { conferenceInfoType, parseConferenceInfo } from '../../protocol/shared/conferenceInfo';
import { mediaType, type Part } from '../../protocol/sip/multipart';
import { type Aor, type FocusUri, mcuUriOf } from '../../protocol/sip/uri';
import type { Invite } from '../../sip/invite';
import type { InviteEnd } from '../../sip/inviteHandlers';
import type { SipResponse } from '../../sip/sipMessages';
import type { OutgoingFile, OutgoingMessage } from '../dialect';
import { ConferenceChat, notThere } from './conferenceChat';
import { type LyncContext, reading, type Subscribed } from './context';
import { applyInfo, type ConferenceState, changedOf, untold } from './roster';

const answeredWithinMs = 30_000;
/** [MS-CONFBAS] wants the session timer (RFC 4028); we refresh at half its time. */
const sessionSeconds = 7_200;
/** An MCU hangs up a moment before or after the focus: so long we wait for the reason. */
const reasonWithinMs = 1_500;

type Command = Exclude<ConferenceCommand, { is: 'other' }>;

type State =
  | { is: 'joining' }
  | { is: 'joined' }
  /** The chat is gone; the focus will say why, or it was lost. */
  | { is: 'leaving' }
  | { is: 'gone' };

const moves: Record<State['is'], readonly State['is'][]> = {
  joining: ['joined', 'gone'],
  joined: ['leaving', 'gone'],
  leaving: ['gone'],
  gone: [],
};

/**
 * Our place in one conference (`lync-wire` 10.4): a focus dialog, a subscription to its roster, and the chat.
 *
 *     joining ─focus 200, roster, chat 200─► joined ─chat BYE─► leaving ─┐
 *        └─refused─► gone ◄──────── focus BYE, deleted, leave, loss ─────┴─► gone
 */
export class Conference {
  readonly #context: LyncContext;
  readonly #focus: FocusUri;
  readonly #onGone: (why: 'removed' | 'ended' | 'lost') => void;
  readonly #subscription: Subscribed;
  readonly #chat: ConferenceChat;
  #state: State = { is: 'joining' };
  #told: ConferenceState = untold;
  #focusDialog: Invite | null = null;
  #requests = 0;
  #stopTimer: () => void = () => undefined;
  #stopRefresh: () => void = () => undefined;

  /** `onGone` runs once, when our place was taken from us. */
  constructor(context: LyncContext, focus: FocusUri, onGone: (why: 'removed' | 'ended' | 'lost') => void) {
    this.#context = context;
    this.#focus = focus;
    this.#onGone = onGone;
    this.#chat = new ConferenceChat(context, focus, () => this.#chatEnded());
    this.#subscription = context.ua.subscription({
      target: focus,
      event: 'conference',
      accept: [conferenceInfoType],
      onDocument: (parts, { frame }) => this.#take(parts, toldBy(frame)),
      onEnded: (failure) => this.#rosterEnded(failure),
    });
  }

  #become(next: State['is']): void {
    if (!moves[this.#state.is].includes(next)) throw new Error(`conference: ${this.#state.is} cannot become ${next}`);
    this.#stopTimer();
    this.#state = { is: next };
  }

  /** The state now; a method call may have changed it since it was last looked at. */
  #is(state: State['is']): boolean {
    return this.#state.is === state;
  }

  // ---- Joining ----------------------------------------------------------------------------------------------------------

  async join(since: number): Promise<Outcome<{ role: Role; history: 'all' | 'none' }>> {
    const role = await this.#enterFocus();
    if (!role.ok) return this.#notJoined(role);
    const roster = await this.#subscription.start();
    if (!roster.ok) return this.#notJoined(roster);
    const mcu = this.#told.description?.chatUri ?? mcuUriOf(this.#focus, 'chat');
    const chat = await this.#chat.enter(mcu, since);
    if (!chat.ok) return this.#notJoined(chat);
    if (!this.#is('joining')) return failed(notThere);
    this.#become('joined');
    const history = this.#chat.isNumbered ? (this.#told.description?.history ?? 'none') : 'none';
    return ok({ role: role.value, history });
  }

  /** CNF-8: the answer grants a role, whatever was asked. */
  async #enterFocus(): Promise<Outcome<Role>> {
    const { aor, ua, world } = this.#context;
    const endpoint = `{${world.id().toUpperCase()}}`;
    const command = {
      is: 'addUser',
      focus: this.#focus,
      user: aor,
      role: 'attendee',
      endpoint,
      dialOut: false,
    } as const;
    const { invite, answered } = ua.invite(
      {
        target: this.#focus,
        headers: ['Supported: timer', 'Supported: ms-sender', `Session-Expires: ${sessionSeconds};refresher=uac`],
        content: this.#request(command),
        timeoutMs: answeredWithinMs,
      },
      {
        // INFO with a C3P response: its effect comes as a notification of the roster (6.6).
        onRequest: (_request, reply) => reply(200, 'OK'),
        onEnded: (end) => this.#focusEnded(end),
      },
    );
    const outcome = await answered;
    if (!outcome.ok) return outcome;
    this.#focusDialog = invite;
    if (outcome.value.header('Session-Expires') !== undefined) this.#refreshLater();
    const refusal = refusalIn(outcome.value);
    return refusal ?? reading(outcome, ({ body }) => parseAddUserAnswer(parseCccpResponse(body).command));
  }

  #notJoined(outcome: Outcome<unknown>): Outcome<never> {
    this.#close();
    return outcome.ok ? failed(notThere) : outcome;
  }

  #refreshLater(): void {
    this.#stopRefresh = this.#context.world.after((sessionSeconds / 2) * 1000, () => {
      const timer = ['Supported: timer', `Session-Expires: ${sessionSeconds};refresher=uac`];
      void this.#focusDialog?.request('UPDATE', undefined, timer);
      this.#refreshLater();
    });
  }

  #request(command: Command) {
    this.#requests += 1;
    const envelope = { requestId: String(this.#requests), from: this.#context.aor, to: this.#focus };
    return { contentType: cccpType, body: formatCccpRequest(envelope, commandNode(command)) };
  }

  // ---- In the conference ------------------------------------------------------------------------------------------------

  send(message: OutgoingMessage | OutgoingFile): Promise<Outcome<{ number: number | null }>> {
    return this.#is('joined') ? this.#chat.send(message) : Promise.resolve(failed(notThere));
  }

  /** Where programs are shared; `null` where that cannot be. */
  get sharingMcu(): string | null {
    return this.#is('joined') ? (this.#told.description?.sharingUri ?? null) : null;
  }

  setTyping(typing: boolean): void {
    this.#chat.setTyping(typing);
  }

  remove(user: Aor): Promise<Outcome<void>> {
    return this.#command({ is: 'deleteUser', focus: this.#focus, user });
  }

  setLocked(locked: boolean): Promise<Outcome<void>> {
    return this.#command({ is: 'modifyConferenceLock', focus: this.#focus, locked });
  }

  setRole(user: Aor, role: Role): Promise<Outcome<void>> {
    return this.#command({ is: 'modifyUserRoles', focus: this.#focus, user, role });
  }

  end(): Promise<Outcome<void>> {
    return this.#command({ is: 'deleteConference', focus: this.#focus });
  }

  /** C3P in the focus dialog (6.6): 202 is "taken", and a refusal is the answer's status. */
  async #command(command: Command): Promise<Outcome<void>> {
    const invite = this.#focusDialog;
    if (invite === null) return failed(notThere);
    const outcome = await invite.request('INFO', this.#request(command), [], answeredWithinMs);
    if (!outcome.ok) return outcome;
    return refusalIn(outcome.value) ?? done;
  }

  #take(parts: readonly Part[], provenance: Provenance): void {
    for (const part of parts) {
      if (part.contentType !== conferenceInfoType) continue;
      const info = parseConferenceInfo(part.body);
      if (info.state === 'deleted') return this.#taken('ended');
      // Looked at first: who is out may not ask for what is missing.
      const isOut = info.users?.some(({ aor, isDeleted }) => isDeleted && aor === this.#context.aor);
      if (isOut && !this.#is('joining')) return this.#taken('removed');
      const next = applyInfo(this.#told, info, provenance);
      if (next === 'gap') return void this.#subscription.start();
      this.#told = next;
      this.#report();
    }
  }

  #report(): void {
    this.#context.host.report(changedOf(this.#focus, this.#told));
  }

  // ---- The end ----------------------------------------------------------------------------------------------------------

  /** The chat is gone: of a person who was removed the focus hangs up too, else it is a loss. */
  #chatEnded(): void {
    if (!this.#is('joined')) return;
    this.#become('leaving');
    this.#stopTimer = this.#context.world.after(reasonWithinMs, () => this.#taken('lost'));
  }

  /** Terminated, or refused when it began anew: a focus that does not know us any more. */
  #rosterEnded(failure: Failure | null): void {
    const isGone = failure === null || (failure.is === 'rejected' && failure.status === 404);
    this.#taken(isGone ? 'ended' : 'lost');
  }

  #focusEnded(end: InviteEnd): void {
    if (this.#focusDialog === null || end.is === 'local') return;
    this.#focusDialog = null;
    if (end.is !== 'bye') return this.#taken('lost');
    this.#stopTimer();
    this.#stopTimer = this.#context.world.after(reasonWithinMs, () => this.#taken('removed'));
  }

  #taken(why: 'removed' | 'ended' | 'lost'): void {
    if (this.#is('gone')) return;
    const wasJoining = this.#is('joining');
    this.#close();
    if (!wasJoining) this.#onGone(why);
  }

  /** The connection is lost; nothing can be sent. */
  lose(): void {
    this.#taken('lost');
  }

  /** BYE to the chat and the focus, and no more news. Settles when the server has heard of it. */
  async leave(): Promise<void> {
    await this.#close();
  }

  #close(): Promise<void> {
    if (this.#is('gone')) return Promise.resolve();
    this.#become('gone');
    this.#stopRefresh();
    const focusDialog = this.#focusDialog;
    this.#focusDialog = null;
    this.#chat.leave();
    focusDialog?.end();
    return this.#subscription.stop();
  }
}

/** CNF-7, CNF-9: some focuses refuse inside a 200. */
export function refusalIn(response: SipResponse): Outcome<never> | null {
  if (mediaType(response.contentType) !== cccpType) return null;
  const read = reading(ok(response), ({ body }) => parseCccpResponse(body));
  if (!read.ok) return read;
  if (read.value.code !== 'failure') return null;
  return failed({ is: 'rejected', status: 403, reason: read.value.reason ?? 'Forbidden' });
}
