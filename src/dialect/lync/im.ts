import type { Outcome } from '../../domain/failure';
import type { ThreadId } from '../../domain/ids';
import { parseNameAddr, splitCommas } from '../../protocol/sip/headers';
import { type Aor, aorOf, opaqueOf } from '../../protocol/sip/uri';
import type { Invite } from '../../sip/invite';
import type { InviteHandlers } from '../../sip/inviteHandlers';
import type { SipReply, SipRequest } from '../../sip/sipMessages';
import type { ImPort, OutgoingFile, OutgoingMessage } from '../dialect';
import { answering, type LyncContext } from './context';
import { ImThread } from './imThread';
import { knowsItems } from './items';

/** All exchanges of two people: finds the thread of an INVITE, and decides when two INVITEs cross. */
export class Im implements ImPort {
  readonly #context: LyncContext;
  /** After a crossing, two ids may lead to one thread. */
  readonly #threads = new Map<ThreadId, ImThread>();

  constructor(context: LyncContext) {
    this.#context = context;
    context.ua.handle('MESSAGE', (request, reply) => answering(reply, () => this.#takePage(request, reply)));
  }

  thread(peer: Aor, key: string): ThreadId {
    return this.#obtain(peer, key).id;
  }

  #obtain(peer: Aor, key: string): ImThread {
    const id = `${peer} ${key}` as ThreadId;
    const known = this.#threads.get(id);
    if (known !== undefined) return known;
    const thread = new ImThread(this.#context, id, peer, key);
    this.#threads.set(id, thread);
    return thread;
  }

  #of(id: ThreadId): ImThread {
    const thread = this.#threads.get(id);
    if (thread === undefined) throw new Error(`there is no IM thread ${id}`);
    return thread;
  }

  /** The peer's endpoint that takes part in a thread; `null` while none does. */
  endpointIn(thread: ThreadId): string | null {
    return this.#threads.get(thread)?.endpoint ?? null;
  }

  send(thread: ThreadId, message: OutgoingMessage | OutgoingFile): Promise<Outcome<void>> {
    return this.#of(thread).send(message);
  }

  deduplicates(thread: ThreadId): boolean {
    return this.#threads.get(thread)?.deduplicates ?? false;
  }

  setTyping(thread: ThreadId, typing: boolean): void {
    this.#of(thread).setTyping(typing);
  }

  accept(thread: ThreadId): void {
    this.#threads.get(thread)?.accept();
  }

  decline(thread: ThreadId): void {
    this.#threads.get(thread)?.decline();
  }

  close(thread: ThreadId): void {
    this.#threads.get(thread)?.close();
  }

  /** An INVITE that offers IM. Not taking it means 488. */
  takeInvite(request: SipRequest, ring: (handlers: InviteHandlers) => Invite): void {
    const peer = senderOf(request);
    if (peer === null || isMesh(request)) return;
    const inviting = [...this.#threads.values()].find(
      (thread) => thread.peer === peer && thread.invitingCallId !== null,
    );
    // 10.3: of two INVITEs that cross, the one with the lower Call-ID survives at both ends; theirs, when they do not know the rule.
    if (inviting?.invitingCallId && knowsItems(request) && inviting.invitingCallId < request.callId) return;
    const thread = this.#obtain(peer, keyOf(request));
    const given = inviting?.yield();
    thread.ring(request, ring);
    if (inviting === undefined || given === undefined) return;
    this.#threads.set(inviting.id, thread);
    thread.adopt(given);
  }

  /** 5.9: a MESSAGE outside any dialog, or in one that we do not know: into the exchange that stands, if one does. */
  #takePage(request: SipRequest, reply: SipReply): void {
    const from = parseNameAddr(request.header('From') ?? '');
    const peer = senderOf(request);
    if (from === null || peer === null) return reply(400, 'Bad Request');
    // The chat of a conference that we left: it would be taken for its organizer.
    if (opaqueOf(from.uri)?.startsWith('app:')) return reply(481, 'Call/Transaction Does Not Exist');
    const standing = [...this.#threads.values()].find((thread) => thread.peer === peer && thread.isEstablished);
    (standing ?? this.#obtain(peer, keyOf(request))).takeRequest(request, reply);
  }

  lose(): void {
    for (const thread of new Set(this.#threads.values())) thread.lose();
  }

  /** Signing out: BYE in every open dialog (5.8). */
  closeAll(): void {
    for (const thread of new Set(this.#threads.values())) thread.close();
  }
}

/** Nobody makes us remember more for one conversation. */
const longestKey = 200;

/** The conversation; who names none gets one for each INVITE. */
export function keyOf(request: SipRequest): string {
  return (request.header('Ms-Conversation-ID')?.trim() || request.callId).slice(0, longestKey);
}

/** Our server lets nobody write another's name into From. */
export function senderOf(request: SipRequest): Aor | null {
  const from = parseNameAddr(request.header('From') ?? '');
  return from === null ? null : aorOf(from.uri);
}

/** 5.10: the ad-hoc meshes of 2005 are refused. */
function isMesh(request: SipRequest): boolean {
  const endpoints = request.headers('EndPoints').flatMap(splitCommas);
  return endpoints.length > 2 || /^true$/i.test(request.header('TriggeredInvite')?.trim() ?? '');
}
