import { randomBytes } from 'node:crypto';
import { cccpType, formatCccpResponse } from '../../src/protocol/lync/cccp';
import { capabilitiesNode, conferenceAnswerNode, type NewConference } from '../../src/protocol/lync/conferenceCommands';
import { type Aor, aorOf } from '../../src/protocol/sip/uri';
import { type XmlNode, xml } from '../../src/protocol/xml';
import type { Offers } from '../offers';
import { refuse } from '../refuse';
import type { Reply, Role, RoleContext, RoleRequest } from '../role';
import type { Accounts } from '../store/accounts';
import { type CommandIn, commandIn } from './commandIn';
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
  readonly #offers: Offers;

  constructor(context: RoleContext, accounts: Accounts, conferences: Conferences, offers: Offers) {
    this.#offers = offers;
    this.#context = context;
    this.#accounts = accounts;
    this.#conferences = conferences;
  }

  handle(request: RoleRequest, reply: Reply): void {
    const { aor } = request.from;
    if (request.method !== 'SERVICE') return reply(501, 'Not Implemented');
    if (aorOf(request.uri) !== aor)
      return this.#no(reply, 403, 'Forbidden', 3014, 'A focus factory is for its owner only');
    const asked = commandIn(this.#context, request, request.uri, reply);
    if (asked !== null) this.#serve(aor, asked, reply);
  }

  #no(reply: Reply, status: number, reason: string, id: number, why: string): void {
    refuse(this.#context, reply, status, reason, id, why);
  }

  #serve(aor: Aor, { envelope, command }: CommandIn, reply: Reply): void {
    const answer = (node: XmlNode) =>
      reply(200, 'OK', { contentType: cccpType, body: formatCccpResponse(envelope, 'success', node) });
    const mayStart = this.#accounts.find(aor)?.policy.conferences === true;
    switch (command.is) {
      case 'getConferencingCapabilities':
        return answer(capabilitiesNode(mayStart ? this.#mcus(aor) : []));
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

  #mcus(organizer: Aor): string[] {
    const canShare = this.#offers.media !== null && this.#accounts.find(organizer)?.policy.sharing !== 'no';
    return canShare ? ['chat', 'applicationsharing'] : ['chat'];
  }

  #add(organizer: Aor, wish: NewConference, reply: Reply, answer: (node: XmlNode) => void): void {
    const id = wish.id ?? randomBytes(8).toString('hex').toUpperCase();
    if (!/^[A-Za-z0-9]{8,32}$/.test(id))
      return this.#no(reply, 400, 'Bad Request', 3003, 'The conference id has 8 to 32 letters and digits');
    const focus = focusUriFor(organizer, id);
    if (this.#conferences.find(focus) !== undefined)
      return this.#no(reply, 409, 'Conflict', 3003, 'The conference id is taken');
    if (this.#conferences.store.countOf(organizer) >= mostPerOrganizer) {
      return this.#no(reply, 403, 'Forbidden', 3014, 'You have too many conferences');
    }
    // Who asks for a closed one must not get an open one.
    if (wish.admissionPolicy === 'closedAuthenticated')
      return this.#no(reply, 501, 'Not Implemented', 3004, 'A conference for invited people only is not offered');
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
      // Also where `anonymous` is asked for: without signing in nobody speaks to this server.
      admission: 'openAuthenticated',
      history,
      locked: false,
      expiresAt,
    });
    answer(conferenceAnswerNode('addConference', focus));
  }
}
