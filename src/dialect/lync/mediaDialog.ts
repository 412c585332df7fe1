import { failed, type Outcome, ok } from '../../domain/failure';
import { MalformedBody } from '../../protocol/malformed';
import { mediaType } from '../../protocol/sip/multipart';
import type { Invite, OutgoingInviteOptions } from '../../sip/invite';
import type { InviteEnd, InviteHandlers } from '../../sip/inviteHandlers';
import type { Content, SipReply, SipRequest, SipResponse } from '../../sip/sipMessages';
import type { LyncContext } from './context';

const sdpType = 'application/sdp';
/** Longer than any browser writes. */
const longestSdp = 64 * 1024;

/** [MS-OCER] 52063: what a client says of an SDP that it cannot use. */
export const unsupportedSdp = 'ms-client-diagnostics: 52063;reason="Unsupported session description"';

/** What a kind of media makes of the SDP that passes, and hears in its dialogs. */
export interface MediaKind {
  /** Adds the labels of the kind to what the browser wrote. */
  label(sdp: string): string;
  /** Throws `MalformedBody` for an SDP of the other end that is not of the kind. */
  check(sdp: string): void;
  /** Header lines of our INVITE and of our 200. */
  readonly headers: readonly string[];
  /** The other end offers a change; `answer` takes the answer. */
  onOffer(offer: string): void;
  onRequest(request: SipRequest, reply: SipReply): void;
  /** It rang here, and does not any more. `elsewhere`: another endpoint of ours took it (MPO-2). */
  onWithdrawn(elsewhere: boolean): void;
  /** The dialog ended, and not by us. */
  onEnded(end: InviteEnd): void;
}

/** An offer of the other end that waits: how its answer goes out, false when it is too late. */
type Due = (answer: Content) => boolean;

const notThere = { is: 'rejected', status: 481, reason: 'The session has ended' } as const;

/**
 * One INVITE dialog whose SDP a tab's peer connection makes (RFC 3264): in it one offer at a time, ours or theirs.
 *
 *     ours    INVITE offer ─► 200 answer                     reoffer: the same in the dialog
 *             INVITE ─► 200 offer ─► ACK answer              refresh: the same in the dialog
 *     theirs  INVITE offer ─► `answer` ─► 200 answer         re-INVITE: the same in the dialog
 */
export class MediaDialog {
  readonly #context: LyncContext;
  readonly #kind: MediaKind;
  #invite: Invite | null = null;
  #due: Due | null = null;
  #isRinging = false;

  constructor(context: LyncContext, kind: MediaKind) {
    this.#context = context;
    this.#kind = kind;
  }

