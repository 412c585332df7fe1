import { cccpType, formatCccpResponse } from '../../src/protocol/lync/cccp';
import { addUserAnswerNode, type ConferenceCommand } from '../../src/protocol/lync/conferenceCommands';
import { parseNatural } from '../../src/protocol/natural';
import { hasToken, parseSeconds } from '../../src/protocol/sip/headers';
import { type Aor, opaqueOf } from '../../src/protocol/sip/uri';
import { refuse } from '../refuse';
import type { HeaderLines, Reply, Role, RoleContext, RoleDialog, RoleRequest } from '../role';
import { EventSubscription, type SubscriptionParts } from '../subscriptions';
import { commandIn } from './commandIn';
import type { Conference } from './conference';
import type { Conferences } from './conferences';

const eventPackage = { event: 'conference', maxSeconds: 28_800 };
/** RFC 4028 §5: a shorter session would be all refreshes. */
const session = { shortestSeconds: 90, longestSeconds: 7_200 };
const longestEndpointName = 64;

/** The conference itself: joining, the roster's subscription, commands ([MS-CONFBAS], `lync-wire` 6.3, 6.4, 6.6). */
export class Focus implements Role {
  readonly #context: RoleContext;
  readonly #conferences: Conferences;

  constructor(context: RoleContext, conferences: Conferences) {
    this.#context = context;
    this.#conferences = conferences;
  }

  #no(reply: Reply, status: number, reason: string, id: number, why: string): void {
    refuse(this.#context, reply, status, reason, id, why);
  }

  handle(request: RoleRequest, reply: Reply): void {
    const conference = this.#conferences.find(request.uri);
    if (conference === undefined) return this.#no(reply, 404, 'Not Found', 3012, 'There is no such conference');
    if (request.method === 'INVITE') return this.#join(conference, request, reply);
    if (request.method === 'SUBSCRIBE') return this.#subscribe(conference, request, reply);
    reply(501, 'Not Implemented');
  }

  #join(conference: Conference, request: RoleRequest, reply: Reply): void {
    const { aor, instance } = request.from;
    const asked = commandIn(this.#context, request, conference.focus, reply);
    if (asked === null) return;
    const { envelope, command } = asked;
    if (command.is !== 'addUser' || command.dialOut)
      return this.#no(reply, 400, 'Bad Request', 3007, 'Join with addUser');
    if (!this.#isOf(conference, command.focus))
      return this.#no(reply, 400, 'Bad Request', 3003, 'This is another conference');
    if (command.user !== aor) return this.#no(reply, 403, 'Forbidden', 3014, 'One joins for oneself only');
    if (!this.#admits(conference, aor, reply)) return;

    const local = { uri: request.to, contact: contactOf(conference) };
    const dialog: RoleDialog = this.#context.createDialog(request, local, (later, answer) =>
      this.#inDialog(conference, dialog, later, answer),
    );
    const isNamed = command.endpoint !== '' && command.endpoint.length <= longestEndpointName;
    const entity = isNamed ? command.endpoint : `{${instance}}`;
    const { role } = conference.seat(request.from, { dialog, entity });
    dialog.onGone(() => conference.unseat(dialog, false));
    const answer = addUserAnswerNode(conference.focus, aor, role);
    const body = formatCccpResponse(envelope, 'success', answer);
    reply(200, 'OK', { headers: timerOf(request), contentType: cccpType, body });
  }

  #isOf(conference: Conference, focus: string): boolean {
    return opaqueOf(focus) === opaqueOf(conference.focus) && this.#conferences.find(focus) === conference;
  }

