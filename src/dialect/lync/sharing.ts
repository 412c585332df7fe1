import { done, failed, type Outcome, ok } from '../../domain/failure';
import type { MediaSessionId } from '../../domain/ids';
import {
  labelSharing,
  parseSharing,
  type SharingRole,
  type Sharing as SharingSdp,
  type Surface,
} from '../../protocol/lync/sharingSdp';
import { MalformedBody } from '../../protocol/malformed';
import {
  formatSharingControl,
  parseSharingControl,
  type SharingControl,
  sharingControl,
  sharingControlType,
} from '../../protocol/shared/sharingControl';
import { hasToken, parseNameAddr } from '../../protocol/sip/headers';
import { mediaType } from '../../protocol/sip/multipart';
import { type Aor, aorOf, type FocusUri } from '../../protocol/sip/uri';
import type { Invite } from '../../sip/invite';
import type { InviteHandlers } from '../../sip/inviteHandlers';
import type { SipReply, SipRequest } from '../../sip/sipMessages';
import type { Audience, SharingPort, Shown } from '../dialect';
import { notThere } from './conferenceChat';
import { answering, type LyncContext } from './context';
import { keyOf, senderOf } from './im';
import type { Media, SessionKind } from './media';
import { unsupportedSdp } from './mediaDialog';

const ringsForMs = 60_000;
const answeredWithinMs = 30_000;

/** Shared programs (`lync-wire` 7, SPEC.md 7): who shows what to whom, beside the chat. */
export class Sharing implements SharingPort {
  readonly #context: LyncContext;
  readonly #media: Media;
  readonly #mcuOf: (focus: FocusUri) => string | null;
  /** Offers that ring, by who offers: nobody rings twice. */
  readonly #ringing = new Map<Aor, MediaSessionId>();

  /** `mcuOf` is the sharing MCU of a conference that we are in, `null` where there is none. */
  constructor(context: LyncContext, media: Media, mcuOf: (focus: FocusUri) => string | null) {
    this.#context = context;
    this.#media = media;
    this.#mcuOf = mcuOf;
  }

  // ---- Ours -------------------------------------------------------------------------------------------------------------

  /** SHR-1, SHR-2. */
  show(session: MediaSessionId, to: Audience, surface: Surface, offer: string): Promise<Outcome<Shown>> {
    const timeoutMs = to.is === 'peer' ? ringsForMs : answeredWithinMs;
    return this.#call(session, this.#kind(session, 'sharer', surface, peerOf(to)), to, offer, timeoutMs);
  }

  /** SHR-3. */
  watch(session: MediaSessionId, focus: FocusUri, key: string): Promise<Outcome<Shown>> {
    const to: Audience = { is: 'conference', focus, key };
    return this.#call(session, this.#kind(session, 'viewer', null, null), to, null, answeredWithinMs);
  }

  async #call(
    session: MediaSessionId,
    kind: SessionKind,
    to: Audience,
    offer: string | null,
    timeoutMs: number,
  ): Promise<Outcome<Shown>> {
    if (!this.#context.isLive()) return failed({ is: 'offline' });
    const target = to.is === 'peer' ? to.peer : this.#mcuOf(to.focus);
    if (target === null) return failed(notThere);
    const dialog = this.#media.open(session, kind);
    const outcome = await dialog.call({ target, headers: [`Ms-Conversation-ID: ${to.key}`], timeoutMs }, offer);
    if (!outcome.ok) {
      this.#media.close(session);
      return outcome;
    }
    const { sdp, response } = outcome.value;
    return ok({
      sdp,
      surface: parseSharing(sdp).surface,
      canPoint: hasToken(response.headers('Supported'), sharingControl),
    });
  }

  async control(session: MediaSessionId, control: SharingControl): Promise<Outcome<void>> {
    const content = { contentType: sharingControlType, body: formatSharingControl(control) };
    const outcome = await this.#media.dialogOf(session)?.request('INFO', content);
    return outcome === undefined ? failed(notThere) : outcome.ok ? done : outcome;
  }

  // ---- Theirs -----------------------------------------------------------------------------------------------------------

  /** An INVITE that offers a shared program. What a browser cannot show is refused (7.3 rule 7). */
  takeInvite(request: SipRequest, ring: (handlers: InviteHandlers) => Invite, refuse: SipReply): void {
    const peer = senderOf(request);
    const offer = offerIn(request);
    if (peer === null || offer === null) return refuse(488, 'Not Acceptable Here', [unsupportedSdp]);
    this.#replace(peer);
    const session = `offered ${this.#context.world.id()}` as MediaSessionId;
    this.#ringing.set(peer, session);
    this.#media.open(session, this.#kind(session, 'viewer', null, peer)).ring(ring);
    this.#context.host.report({
      type: 'sharing.offered',
      session,
      peer,
      key: keyOf(request),
      surface: offer.surface,
      offer: request.body,
      canPoint: hasToken(request.headers('Supported'), sharingControl),
    });
  }

  /** Who offers again means this and not the one before. */
  #replace(peer: Aor): void {
    const before = this.#ringing.get(peer);
    if (before === undefined || !this.#media.dialogOf(before)?.isRinging) return;
    this.#media.end(before, 486, 'Busy Here');
    this.#context.host.report({ type: 'sharing.withdrawn', session: before, elsewhere: false });
  }

  decline(session: MediaSessionId): void {
    this.#media.end(session);
  }

  // ---- Both -------------------------------------------------------------------------------------------------------------

  /** `peer` is the other end of a session of two; with an MCU `Ms-Sender` says who speaks (SHR-9). */
  #kind(session: MediaSessionId, role: SharingRole, surface: Surface | null, peer: Aor | null): SessionKind {
    const { host } = this.#context;
    return {
      headers: ['Supported: ms-sender', `Supported: ${sharingControl}`],
      label: (sdp) => labelSharing(sdp, role, surface),
      check: (sdp) => {
        if (parseSharing(sdp).role === role) throw new MalformedBody('SDP', 'both ends have the same role');
      },
      onOffer: (offer) => {
        if (role === 'viewer')
          host.report({ type: 'sharing.paused', session, paused: parseSharing(offer).flow === 'inactive' });
      },
      onRequest: (request, reply) => answering(reply, () => this.#takeRequest(session, peer, request, reply)),
      onWithdrawn: (elsewhere) => host.report({ type: 'sharing.withdrawn', session, elsewhere }),
    };
  }

  #takeRequest(session: MediaSessionId, peer: Aor | null, request: SipRequest, reply: SipReply): void {
    if (request.method !== 'INFO') return reply(405, 'Method Not Allowed', ['Allow: INVITE, ACK, BYE, INFO, UPDATE']);
    if (mediaType(request.contentType) !== sharingControlType) return reply(415, 'Unsupported Media Type');
    const from = peer ?? authorOf(request);
    if (from === null) return reply(400, 'Bad Request');
    const control = parseSharingControl(request.body);
    reply(200, 'OK');
    this.#context.host.report({ type: 'sharing.controlled', session, from, control });
  }
}

function peerOf(to: Audience): Aor | null {
  return to.is === 'peer' ? to.peer : null;
}

function authorOf(request: SipRequest): Aor | null {
  const sender = parseNameAddr(request.header('Ms-Sender') ?? '');
  return sender === null ? null : aorOf(sender.uri);
}

/** `null` for what a browser cannot show, and for who asks us to show something. */
function offerIn(request: SipRequest): SharingSdp | null {
  try {
    const offer = parseSharing(request.body);
    return offer.role === 'sharer' ? offer : null;
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error;
    return null;
  }
}
