import { randomBytes } from 'node:crypto';
import { type CccpRequest, cccpType, formatCccpResponse, parseCccpRequest } from '../../src/protocol/lync/cccp';
import {
  capabilitiesNode,
  conferenceAnswerNode,
  type NewConference,
  parseCommand,
} from '../../src/protocol/lync/conferenceCommands';
import { type Aor, aorOf } from '../../src/protocol/sip/uri';
import { type XmlNode, xml } from '../../src/protocol/xml';
import { refuse } from '../refuse';
import type { Reply, Role, RoleContext, RoleRequest } from '../role';
import type { Accounts } from '../store/accounts';
import { type Conferences, focusUriFor } from './conferences';

const mostPerOrganizer = 1000;
const adHocMs = 8 * 3_600_000;
const longestMs = 365 * 86_400_000;
const longestSubject = 256;

/** Makes conferences ([MS-CONFPRO], CNF-1 to CNF-7): SERVICE to the caller's own factory. */
export class FocusFactory implements Role {
  readonly #context: RoleContext;
  readonly #accounts: Accounts;
  readonly #conferences: Conferences;

  constructor(context: RoleContext, accounts: Accounts, conferences: Conferences) {
    this.#context = context;
    this.#accounts = accounts;
    this.#conferences = conferences;
  }

  handle(request: RoleRequest, reply: Reply): void {
    const { aor } = request.from;
    if (request.method !== 'SERVICE') return reply(501, 'Not Implemented');
    if (request.contentType !== cccpType) return reply(415, 'Unsupported Media Type');
    if (aorOf(request.uri) !== aor)
      return this.#no(reply, 403, 'Forbidden', 3014, 'A focus factory is for its owner only');
    const envelope = parseCccpRequest(request.body);
    if (aorOf(envelope.from) !== aor) return this.#no(reply, 400, 'Bad Request', 3000, 'The C3P sender is not you');
    this.#serve(aor, envelope, reply);
  }

  #no(reply: Reply, status: number, reason: string, id: number, why: string): void {
    refuse(this.#context, reply, status, reason, id, why);
  }

  #serve(aor: Aor, envelope: CccpRequest, reply: Reply): void {
    const command = parseCommand(envelope.command);
    const answer = (node: XmlNode) =>
      reply(200, 'OK', { contentType: cccpType, body: formatCccpResponse(envelope, 'success', node) });
    const mayStart = this.#accounts.find(aor)?.policy.conferences === true;
    switch (command.is) {
      case 'getConferencingCapabilities':
        return answer(capabilitiesNode(mayStart ? ['chat'] : []));
      case 'addConference':
        if (!mayStart)
          return this.#no(reply, 403, 'Forbidden', 3014, 'Your organization does not let you start conferences');
        return this.#add(aor, command.conference, reply, answer);
      case 'getConference': {
        const conference = this.#conferences.find(focusUriFor(aor, command.id));
        if (conference === undefined) return this.#no(reply, 404, 'Not Found', 3012, 'There is no such conference');
        return answer(conferenceAnswerNode('getConference', conference.focus));
      }
      case 'getConferences':
        return answer(
          xml(
            'getConferences',
            {},
            ...this.#conferences.store.of(aor).map(({ focus }) => conferenceAnswerNode('conference', focus)),
          ),
        );
      case 'deleteConference': {
        const conference = this.#conferences.find(command.focus);
        if (conference?.record.organizer !== aor)
          return this.#no(reply, 404, 'Not Found', 3012, 'There is no such conference');
        this.#conferences.remove(conference.focus);
        return answer(conferenceAnswerNode('deleteConference', conference.focus));
      }
      default:
        return this.#no(reply, 501, 'Not Implemented', 3004, 'The command is not implemented');
    }
  }

  #add(organizer: Aor, wish: NewConference, reply: Reply, answer: (node: XmlNode) => void): void {
    const id = wish.id ?? randomBytes(8).toString('hex').toUpperCase();
    if (!/^[A-Za-z0-9]{8,32}$/.test(id))
      return this.#no(reply, 400, 'Bad Request', 3003, 'The conference id has 8 to 32 letters and digits');
    const focus = focusUriFor(organizer, id);
    if (this.#conferences.find(focus) !== undefined)
      return this.#no(reply, 409, 'Conflict', 3003, 'The conference id is taken');
    if (this.#conferences.store.of(organizer).length >= mostPerOrganizer) {
      return this.#no(reply, 403, 'Forbidden', 3014, 'You have too many conferences');
    }
    const now = this.#context.now();
    const asked = wish.expiryTime === null ? Number.NaN : Date.parse(wish.expiryTime);
    const expiresAt = Number.isFinite(asked) ? Math.min(Math.max(asked, now + 60_000), now + longestMs) : now + adHocMs;
    const history = this.#accounts.find(organizer)?.policy.history ?? 'all';
    const subject = wish.subject.slice(0, longestSubject);
    this.#conferences.add({
      focus,
      id,
      organizer,
      subject,
      admission: wish.admissionPolicy,
      history,
      locked: false,
      expiresAt,
    });
    answer(conferenceAnswerNode('addConference', focus));
  }
}
