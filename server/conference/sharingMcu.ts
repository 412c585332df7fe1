import { parseSharing, type SharingRole, sharingKindOf } from '../../src/protocol/lync/sharingSdp';
import { MalformedBody } from '../../src/protocol/malformed';
import { parseSharingControl, sharingControl, sharingControlType } from '../../src/protocol/shared/sharingControl';
import { formatDiagnostics, hasToken } from '../../src/protocol/sip/headers';
import type { FocusUri } from '../../src/protocol/sip/uri';
import type { Made, MediaForwarder } from '../media/forwarder';
import { Rate } from '../rate';
import { refuse } from '../refuse';
import type { HeaderLines, Reply, Role, RoleContext, RoleRequest } from '../role';
import type { Accounts } from '../store/accounts';
import type { Conference, Participant } from './conference';
import type { Conferences } from './conferences';
import { answerAgain, restartsIce } from './reanswer';
import { SharingLeg } from './sharingLeg';
import { byes, SharingSession } from './sharingSession';

/** Offers and controls of one person. Each offer costs the media engine a connection or a negotiation. */
const limits = {
  offers: { burst: 12, perSecond: 1, tooMany: Number.POSITIVE_INFINITY },
  controls: { burst: 20, perSecond: 5, tooMany: Number.POSITIVE_INFINITY },
};

/** Shared programs of conferences ([MS-CONFAS], `src/dialect/SPEC.md` 7): signalling here, media in the forwarder. */
export class SharingMcu implements Role {
  readonly #context: RoleContext;
  readonly #accounts: Accounts;
  readonly #conferences: Conferences;
  readonly #forwarder: MediaForwarder;
  readonly #maxBitrate: number;
  readonly #sessions = new Map<FocusUri, SharingSession>();
  readonly #rates = new WeakMap<Participant, { offers: Rate; controls: Rate }>();

