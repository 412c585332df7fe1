import { failed, type Outcome, ok } from '../../domain/failure';
import type { MediaSessionId } from '../../domain/ids';
import { toldBy } from '../../domain/provenance';
import { MalformedBody } from '../../protocol/malformed';
import {
  labelFileAnswer,
  labelFileOffer,
  parseFileAnswer,
  parseFileOffer,
  type SdpFile,
} from '../../protocol/sip/fileSdp';
import type { Aor } from '../../protocol/sip/uri';
import type { Invite } from '../../sip/invite';
import type { InviteHandlers } from '../../sip/inviteHandlers';
import type { SipReply, SipRequest } from '../../sip/sipMessages';
import type { FileRefusal, FilesPort, OfferedFile } from '../dialect';
import { notThere } from './conferenceChat';
import type { LyncContext } from './context';
import { keyOf, senderOf } from './im';
import type { Media, SessionKind } from './media';
import { unsupportedSdp } from './mediaDialog';

/** A file waits longer than a call: somebody decides. Our server gives up after three minutes (Timer C). */
const ringsForMs = 170_000;

const refusals: Readonly<Record<FileRefusal, readonly [status: number, reason: string]>> = {
  declined: [603, 'Decline'],
  busy: [486, 'Busy Here'],
  forbidden: [403, 'Forbidden'],
  tooLarge: [413, 'Request Entity Too Large'],
  held: [410, 'Gone'],
};

/** The first byte that we want of a file. */
interface Wanted {
  from: number;
}

/** Files from person to person (SPEC.md 9): an INVITE each, beside the chat. */
export class Files implements FilesPort {
  readonly #context: LyncContext;
  readonly #media: Media;
  /** What rings here. */
  readonly #offered = new Map<MediaSessionId, Wanted>();

  constructor(context: LyncContext, media: Media) {
    this.#context = context;
    this.#media = media;
  }

  /** FTR-1. */
  async offer(
    session: MediaSessionId,
    { peer, key }: { peer: Aor; key: string },
    file: OfferedFile,
    offer: string,
  ): Promise<Outcome<{ sdp: string; from: number }>> {
    if (!this.#context.isLive()) return failed({ is: 'offline' });
    const dialog = this.#media.open(session, sending(file));
    const options = { target: peer, headers: [`Ms-Conversation-ID: ${key}`], timeoutMs: ringsForMs };
    const outcome = await dialog.call(options, offer);
    if (!outcome.ok) {
      this.#media.close(session);
      return outcome;
    }
    const { sdp } = outcome.value;
    return ok({ sdp, from: parseFileAnswer(sdp).from });
  }

  /** An INVITE that offers a file. FTR-2: what is no file is refused here, what is not wanted above. */
  takeInvite(request: SipRequest, ring: (handlers: InviteHandlers) => Invite, refuse: SipReply): void {
    const peer = senderOf(request);
    const file = offerIn(request);
    if (peer === null || file === null) return refuse(488, 'Not Acceptable Here', [unsupportedSdp]);
    const session = `file ${this.#context.world.id()}` as MediaSessionId;
    const wanted: Wanted = { from: 0 };
    this.#offered.set(session, wanted);
    const kind = taking(file, wanted, (elsewhere) => {
      this.#offered.delete(session);
      this.#context.host.report({ type: 'file.withdrawn', session, elsewhere });
    });
    this.#media.open(session, kind).ring(ring);
    const told = toldBy(request.frame);
    const { body: offer } = request;
    this.#context.host.report({ type: 'file.offered', session, peer, key: keyOf(request), file, offer, ...told });
  }

  async accept(session: MediaSessionId, from: number, answer: string): Promise<Outcome<void>> {
    const wanted = this.#offered.get(session);
    if (wanted === undefined) return failed(notThere);
    this.#offered.delete(session);
    wanted.from = from;
    return this.#media.answer(session, answer);
  }

  /** The connection is lost, and with it what rings. */
  lose(): void {
    this.#offered.clear();
  }

  decline(session: MediaSessionId, why: FileRefusal): void {
    this.#offered.delete(session);
    this.#media.end(session, ...refusals[why]);
  }
}

/** A file has one offer and one answer: what changes needs another session. */
function noOffer(): never {
  throw new MalformedBody('SDP', 'a file is offered once');
}

/** Our end of a file that we send. */
function sending(file: SdpFile): SessionKind {
  let isAnswered = false;
  return {
    headers: [],
    label: (sdp) => labelFileOffer(sdp, file),
    check: (sdp) => {
      if (isAnswered) noOffer();
      const { transfer } = parseFileAnswer(sdp);
      if (transfer !== file.transfer) throw new MalformedBody('SDP', 'it answers for another file');
      isAnswered = true;
    },
    onOffer: noOffer,
    onRequest: refuseRequest,
    onWithdrawn: () => undefined,
  };
}

/** Our end of a file that somebody sends us; `wanted` says from where on when it is answered. */
function taking(file: SdpFile, wanted: Wanted, onWithdrawn: (elsewhere: boolean) => void): SessionKind {
  return {
    headers: [],
    label: (sdp) => labelFileAnswer(sdp, { ...file, from: wanted.from }),
    check: noOffer,
    onOffer: noOffer,
    onRequest: refuseRequest,
    onWithdrawn,
  };
}

function refuseRequest(_request: SipRequest, reply: SipReply): void {
  reply(405, 'Method Not Allowed', ['Allow: INVITE, ACK, BYE, UPDATE']);
}

/** `null` for what is no file that we take. */
function offerIn(request: SipRequest): SdpFile | null {
  try {
    return parseFileOffer(request.body);
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error;
    return null;
  }
}
