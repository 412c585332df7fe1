import { failed, ok } from '../../domain/failure';
import type { ItemId, ThreadId } from '../../domain/ids';
import { toldBy } from '../../domain/provenance';
import { keyboardActivityType, parseKeyboardActivity } from '../../protocol/lync/keyboardActivity';
import { hasToken, parseNameAddr, parseReason } from '../../protocol/sip/headers';
import { mediaType } from '../../protocol/sip/multipart';
import { type Aor, aorOf } from '../../protocol/sip/uri';
import { outcomeOf, type SipRequest, type SipResponse } from '../../sip/sipMessages';
import type { World } from '../../world';
import type { Told } from '../recording';
import { keyOf, senderOf } from './im';
import { firstTextOf } from './imInvite';
import { itemOf } from './items';
import { bodyOf } from './messageBody';
import { PeerTyping } from './typing';

interface Session {
  thread: ThreadId;
  peer: Aor;
  key: string;
  typing: PeerTyping;
}

/** The sessions of two people in a recording, by Call-ID. */
export class RecordedIm {
  readonly #world: World;
  readonly #tell: (told: Told) => void;
  readonly #sessions = new Map<string, Session>();

  constructor(world: World, tell: (told: Told) => void) {
    this.#world = world;
    this.#tell = tell;
  }

  has(callId: string): boolean {
    return this.#sessions.has(callId);
  }

  #begin(callId: string, peer: Aor, key: string): Session {
    const thread = `${peer} ${key}` as ThreadId;
    const typing = new PeerTyping(this.#world, (isTyping) =>
      this.#tell({ is: 'reported', report: { type: 'im.typing', thread, typing: isTyping } }),
    );
    const session = { thread, peer, key, typing };
    this.#sessions.set(callId, session);
    return session;
  }

  /** The session of a request; one that began before the recording begins with what is left of it. */
  #of(request: SipRequest, direction: 'in' | 'out'): Session | null {
    const known = this.#sessions.get(request.callId);
    if (known !== undefined) return known;
    const peer = direction === 'in' ? senderOf(request) : calledBy(request);
    if (peer === null) return null;
    const standing = [...this.#sessions.values()].find((session) => session.peer === peer);
    return this.#begin(request.callId, peer, standing?.key ?? keyOf(request));
  }

  // ---- Theirs -----------------------------------------------------------------------------------------------------------

  invited(request: SipRequest): void {
    const peer = senderOf(request);
    if (peer === null) return;
    const { thread, key } = this.#begin(request.callId, peer, keyOf(request));
    const text = firstTextOf(request)?.body.text ?? '';
    this.#tell({
      is: 'reported',
      report: { type: 'im.invited', thread, peer, key, text, ...toldBy(request.frame) },
    });
  }

  /** We answered their INVITE. */
  answered(request: SipRequest, { status }: SipResponse): void {
    const session = this.#sessions.get(request.callId);
    // 487 says again what the CANCEL has said.
    if (session === undefined || status === 487) return;
    const { thread, peer, key } = session;
    if (status >= 300) return this.#tell({ is: 'declined', thread });
    this.#tell({ is: 'accepted', thread });
    const text = firstTextOf(request);
    if (text !== null)
      this.#tell({ is: 'received', message: { in: 'thread', thread, peer, key, from: peer, ...text } });
  }

  withdrawn(cancel: SipRequest): void {
    const session = this.#sessions.get(cancel.callId);
    if (session === undefined) return;
    const elsewhere = parseReason(cancel.header('Reason') ?? '').cause === 200;
    this.#tell({ is: 'reported', report: { type: 'im.withdrawn', thread: session.thread, elsewhere } });
  }

  takeRequest(request: SipRequest): void {
    const session = this.#of(request, 'in');
    if (session === null) return;
    const { thread, peer, key, typing } = session;
    if (request.method === 'INFO') {
      if (mediaType(request.contentType) === keyboardActivityType) typing.set(parseKeyboardActivity(request.body));
      return;
    }
    const body = bodyOf(request.contentType, request.body);
    if (body === null) return;
    typing.set(false);
    const said = { id: itemOf(request), body, ...toldBy(request.frame) };
    this.#tell({ is: 'received', message: { in: 'thread', thread, peer, key, from: peer, ...said } });
  }

  ended(callId: string): void {
    const session = this.#sessions.get(callId);
    if (session === undefined) return;
    session.typing.set(false);
    this.#sessions.delete(callId);
    this.#tell({ is: 'reported', report: { type: 'im.ended', thread: session.thread } });
  }

  /** The connection is lost. */
  endAll(): void {
    for (const callId of [...this.#sessions.keys()]) this.ended(callId);
  }

  // ---- Ours -------------------------------------------------------------------------------------------------------------

  /** Our INVITE, with its first words where it brings some; `id` names them where they have no name of ours. */
  inviting(request: SipRequest, id: ItemId): void {
    const peer = calledBy(request);
    if (peer === null) return;
    const { thread, key } = this.#begin(request.callId, peer, keyOf(request));
    const text = firstTextOf(request);
    if (text === null) return;
    const to = { in: 'thread', thread, peer, key } as const;
    this.#tell({ is: 'said', id: text.id ?? id, body: text.body, to, ...toldBy(request.frame) });
  }

  /** They answered it. IM-1: only who says so has kept the first words; else they follow in a MESSAGE. */
  inviteAnswered(request: SipRequest, id: ItemId, response: SipResponse): void {
    const text = firstTextOf(request);
    const outcome = outcomeOf(response);
    const isWithdrawn = response.status === 487;
    if (!outcome.ok) this.#sessions.delete(request.callId);
    if (text === null || isWithdrawn) return;
    if (outcome.ok && !hasToken(response.headers('Supported'), 'ms-text-format')) return;
    const settled = outcome.ok ? ok({ number: null }) : failed(outcome.failure);
    this.#tell({ is: 'settled', id: text.id ?? id, outcome: settled });
  }

  said(request: SipRequest, id: ItemId): void {
    const session = this.#of(request, 'out');
    const body = bodyOf(request.contentType, request.body);
    if (session === null || body === null) return;
    const { thread, peer, key } = session;
    this.#tell({
      is: 'said',
      id: itemOf(request) ?? id,
      body,
      to: { in: 'thread', thread, peer, key },
      ...toldBy(request.frame),
    });
  }

  settled(request: SipRequest, id: ItemId, response: SipResponse): void {
    const outcome = outcomeOf(response);
    const settled = outcome.ok ? ok({ number: null }) : failed(outcome.failure);
    this.#tell({ is: 'settled', id: itemOf(request) ?? id, outcome: settled });
  }
}

/** Whom we called: the person, whatever endpoint of theirs. */
function calledBy(request: SipRequest): Aor | null {
  const to = parseNameAddr(request.header('To') ?? '');
  return to === null ? null : aorOf(to.uri);
}