  constructor(
    context: RoleContext,
    accounts: Accounts,
    conferences: Conferences,
    media: { forwarder: MediaForwarder; maxBitrate: number },
  ) {
    this.#context = context;
    this.#accounts = accounts;
    this.#conferences = conferences;
    this.#forwarder = media.forwarder;
    this.#maxBitrate = media.maxBitrate;
    media.forwarder.onFact((fact) => {
      const rooms = fact.is === 'engine.lost' ? fact.rooms : [fact.room];
      for (const room of rooms) this.#sessions.get(room as FocusUri)?.fact(fact);
    });
    accounts.onChange(({ is }) => {
      if (is === 'policy') for (const focus of this.#sessions.keys()) this.#checkRights(focus);
    });
  }

  handle(request: RoleRequest, reply: Reply): void {
    const conference = this.#conferences.find(request.uri);
    if (conference === undefined) return this.#no(reply, 404, 'Not Found', 3012, 'There is no such conference');
    if (request.method !== 'INVITE') return reply(501, 'Not Implemented');
    const participant = conference.participants.get(request.from.aor);
    if (participant?.focusLegs.has(request.from.gruu) !== true) {
      return this.#no(reply, 403, 'Forbidden', 3014, 'What is shared is for participants');
    }
    if (conference.sharing === 'no')
      return this.#no(reply, 403, 'Forbidden', 3014, 'Nobody can share in this conference');
    if (this.#isTooFast(participant, 'offers')) return this.#later(reply);
    if (request.contentType === '') return this.#view(conference, participant, request, reply);
    if (request.contentType !== 'application/sdp') return reply(415, 'Unsupported Media Type');
    if (sharingKindOf(request.body) !== 'video' || roleIn(request.body) !== 'sharer') return this.#cannotUse(reply);
    this.#share(conference, participant, request, reply);
  }

  // ---- Joining ----------------------------------------------------------------------------------------------------------

  #share(conference: Conference, participant: Participant, request: RoleRequest, reply: Reply): void {
    const { aor } = participant;
    if (this.#accounts.find(aor)?.policy.sharing === 'no') {
      return this.#no(reply, 403, 'Forbidden', 3014, 'Your organization does not let you share programs');
    }
    const session = this.#sessionOf(conference);
    if (!mayShare(conference, participant, session.sharer)) {
      const why = formatDiagnostics({ id: 21_002, reason: 'Attendees cannot share in this conference' });
      return reply(403, 'Forbidden', { headers: [['ms-diagnostics-public', why]] });
    }
    const leg = this.#makeLeg(conference, participant, 'sharer', request);
    void session.share(leg, request.body).then((answer) => this.#answer(conference, participant, leg, answer, reply));
  }

  #view(conference: Conference, participant: Participant, request: RoleRequest, reply: Reply): void {
    const session = this.#sessions.get(conference.focus);
    if (session?.sharer == null) {
      return this.#no(reply, 480, 'Temporarily Unavailable', 1, 'Nobody shares a program now');
    }
    const leg = this.#makeLeg(conference, participant, 'viewer', request);
    void session.watch(leg).then((offer) => {
      if (!this.#answer(conference, participant, leg, offer, reply)) return;
      leg.awaitAck(request.cseq, (contentType, body) => void session.accept(leg, contentType, body));
    });
  }

  #makeLeg(conference: Conference, participant: Participant, role: SharingRole, request: RoleRequest): SharingLeg {
    const { aor, gruu } = request.from;
    const local = { uri: request.to, contact: conference.sharingUri };
    const dialog = this.#context.createDialog(request, local, (later, answer) =>
      this.#inDialog(conference, participant, leg, later, answer),
    );
    const controls = this.#forwarder.can.pointers && hasToken(request.values('Supported'), sharingControl);
    const leg: SharingLeg = new SharingLeg(dialog, role, controls, (ms, run) => this.#context.after(ms, run), {
      changed: () => conference.changed(aor),
      roleChanged: () => this.#checkRights(conference.focus),
      ended: () => {
        const session = this.#sessions.get(conference.focus);
        session?.ended(leg);
        if (session?.isIdle === true) this.#sessions.delete(conference.focus);
        if (participant.sharingLegs.get(gruu) !== leg) return;
        participant.sharingLegs.delete(gruu);
        conference.changed(aor);
      },
    });
    return leg;
  }

  /** True when the leg is in: answered 200, and in the roster. */
  #answer(conference: Conference, participant: Participant, leg: SharingLeg, sdp: Made<string>, reply: Reply): boolean {
    const { gruu } = leg.dialog.remote;
    if (!sdp.ok || leg.isOver || !participant.focusLegs.has(gruu)) {
      this.#fail(reply, sdp);
      leg.end(null);
      return false;
    }
    const headers: HeaderLines = leg.controls ? [['Supported', sharingControl]] : [];
    reply(200, 'OK', { headers, contentType: 'application/sdp', body: sdp.value });
    const before = participant.sharingLegs.get(gruu);
    participant.sharingLegs.set(gruu, leg);
    before?.end(byes.nothing);
    conference.changed(leg.aor);
    return true;
  }

  #sessionOf({ focus }: Conference): SharingSession {
    const session = this.#sessions.get(focus) ?? new SharingSession(focus, this.#forwarder, this.#maxBitrate);
    this.#sessions.set(focus, session);
    return session;
  }

  // ---- In the dialog ----------------------------------------------------------------------------------------------------

  #inDialog(
    conference: Conference,
    participant: Participant,
    leg: SharingLeg,
    request: RoleRequest,
    reply: Reply,
  ): void {
    switch (request.method) {
      case 'BYE':
        reply(200, 'OK');
        return leg.end(null);
      case 'INVITE':
        return this.#reinvite(conference, participant, leg, request, reply);
      case 'INFO':
        return this.#control(conference, participant, leg, request, reply);
      case 'UPDATE':
      case 'OPTIONS':
        return reply(200, 'OK');
      default:
        return reply(501, 'Not Implemented');
    }
  }

  #reinvite(
    conference: Conference,
    participant: Participant,
    leg: SharingLeg,
    request: RoleRequest,
    reply: Reply,
  ): void {
    const session = this.#sessions.get(conference.focus);
    if (session === undefined || leg.isOver) return reply(481, 'Call/Transaction Does Not Exist');
    if (this.#isTooFast(participant, 'offers')) return this.#later(reply);
    const contact: HeaderLines = [['Contact', `<${conference.sharingUri}>`]];
    const answer = (sdp: Made<string>): boolean => {
      if (!sdp.ok || leg.isOver) this.#fail(reply, sdp);
      else reply(200, 'OK', { headers: contact, contentType: 'application/sdp', body: sdp.value });
      return sdp.ok && !leg.isOver;
    };
    if (leg.role === 'viewer' && request.contentType === '') {
      void session.watch(leg).then((offer) => {
        if (answer(offer)) {
          leg.awaitAck(request.cseq, (contentType, body) => void session.accept(leg, contentType, body));
        }
      });
      return;
    }
    if (request.contentType !== 'application/sdp' || roleIn(request.body) !== leg.role) return this.#cannotUse(reply);
    if (leg.role === 'sharer' && restartsIce(leg.heard, request.body)) {
      void session.reshare(leg, request.body).then((sdp) => {
        if (answer(sdp)) this.#redirect(session, leg, request.body);
      });
      return;
    }
    try {
      leg.said = answerAgain(leg.said, leg.heard, request.body);
    } catch (error) {
      if (!(error instanceof MalformedBody)) throw error;
      return this.#cannotUse(reply);
    }
    answer({ ok: true, value: leg.said });
    this.#redirect(session, leg, request.body);
  }

  /** SHR-4, SHR-5. */
  #redirect(session: SharingSession, leg: SharingLeg, offer: string): void {
    const isPaused = parseSharing(offer).flow === 'inactive';
    const wasPaused = leg.flow.direction === 'inactive';
    if (isPaused === wasPaused) return;
    const direction = leg.role === 'sharer' ? 'sendonly' : 'recvonly';
    leg.flow = { ...leg.flow, direction: isPaused ? 'inactive' : direction };
    if (leg.role === 'viewer') void session.pause(leg, isPaused);
  }

  #control(
    conference: Conference,
    participant: Participant,
    leg: SharingLeg,
    request: RoleRequest,
    reply: Reply,
  ): void {
    if (request.contentType !== sharingControlType) return reply(415, 'Unsupported Media Type');
    if (this.#isTooFast(participant, 'controls')) return this.#later(reply);
    const status = this.#sessions.get(conference.focus)?.control(leg, parseSharingControl(request.body)) ?? 404;
    if (status === 200) return reply(200, 'OK');
    if (status === 404) return this.#no(reply, 404, 'Not Found', 3002, 'This person does not look at it');
    this.#no(reply, 403, 'Forbidden', 3014, 'Only the sharer grants control, and only viewers ask for it');
  }

  // ---- Rights and refusals ----------------------------------------------------------------------------------------------

  /** A policy or a role is other than it was. */
  #checkRights(focus: FocusUri): void {
    const session = this.#sessions.get(focus);
    const conference = this.#conferences.find(focus);
    const sharer = session?.sharer;
    if (sharer == null || conference === undefined) return;
    const participant = conference.participants.get(sharer.aor);
    const isAllowed = this.#accounts.find(sharer.aor)?.policy.sharing !== 'no';
    if (participant === undefined || !isAllowed || !mayShare(conference, participant, sharer)) {
      sharer.end(byes.notAllowed);
    }
  }

  #isTooFast(participant: Participant, what: 'offers' | 'controls'): boolean {
    const clock = { now: () => this.#context.now(), after: this.#context.after };
    const rates = this.#rates.get(participant) ?? {
      offers: new Rate(clock, limits.offers),
      controls: new Rate(clock, limits.controls),
    };
    this.#rates.set(participant, rates);
    return rates[what].count() !== 'pass';
  }

  #later(reply: Reply): void {
    reply(503, 'Service Unavailable', { headers: [['Retry-After', '2']] });
  }

  #fail(reply: Reply, sdp: Made<string>): void {
    if (sdp.ok) return reply(480, 'Temporarily Unavailable');
    if (sdp.why === 'unusable') return this.#cannotUse(reply);
    this.#context.log.warn({ why: sdp.why, detail: sdp.detail }, 'sharing failed');
    if (sdp.why === 'engine')
      return this.#no(reply, 503, 'Service Unavailable', 1, 'The media engine is not available');
    this.#no(reply, 480, 'Temporarily Unavailable', 1, 'Nobody shares a program now');
  }

  #cannotUse(reply: Reply): void {
    this.#no(reply, 488, 'Not Acceptable Here', 52_063, 'Unsupported session description');
  }

  #no(reply: Reply, status: number, reason: string, id: number, why: string): void {
    refuse(this.#context, reply, status, reason, id, why);
  }
}

function roleIn(sdp: string): SharingRole | null {
  try {
    return parseSharing(sdp).role;
  } catch (error) {
    if (error instanceof MalformedBody) return null;
    throw error;
  }
}

/** By the conference's rule; and an attendee does not take over from a presenter. */
function mayShare(conference: Conference, { aor, role }: Participant, sharer: SharingLeg | null): boolean {
  if (role === 'presenter') return true;
  if (conference.sharing !== 'everyone') return false;
  return sharer === null || sharer.aor === aor || conference.participants.get(sharer.aor)?.role !== 'presenter';
}