  #admits(conference: Conference, aor: Aor, reply: Reply): boolean {
    const { record, participants, maxSize } = conference;
    if (participants.has(aor)) return true;
    const why =
      record.locked && !conference.isMember(aor)
        ? 'The conference is locked'
        : participants.size >= maxSize
          ? `The conference is full: at most ${maxSize} people`
          : null;
    if (why !== null) this.#no(reply, 480, 'Temporarily Unavailable', 3014, why);
    return why === null;
  }

  #subscribe(conference: Conference, request: RoleRequest, reply: Reply): void {
    if ((request.header('Event') ?? '').split(';')[0]?.trim() !== 'conference') return reply(489, 'Bad Event');
    if (!conference.participants.has(request.from.aor)) {
      return this.#no(reply, 403, 'Forbidden', 3014, 'The roster is for participants');
    }
    const parts: SubscriptionParts = { document: () => conference.full() };
    const subscription = EventSubscription.accept(this.#context, eventPackage, request, reply, parts);
    if (subscription === null) {
      // SIPE unsubscribes so, outside the dialog (`lync-wire` 6.5).
      const isLeaving = parseNatural(request.header('Expires')) === 0;
      if (isLeaving) conference.stopTelling(({ watcher }) => watcher === request.from, 'deactivated');
      return;
    }
    parts.ended = () => conference.unsubscribed(subscription);
    conference.subscribed(subscription);
  }

  #inDialog(conference: Conference, dialog: RoleDialog, request: RoleRequest, reply: Reply): void {
    switch (request.method) {
      case 'BYE':
        reply(200, 'OK');
        return conference.unseat(dialog, true);
      // CNF-10: a refresh of the session timer.
      case 'INVITE':
      case 'UPDATE':
        return reply(200, 'OK', { headers: [['Contact', contactOf(conference)], ...timerOf(request)] });
      case 'OPTIONS':
        return reply(200, 'OK');
      case 'INFO': {
        const asked = commandIn(this.#context, request, conference.focus, reply);
        if (asked !== null) this.#run(conference, request.from.aor, asked.command, reply);
        return;
      }
      default:
        return reply(501, 'Not Implemented');
    }
  }

  #run(conference: Conference, sender: Aor, command: ConferenceCommand, reply: Reply): void {
    if ('focus' in command && !this.#isOf(conference, command.focus)) {
      return this.#no(reply, 400, 'Bad Request', 3003, 'This is another conference');
    }
    const isOwn = command.is === 'deleteUser' && command.user === sender;
    if (!isOwn && !conference.mayLead(sender))
      return this.#no(reply, 403, 'Forbidden', 3014, 'Only a presenter can do that');
    if (command.is === 'addUser') return this.#no(reply, 501, 'Not Implemented', 3004, 'There is no dialing out');
    if ('user' in command && !conference.participants.has(command.user)) {
      return this.#no(reply, 404, 'Not Found', 3002, 'This person is not in the conference');
    }
    const isAtOrganizer = 'user' in command && command.user === conference.record.organizer && !isOwn;
    if (isAtOrganizer) return this.#no(reply, 403, 'Forbidden', 3014, 'The organizer stays a presenter');
    switch (command.is) {
      case 'deleteUser':
        reply(202, 'Accepted');
        return conference.remove(command.user);
      case 'modifyUserRoles':
        reply(202, 'Accepted');
        return conference.setRole(command.user, command.role);
      case 'modifyConferenceLock':
        reply(202, 'Accepted');
        return conference.setLocked(command.locked);
      case 'deleteConference':
        reply(202, 'Accepted');
        return this.#conferences.remove(conference.focus);
      default:
        return this.#no(reply, 501, 'Not Implemented', 3004, 'The command is not implemented');
    }
  }
}

function contactOf(conference: Conference): string {
  return `<${conference.focus}>;isfocus`;
}

/** CNF-10: who speaks of a session timer (RFC 4028) gets one, and refreshes it; who does not is not ended by it. */
function timerOf(request: RoleRequest): HeaderLines {
  if (!hasToken(request.values('Supported'), 'timer')) return [];
  const asked = parseSeconds(request.header('Session-Expires')) ?? session.longestSeconds;
  const seconds = Math.min(Math.max(asked, session.shortestSeconds), session.longestSeconds);
  return [
    ['Require', 'timer'],
    ['Session-Expires', `${seconds};refresher=uac`],
  ];
}
