import { done, type Failure, failed, type Outcome } from '../../domain/failure';
import type { ThreadId } from '../../domain/ids';
import { toldBy } from '../../domain/provenance';
import {
  formatKeyboardActivity,
  keyboardActivityType,
  parseKeyboardActivity,
} from '../../protocol/lync/keyboardActivity';
import { formatTextFormat } from '../../protocol/lync/textFormat';
import { fileMessages } from '../../protocol/shared/fileMessage';
import { hasToken } from '../../protocol/sip/headers';
import { formatImOffer, ourAcceptTypes } from '../../protocol/sip/imOffer';
import { mediaType } from '../../protocol/sip/multipart';
import type { Aor } from '../../protocol/sip/uri';
import type { Invite } from '../../sip/invite';
import type { InviteEnd, InviteHandlers } from '../../sip/inviteHandlers';
import type { SipReply, SipRequest, SipResponse } from '../../sip/sipMessages';
import type { IncomingFile, OutgoingFile, OutgoingMessage } from '../dialect';
import { answering, type LyncContext } from './context';
import { type FirstText, filesSupported, firstTextOf, inviteHeaders } from './imInvite';
import { itemLine, itemOf, itemSupported, knowsItems } from './items';
import { msgrOf, saidIn, sayingOf } from './messageBody';
import { OwnTyping, PeerTyping } from './typing';

/** IM-4: a callee may let it ring this long. */
const ringsForMs = 60_000;
const answeredWithinMs = 30_000;

interface Pending {
  message: OutgoingMessage | OutgoingFile;
  settle(outcome: Outcome<void>): void;
}

/** What a thread gives up for an INVITE that crossed its own. */
interface Yielded {
  waiting: readonly Pending[];
  /** Withdraws its own. */
  withdraw(): void;
}

type State =
  | { is: 'none' }
  /** Our INVITE; `first` is the text that it carries, or the one that waits for the 200. */
  | { is: 'inviting'; invite: Invite; first: Pending }
  /** Their INVITE waits for the person. */
  | { is: 'ringing'; invite: Invite; text: FirstText | null }
  /** Accepted; its first text is being kept. */
  | { is: 'keeping'; invite: Invite }
  | { is: 'established'; invite: Invite };

const moves: Record<State['is'], readonly State['is'][]> = {
  none: ['inviting', 'ringing'],
  inviting: ['established', 'none'],
  ringing: ['keeping', 'none'],
  keeping: ['established', 'none'],
  established: ['none'],
};

/**
 * The exchange with one peer under one conversation key; dialogs come and go under it (`lync-wire` 10.3).
 *
 *     none ─text─► inviting ─2xx─► established ─BYE, 408, 480, 481, loss─► none
 *       │             └─refused, 60 s─► none
 *       └─INVITE─► ringing ─accept─► keeping ─kept, 200─► established
 *                     └─decline, CANCEL─► none
 */
export class ImThread {
  readonly id: ThreadId;
  readonly peer: Aor;
  readonly key: string;
  readonly #context: LyncContext;
  readonly #queue: Pending[] = [];
  readonly #ownTyping: OwnTyping;
  readonly #peerTyping: PeerTyping;
  #state: State = { is: 'none' };
  #isSending = false;
  #knowsItems = false;
  /** FIL-6: the peer reads what is told of files. */
  #readsFiles = false;
  /** Of our own INVITE that crossed the one that rings. */
  #withdraw: (() => void) | null = null;

