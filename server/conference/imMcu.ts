import { formatImdn, imdnType } from '../../src/protocol/lync/imdn';
import { parseNatural } from '../../src/protocol/natural';
import {
  fileMessages,
  fileMessageType,
  formatFileMessage,
  parseFileMessage,
} from '../../src/protocol/shared/fileMessage';
import { hasToken } from '../../src/protocol/sip/headers';
import { formatImOffer, ourAcceptTypes, parseImOffer } from '../../src/protocol/sip/imOffer';
import type { Aor } from '../../src/protocol/sip/uri';
import type { Files } from '../files/files';
import { refuse } from '../refuse';
import type { Reply, Role, RoleContext, RoleRequest } from '../role';
import type { SaidMessage } from '../store/conferences';
import { ChatLeg } from './chatLeg';
import type { Conference } from './conference';
import type { Conferences } from './conferences';

/** NUM-1 (`src/dialect/SPEC.md` 6.2): the extension by which a member gets numbers, and what was said while away. */
const numbered = 'com.confab.numbered';
const limits = { bodyBytes: 64 * 1024, messagesPerSecond: 30, typingPerSecond: 2, page: 100, replayedPlain: 50 };
const accepted = new Set(['text/plain', 'text/html', 'multipart/alternative']);

/** The chat of conferences ([MS-CONFIM], `lync-wire` 6.5): a message is committed, answered, then sent to the others. */
export class ImMcu implements Role {
  readonly #context: RoleContext;
  readonly #conferences: Conferences;
  readonly #files: Files | null;
  readonly #legs = new WeakMap<Conference, Set<ChatLeg>>();

  constructor(context: RoleContext, conferences: Conferences, files: Files | null) {
    this.#files = files;
    this.#context = context;
    this.#conferences = conferences;
  }

  #no(reply: Reply, status: number, reason: string, id: number, why: string): void {
    refuse(this.#context, reply, status, reason, id, why);
  }