  #handlers(): InviteHandlers {
    return {
      onRequest: (request, reply) => this.#kind.onRequest(request, reply),
      onOffer: (request, reply) => this.#takeOffer(request, reply),
      onEnded: (end) => this.#ended(end),
    };
  }

  #ended(end: InviteEnd): void {
    const wasRinging = this.#isRinging;
    const byUs = this.#invite === null;
    this.#forget();
    // A refusal of ours is the outcome of `call`.
    if (byUs || end.is === 'local' || end.is === 'refused') return;
    if (wasRinging) this.#kind.onWithdrawn(end.is === 'cancelled' && end.elsewhere);
    else this.#kind.onEnded(end);
  }

  #forget(): void {
    this.#invite = null;
    this.#due = null;
    this.#isRinging = false;
  }

  // ---- Ours -------------------------------------------------------------------------------------------------------------

  /** INVITE, with our offer or asking for one; settles with the SDP of the 2xx. */
  async call(
    options: Pick<OutgoingInviteOptions, 'target' | 'headers' | 'timeoutMs'>,
    offer: string | null,
  ): Promise<Outcome<{ sdp: string; response: SipResponse }>> {
    const content = this.#contentOf(offer);
    if (!content.ok) return content;
    const headers = [...(options.headers ?? []), ...this.#kind.headers];
    const handlers = this.#handlers();
    const { invite, answered } = this.#context.ua.invite({ ...options, headers, content: content.value }, handlers);
    this.#invite = invite;
    const outcome = await answered;
    if (!outcome.ok) return outcome;
    const sdp = this.#read(outcome.value);
    if (!sdp.ok) this.end();
    else if (this.#invite !== invite) return failed({ is: 'cancelled' });
    else if (offer === null) this.#due = (answer) => this.#acknowledge(invite, answer);
    return sdp.ok ? ok({ sdp: sdp.value, response: outcome.value }) : sdp;
  }

  #acknowledge(invite: Invite, answer: Content): boolean {
    invite.acknowledge(answer);
    return !invite.isEnded();
  }

  /** re-INVITE with an offer (`null`: asking for one); settles with the SDP of its 2xx. */
  async reoffer(offer: string | null): Promise<Outcome<string>> {
    const invite = this.#invite;
    if (invite === null) return failed(notThere);
    const content = this.#contentOf(offer);
    if (!content.ok) return content;
    const outcome = await invite.reinvite(content.value);
    if (!outcome.ok) return outcome;
    const sdp = this.#read(outcome.value);
    if (offer !== null) return sdp;
    if (sdp.ok) this.#due = (answer) => this.#acknowledge(invite, answer);
    else invite.acknowledge();
    return sdp;
  }

  // ---- Theirs -----------------------------------------------------------------------------------------------------------

  get isRinging(): boolean {
    return this.#isRinging;
  }

  /** An INVITE came whose offer was read already: it rings until `answer` or `end`. */
  ring(ring: (handlers: InviteHandlers) => Invite): void {
    const invite = ring(this.#handlers());
    this.#invite = invite;
    this.#isRinging = true;
    this.#due = (answer) => {
      this.#isRinging = false;
      return invite.accept(this.#context.ua.contact, this.#kind.headers, answer);
    };
  }

  #takeOffer(request: SipRequest, reply: SipReply): void {
    const offer = this.#read(request);
    if (!offer.ok) return reply(488, 'Not Acceptable Here', [unsupportedSdp]);
    this.#due = (answer) => {
      reply(200, 'OK', [], answer);
      return true;
    };
    this.#kind.onOffer(offer.value);
  }

  /** Answers the offer that waits. */
  answer(sdp: string): Outcome<void> {
    const due = this.#due;
    const content = this.#contentOf(sdp);
    if (!content.ok) return content;
    this.#due = null;
    return content.value !== null && due?.(content.value) ? ok(undefined) : failed(notThere);
  }

  // ---- Both -------------------------------------------------------------------------------------------------------------

  async request(method: string, content: Content): Promise<Outcome<SipResponse>> {
    return this.#invite?.request(method, content) ?? failed(notThere);
  }

  /** BYE, CANCEL, or `status` to an INVITE that rings. */
  end(status = 603, reason = 'Decline'): void {
    const invite = this.#invite;
    this.#forget();
    invite?.reject(status, reason);
    invite?.end();
  }

  /** BYE with a header line that says why. */
  drop(why: string): void {
    const invite = this.#invite;
    this.#forget();
    invite?.end([why]);
  }

  /** Our SDP with its labels; `null` for none. */
  #contentOf(sdp: string | null): Outcome<Content | null> {
    return readingSdp(() => (sdp === null ? null : { contentType: sdpType, body: this.#kind.label(sdp) }));
  }

  #read({ contentType, body }: Pick<SipRequest, 'contentType' | 'body'>): Outcome<string> {
    return readingSdp(() => {
      if (mediaType(contentType) !== sdpType || body.length > longestSdp) {
        throw new MalformedBody('SDP', 'there is none that we read');
      }
      this.#kind.check(body);
      return body;
    });
  }
}

function readingSdp<T>(read: () => T): Outcome<T> {
  try {
    return ok(read());
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error;
    return failed({ is: 'malformed', what: error.what });
  }
}