  constructor(context: LyncContext, id: ThreadId, peer: Aor, key: string) {
    this.#context = context;
    this.id = id;
    this.peer = peer;
    this.key = key;
    this.#ownTyping = new OwnTyping(context.world, (typing) => this.#tellTyping(typing));
    this.#peerTyping = new PeerTyping(context.world, (typing) =>
      context.host.report({ type: 'im.typing', thread: id, typing }),
    );
  }

  /** ITM-2: the peer knows an item again. */
  get deduplicates(): boolean {
    return this.#knowsItems;
  }

  /** The peer's endpoint that takes part; `null` while none does. */
  get endpoint(): string | null {
    return this.#state.is === 'established' ? this.#state.invite.remoteTarget : null;
  }

  get isEstablished(): boolean {
    return this.#state.is === 'established';
  }

  /** Call-ID of our INVITE while it waits for an answer. */
  get invitingCallId(): string | null {
    return this.#state.is === 'inviting' ? this.#state.invite.callId : null;
  }

  #become(next: State): void {
    if (!moves[this.#state.is].includes(next.is)) throw new Error(`IM: ${this.#state.is} cannot become ${next.is}`);
    this.#state = next;
    this.#withdrawWhenAnswered();
  }

  // ---- Sending ----------------------------------------------------------------------------------------------------------

  send(message: OutgoingMessage | OutgoingFile): Promise<Outcome<void>> {
    if (!this.#context.isLive()) return Promise.resolve(failed({ is: 'offline' }));
    return new Promise((settle) => {
      this.#queue.push({ message, settle });
      // Who answers a ringing invitation with words has accepted it.
      this.accept();
      this.#pump();
    });
  }

  /** One at a time: the next leaves when the peer has answered the one before. */
  #pump(): void {
    const [head] = this.#queue;
    if (head === undefined || this.#isSending) return;
    if (this.#state.is === 'none') this.#invite(head);
    else if (this.#state.is === 'established') void this.#transmit(head, this.#state.invite);
  }

  #invite(first: Pending): void {
    const { message } = first;
    const text = 'file' in message ? null : formatTextFormat(message.body.text, msgrOf(message.body));
    const { invite, answered } = this.#context.ua.invite(
      {
        target: this.peer,
        headers: [
          ...inviteHeaders(this.#context.aor, this.peer, this.key),
          ...(text === null ? [] : [`ms-text-format: ${text}`, itemLine(message.id)]),
        ],
        content: { contentType: 'application/sdp', body: formatImOffer({ uri: null, acceptTypes: ourAcceptTypes }) },
        timeoutMs: ringsForMs,
      },
      this.#handlers(),
    );
    this.#become({ is: 'inviting', invite, first });
    void answered.then((outcome) => this.#invited(invite, outcome, text !== null));
  }

  #invited(invite: Invite, outcome: Outcome<SipResponse>, hasText: boolean): void {
    // Withdrawn in favour of theirs (glare), or the connection is gone: settled there.
    if (this.#state.is !== 'inviting' || this.#state.invite !== invite) return;
    const { first } = this.#state;
    if (!outcome.ok) {
      this.#become({ is: 'none' });
      return this.#failAll(outcome.failure);
    }
    this.#become({ is: 'established', invite });
    this.#knowsItems = knowsItems(outcome.value);
    this.#readsFiles = readsFiles(outcome.value);
    // IM-1: only who says so has kept the first text.
    if (hasText && hasToken(outcome.value.headers('Supported'), 'ms-text-format')) this.#settle(first, done);
    this.#pump();
  }

  async #transmit(pending: Pending, invite: Invite): Promise<void> {
    const { message } = pending;
    if ('file' in message && !this.#readsFiles) {
      this.#settle(pending, failed({ is: 'unsupported', what: 'fileStore' }));
      return this.#pump();
    }
    this.#isSending = true;
    this.#ownTyping.forget();
    const content = sayingOf(message, this.#context.world.id());
    const outcome = await invite.request('MESSAGE', content, [itemLine(message.id)], answeredWithinMs);
    this.#isSending = false;
    if (outcome.ok) this.#knowsItems ||= knowsItems(outcome.value);
    else if (endsDialog(outcome.failure)) this.#drop(invite);
    this.#settle(pending, outcome.ok ? done : outcome);
    this.#pump();
  }

  #settle(pending: Pending, outcome: Outcome<void>): void {
    const at = this.#queue.indexOf(pending);
    if (at >= 0) this.#queue.splice(at, 1);
    pending.settle(outcome);
  }

  #failAll(failure: Failure): void {
    for (const pending of this.#queue.splice(0)) pending.settle(failed(failure));
  }

  // ---- Being invited ----------------------------------------------------------------------------------------------------

  /** An INVITE came in: asks the person. An older dialog of the same peer is given up for it (IM-6). */
  ring(request: SipRequest, ring: (handlers: InviteHandlers) => Invite): void {
    const before = this.#state;
    const invite = ring(this.#handlers());
    const text = firstTextOf(request);
    this.#knowsItems = knowsItems(request);
    this.#readsFiles = readsFiles(request);
    if (before.is !== 'none') {
      this.#become({ is: 'none' });
      before.invite.end();
    }
    this.#become({ is: 'ringing', invite, text });
    const { id: thread, peer, key } = this;
    const told = { thread, peer, key, text: text?.body.text ?? '', ...toldBy(request.frame) };
    this.#context.host.report({ type: 'im.invited', ...told });
  }

  /** IM-3: the 200 goes out when the first text is kept, and only then says so. */
  accept(): void {
    if (this.#state.is !== 'ringing') return;
    const { invite, text } = this.#state;
    this.#become({ is: 'keeping', invite });
    invite.take();
    if (text === null) return this.#accepted(invite, []);
    this.#keep(text).then(
      () => this.#accepted(invite, ['Supported: ms-text-format']),
      () => this.#notKept(invite),
    );
  }

  #accepted(invite: Invite, headers: readonly string[]): void {
    if (this.#state.is !== 'keeping' || this.#state.invite !== invite) return;
    const { aor, ua } = this.#context;
    const body = formatImOffer({ uri: aor, acceptTypes: ourAcceptTypes });
    const isAccepted = invite.accept(ua.contact, [...headers, itemSupported, filesSupported], {
      contentType: 'application/sdp',
      body,
    });
    this.#become(isAccepted ? { is: 'established', invite } : { is: 'none' });
    this.#pump();
  }

  #notKept(invite: Invite): void {
    if (this.#state.is !== 'keeping' || this.#state.invite !== invite) return;
    this.#become({ is: 'none' });
    invite.reject(500, 'Server Internal Error');
    this.#pump();
  }

  decline(): void {
    if (this.#state.is !== 'ringing') return;
    const { invite } = this.#state;
    this.#become({ is: 'none' });
    invite.reject(603, 'Decline');
    this.#pump();
  }

  #keep(said: FirstText | (Omit<FirstText, 'body'> & Pick<IncomingFile, 'file'>)): Promise<void> {
    const { peer, key } = this;
    return this.#context.host.keep({ in: 'thread', thread: this.id, peer, key, from: peer, ...said });
  }

  // ---- In the dialog ----------------------------------------------------------------------------------------------------

  #handlers(): InviteHandlers {
    return {
      onRequest: (request, reply) => answering(reply, () => this.takeRequest(request, reply)),
      onEnded: (end) => this.#ended(end),
    };
  }

  /** A request of the peer, in the dialog or (5.9, page mode) outside any. */
  takeRequest(request: SipRequest, reply: SipReply): void {
    if (request.method === 'INFO') return this.#takeInfo(request, reply);
    if (request.method !== 'MESSAGE') return reply(405, 'Method Not Allowed', ['Allow: MESSAGE, INFO, BYE']);
    if (mediaType(request.contentType) === 'application/im-iscomposing+xml') {
      this.#peerTyping.set(/<state>\s*active\s*<\/state>/.test(request.body));
      return reply(200, 'OK');
    }
    const said = saidIn(request);
    if (said === null) return reply(415, 'Unsupported Media Type', ['Accept: text/plain, text/html']);
    this.#peerTyping.set(false);
    this.#knowsItems ||= knowsItems(request);
    this.#keep({ id: itemOf(request), ...said, ...toldBy(request.frame) }).then(
      () => reply(200, 'OK', [itemSupported]),
      () => reply(500, 'Server Internal Error'),
    );
  }

  #takeInfo(request: SipRequest, reply: SipReply): void {
    if (mediaType(request.contentType) === keyboardActivityType) {
      this.#peerTyping.set(parseKeyboardActivity(request.body));
    }
    reply(200, 'OK');
  }

  setTyping(typing: boolean): void {
    if (this.#state.is === 'established') this.#ownTyping.set(typing);
  }

  async #tellTyping(typing: boolean): Promise<void> {
    if (this.#state.is !== 'established' || !this.#context.isLive()) return;
    const { invite } = this.#state;
    const content = { contentType: keyboardActivityType, body: formatKeyboardActivity(typing) };
    const outcome = await invite.request('INFO', content);
    if (!outcome.ok && outcome.failure.is === 'rejected' && endsDialog(outcome.failure)) this.#drop(invite);
  }

  // ---- The end ----------------------------------------------------------------------------------------------------------

  /** The dialog is dead: BYE goes out all the same, and the next text makes a new one. */
  #drop(invite: Invite): void {
    if (this.#state.is !== 'established' || this.#state.invite !== invite) return;
    this.#become({ is: 'none' });
    invite.end();
    this.#over();
  }

  #over(): void {
    this.#ownTyping.forget();
    this.#peerTyping.set(false);
    this.#context.host.report({ type: 'im.ended', thread: this.id });
  }

  /** The dialog ended, not by us: what we end ourselves has left the state before. */
  #ended(end: InviteEnd): void {
    const state = this.#state;
    if (end.is === 'local' || state.is === 'none' || state.is === 'inviting') return;
    if (!state.invite.isEnded()) return;
    this.#become({ is: 'none' });
    if (state.is === 'ringing') {
      const elsewhere = end.is === 'cancelled' && end.elsewhere;
      this.#context.host.report({ type: 'im.withdrawn', thread: this.id, elsewhere });
    } else this.#over();
    this.#pump();
  }

  /** Gives up our INVITE for theirs (10.3); what waits goes to whoever has the dialog. */
  yield(): Yielded {
    if (this.#state.is !== 'inviting') throw new Error('IM: there is no INVITE of ours to give up');
    const { invite } = this.#state;
    this.#become({ is: 'none' });
    return { waiting: this.#queue.splice(0), withdraw: () => invite.end() };
  }

  /** Ours is withdrawn after theirs is answered: SIPE, which sees one exchange in both, would lose it to a BYE that came first. */
  adopt({ waiting, withdraw }: Yielded): void {
    this.#queue.push(...waiting);
    this.#withdraw = withdraw;
    this.#withdrawWhenAnswered();
    this.#pump();
  }

  #withdrawWhenAnswered(): void {
    if (this.#state.is === 'ringing' || this.#state.is === 'keeping') return;
    const withdraw = this.#withdraw;
    this.#withdraw = null;
    withdraw?.();
  }

  close(): void {
    const state = this.#state;
    if (state.is === 'none') return;
    this.#become({ is: 'none' });
    this.#ownTyping.forget();
    this.#peerTyping.set(false);
    state.invite.end();
    this.#failAll({ is: 'cancelled' });
  }

  /** The connection is lost: no dialog outlives it, since the server has ended them for the others. */
  lose(): void {
    const state = this.#state;
    this.#failWaiting(state);
    if (state.is === 'none') return;
    if (state.is === 'inviting' || state.is === 'ringing') return;
    this.#become({ is: 'none' });
    if (state.is === 'keeping') return;
    state.invite.end();
    this.#over();
  }

  /** What is in flight settles by itself, as `connectionLost`. */
  #failWaiting(state: State): void {
    const inFlight = state.is === 'inviting' ? state.first : this.#isSending ? this.#queue[0] : undefined;
    for (const pending of this.#queue.filter((waiting) => waiting !== inFlight)) {
      this.#settle(pending, failed({ is: 'offline' }));
    }
  }
}

/** 5.6: after these the dialog is gone at the other side. */
function endsDialog(failure: Failure): boolean {
  if (failure.is === 'timedOut' || failure.is === 'connectionLost') return true;
  return failure.is === 'rejected' && [408, 480, 481].includes(failure.status);
}

/** FIL-6. */
function readsFiles(message: { headers(name: string): string[] }): boolean {
  return hasToken(message.headers('Supported'), fileMessages);
}
