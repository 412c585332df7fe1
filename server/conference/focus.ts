import { cccpType, formatCccpResponse, parseCccpRequest } from '../../src/protocol/lync/cccp';
import { addUserAnswerNode, type ConferenceCommand, parseCommand } from '../../src/protocol/lync/conferenceCommands';
import { MalformedBody } from '../../src/protocol/malformed';
import { parseNatural } from '../../src/protocol/natural';
import { type Aor, aorOf } from '../../src/protocol/sip/uri';
import { refuse } from '../refuse';
import type { Reply, Role, RoleContext, RoleRequest } from '../role';
import { EventSubscription, type SubscriptionParts } from '../subscriptions';
import type { Conference } from './conference';
import type { Conferences } from './conferences';

const eventPackage = { event: 'conference', maxSeconds: 28_800 };

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
    const { aor, gruu } = request.from;
    if (request.contentType !== cccpType) return reply(415, 'Unsupported Media Type');
    const envelope = parseCccpRequest(request.body);
    if (aorOf(envelope.from) !== aor) return this.#no(reply, 400, 'Bad Request', 3000, 'The C3P sender is not you');
    const command = parseCommand(envelope.command);
    if (command.is !== 'addUser' || command.dialOut)
      return this.#no(reply, 400, 'Bad Request', 3007, 'Join with addUser');
    if (command.user !== aor) return this.#no(reply, 403, 'Forbidden', 3014, 'One joins for oneself only');
    if (!this.#admits(conference, aor, reply)) return;

    const local = { uri: request.to, contact: `<${conference.focus}>;isfocus` };
    const dialog = this.#context.createDialog(request, local, (later, answer) =>
      this.#inDialog(conference, later, answer),
    );
    const entity = command.endpoint === '' ? `{${request.from.instance}}` : command.endpoint;
    const known = conference.participants.get(aor)?.focusLegs.has(gruu) === true;
    if (known) conference.unseat(aor, gruu, false);
    const { role } = conference.seat(request.from, { dialog, entity });
    dialog.onGone(() => {
      if (conference.participants.get(aor)?.focusLegs.get(gruu)?.dialog === dialog) conference.unseat(aor, gruu, false);
    });
    const answer = addUserAnswerNode(conference.focus, aor, role);
    reply(200, 'OK', { contentType: cccpType, body: formatCccpResponse(envelope, 'success', answer) });
  }

  /** Who is in, or was and only lost the connection, may come back to a locked conference. */
  #admits(conference: Conference, aor: Aor, reply: Reply): boolean {
    const { record, participants } = conference;
    if (participants.has(aor)) return true;
    const isMember = aor === record.organizer || this.#conferences.store.member(record.focus, aor) !== undefined;
    if (record.locked && !isMember) {
      this.#no(reply, 480, 'Temporarily Unavailable', 3014, 'The conference is locked');
      return false;
    }
    if (participants.size >= conference.maxSize) {
      this.#no(
        reply,
        480,
        'Temporarily Unavailable',
        3014,
        `The conference is full: at most ${conference.maxSize} people`,
      );
      return false;
    }
    return true;
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
      if (isLeaving) conference.stopTelling(({ gruu }) => gruu === request.from.gruu, 'deactivated');
      return;
    }
    parts.ended = () => conference.subscriptions.delete(subscription);
    conference.subscriptions.add(subscription);
  }

  #inDialog(conference: Conference, request: RoleRequest, reply: Reply): void {
    const { aor, gruu } = request.from;
    switch (request.method) {
      case 'BYE': {
        const leg = conference.participants.get(aor)?.focusLegs.get(gruu);
        reply(200, 'OK');
        leg?.dialog.end();
        return conference.unseat(aor, gruu, true);
      }
      case 'UPDATE':
      case 'OPTIONS':
        return reply(200, 'OK');
      case 'INFO':
        return this.#command(conference, request, reply);
      default:
        return reply(501, 'Not Implemented');
    }
  }

  #command(conference: Conference, request: RoleRequest, reply: Reply): void {
    const { aor } = request.from;
    if (request.contentType !== cccpType) return reply(415, 'Unsupported Media Type');
    try {
      const envelope = parseCccpRequest(request.body);
      if (aorOf(envelope.from) !== aor) return this.#no(reply, 400, 'Bad Request', 3000, 'The C3P sender is not you');
      this.#run(conference, aor, parseCommand(envelope.command), reply);
    } catch (error) {
      if (!(error instanceof MalformedBody)) throw error;
      this.#no(reply, 400, 'Bad Request', 3006, 'The C3P command cannot be read');
    }
  }

  #run(conference: Conference, sender: Aor, command: ConferenceCommand, reply: Reply): void {
    if ('focus' in command && this.#conferences.find(command.focus) !== conference) {
      return this.#no(reply, 400, 'Bad Request', 3003, 'This is another conference');
    }
    const isOwn = command.is === 'deleteUser' && command.user === sender;
    if (!isOwn && !conference.mayLead(sender))
      return this.#no(reply, 403, 'Forbidden', 3014, 'Only a presenter can do that');
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