  #legsOf(conference: Conference): Set<ChatLeg> {
    const legs = this.#legs.get(conference) ?? new Set();
    this.#legs.set(conference, legs);
    return legs;
  }

  handle(request: RoleRequest, reply: Reply): void {
    const conference = this.#conferences.find(request.uri);
    if (conference === undefined) return this.#no(reply, 404, 'Not Found', 3012, 'There is no such conference');
    if (request.method === 'MESSAGE' || request.method === 'INFO')
      return this.#no(reply, 481, 'Call/Transaction Does Not Exist', 24083, 'Messages come in the dialog of a member');
    if (request.method !== 'INVITE') return reply(501, 'Not Implemented');
    const { aor, gruu } = request.from;
    const participant = conference.participants.get(aor);
    if (participant?.focusLegs.has(gruu) !== true) {
      return this.#no(reply, 403, 'Forbidden', 3014, 'The messages are for participants');
    }
    if (request.contentType !== 'application/sdp') return reply(415, 'Unsupported Media Type');
    parseImOffer(request.body);

    participant.chatLegs.get(gruu)?.end();
    const supported = request.values('Supported');
    const isNumbered = hasToken(supported, numbered);
    const readsFiles = this.#files !== null && hasToken(supported, fileMessages);
    const local = { uri: request.to, contact: conference.chatUri };
    const dialog = this.#context.createDialog(request, local, (later, answer) =>
      this.#inDialog(conference, leg, later, answer),
    );
    const leg: ChatLeg = new ChatLeg(dialog, { numbers: isNumbered, files: readsFiles }, () => {
      this.#legsOf(conference).delete(leg);
      if (participant.chatLegs.get(gruu) !== leg) return;
      participant.chatLegs.delete(gruu);
      conference.changed(aor);
    });
    const headers: [string, string][] = isNumbered ? [['Supported', numbered]] : [];
    if (readsFiles) headers.push(['Supported', fileMessages]);
    const body = formatImOffer({ uri: conference.chatUri, acceptTypes: ourAcceptTypes });
    reply(200, 'OK', { headers, contentType: 'application/sdp', body });
    participant.chatLegs.set(gruu, leg);
    this.#legsOf(conference).add(leg);
    const known = this.#knownTo(conference, leg, request, participant.isNew);
    participant.isNew = false;
    leg.catchUp(known, (after) => this.#conferences.store.next(conference.focus, after, limits.page));
    conference.changed(aor);
  }

  /**
   * The number after which a member is told what was said: NUM-2 its own highest; for native clients, which have none, the
   * last few at their first joining. By the rule of the conference perhaps nothing from before it came.
   */
  #knownTo(conference: Conference, leg: ChatLeg, request: RoleRequest, isNew: boolean): number {
    const { focus, history } = conference.record;
    const { store } = this.#conferences;
    const floor = history === 'none' ? (store.member(focus, leg.aor)?.firstNumber ?? 0) : 0;
    if (leg.isNumbered) return Math.max(floor, parseNatural(request.header('Confab-Since')) ?? 0);
    const last = store.lastNumber(focus);
    return isNew ? Math.max(floor, last - limits.replayedPlain) : last;
  }

  #inDialog(conference: Conference, leg: ChatLeg, request: RoleRequest, reply: Reply): void {
    switch (request.method) {
      case 'BYE':
        reply(200, 'OK');
        return leg.end(false);
      case 'MESSAGE':
        return this.#take(conference, leg, request, reply);
      case 'INFO':
        reply(200, 'OK');
        if (leg.mayPass('INFO', this.#context.now(), limits.typingPerSecond))
          this.#relayTyping(conference, leg, request);
        return;
      case 'UPDATE':
      case 'OPTIONS':
        return reply(200, 'OK');
      default:
        return reply(501, 'Not Implemented');
    }
  }

  #take(conference: Conference, leg: ChatLeg, request: RoleRequest, reply: Reply): void {
    const isFile = leg.readsFiles && request.contentType === fileMessageType;
    if (!isFile && !accepted.has(request.contentType)) return reply(415, 'Unsupported Media Type');
    if (Buffer.byteLength(request.body) > limits.bodyBytes) return reply(413, 'Request Entity Too Large');
    if (!leg.mayPass('MESSAGE', this.#context.now(), limits.messagesPerSecond)) {
      return reply(503, 'Service Unavailable', { headers: [['Retry-After', '1']] });
    }
    const item = /^[A-Za-z0-9_@:.-]{1,80}$/.exec(request.header('Confab-Item') ?? '')?.[0] ?? null;
    const body = isFile ? this.#fileOf(conference, leg, request.body) : request.body;
    if (body === null) return this.#no(reply, 403, 'Forbidden', 3014, 'This is no file of yours for this conference');
    const contentType = isFile ? fileMessageType : (request.header('Content-Type') ?? 'text/plain');
    const said = { author: leg.aor, item, contentType, body, saidAt: this.#context.now() };
    const { number, isNew } = this.#conferences.store.say(conference.focus, said);
    reply(200, 'OK', { headers: [['Message-Id', String(number)]] });
    if (!isNew) return;
    leg.said(number);
    const message = { ...said, number };
    conference.introduce(leg.aor);
    for (const other of this.#legsOf(conference)) {
      if (other !== leg) void other.deliver(message).then((status) => this.#delivered(leg, message, other.aor, status));
    }
  }

  /** FIL-6: what the store itself knows of the author's file; `null` when there is none for this conference. */
  #fileOf(conference: Conference, leg: ChatLeg, body: string): string | null {
    const record = this.#files?.records.find(parseFileMessage(body).id);
    const isHere = record?.to.is === 'conference' && record.to.focus === conference.focus;
    if (record === undefined || !isHere || record.owner !== leg.aor || record.sha256 === null) return null;
    return record.isComplete ? formatFileMessage({ ...record, sha256: record.sha256 }) : null;
  }

  /** `lync-wire` 6.5: the author hears of a recipient who did not get it. */
  #delivered(author: ChatLeg, message: SaidMessage, recipient: Aor, status: number): void {
    if (status < 300) return;
    const body = formatImdn({ messageId: String(message.number), recipients: [{ aor: recipient, status }] });
    author.dialog.tell('BENOTIFY', { contentType: imdnType, body });
  }

  #relayTyping(conference: Conference, leg: ChatLeg, request: RoleRequest): void {
    const contentType = request.header('Content-Type') ?? '';
    if (request.body.length > 1000 || contentType === '') return;
    for (const other of this.#legsOf(conference)) {
      if (other === leg || other.aor === leg.aor) continue;
      void other.dialog.request('INFO', { headers: [['Ms-Sender', `<${leg.aor}>`]], contentType, body: request.body });
    }
  }
}
