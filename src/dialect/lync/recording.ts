import { done, failed } from '../../domain/failure';
import type { ItemId, ThreadId } from '../../domain/ids';
import type { Account } from '../../domain/people';
import { toldBy } from '../../domain/provenance';
import { cccpType } from '../../protocol/lync/cccp';
import { conferenceInviteType, parseConferenceInvite } from '../../protocol/lync/conferenceInvite';
import { parseDeregistered } from '../../protocol/lync/registrationEvent';
import { MalformedBody } from '../../protocol/malformed';
import { parseNameAddr, parseReason, parseSeconds } from '../../protocol/sip/headers';
import { isImOffer } from '../../protocol/sip/imOffer';
import { mediaType } from '../../protocol/sip/multipart';
import { type Aor, aorOf, bareAddress, type FocusUri, focusUriOf } from '../../protocol/sip/uri';
import { outcomeOf, type SipRequest, type SipResponse } from '../../sip/sipMessages';
import type { TraceEntry } from '../../trace/entry';
import type { World } from '../../world';
import type { Recording, Told } from '../recording';
import { senderOf } from './im';
import { RecordedConference } from './recordedConference';
import { RecordedDocuments } from './recordedDocuments';
import { RecordedIm } from './recordedIm';
import { type RecordedMessage, readRecorded } from './recordedMessage';

/**
 * Reads a recording of a Lync endpoint, whoever wrote that client: what came in as the living dialect reads it, and of what
 * went out what its person did. It keeps no state machine of its own, so that a recording may begin and end anywhere.
 */
export function readRecording(entries: readonly TraceEntry[], world: World, tell: (told: Told) => void): Recording {
  return new LyncRecording(entries, world, tell);
}

interface Pending {
  direction: 'in' | 'out';
  request: SipRequest;
  /** Names what we said in it, where it has no name of ours. */
  id: ItemId;
}

class LyncRecording implements Recording {
  readonly owner: Account | null;
  readonly #world: World;
  readonly #tell: (told: Told) => void;
  readonly #documents: RecordedDocuments | null;
  readonly #im: RecordedIm;
  /** Under which conversation people were asked into a conference: known to who looks ahead. */
  readonly #keys: ReadonlyMap<FocusUri, string>;
  readonly #conferences = new Map<FocusUri, RecordedConference>();
  /** Conferences and their chats by Call-ID. */
  readonly #focuses = new Map<string, FocusUri>();
  readonly #chats = new Map<string, FocusUri>();
  readonly #invitations = new Map<string, ThreadId>();
  readonly #pending = new Map<string, Pending>();
  /** What was challenged is sent again under the next number. */
  readonly #challenged = new Map<string, ItemId>();

  constructor(entries: readonly TraceEntry[], world: World, tell: (told: Told) => void) {
    const owner = ownerOf(entries);
    this.owner = owner === null ? null : { aor: owner, displayName: bareAddress(owner) };
    this.#world = world;
    this.#tell = tell;
    this.#documents = owner === null ? null : new RecordedDocuments(world, owner, tell);
    this.#im = new RecordedIm(world, tell);
    this.#keys = keysOf(entries);
  }

  take(entry: TraceEntry): void {
    if (entry.kind === 'state' && entry.text !== 'open') return this.#lost();
    const message = readRecorded(entry);
    if (message === null) return;
    try {
      if (message.is === 'request') this.#takeRequest(message);
      else this.#takeResponse(message);
    } catch (error) {
      // A living client refuses it; the recording has that too.
      if (!(error instanceof MalformedBody)) throw error;
    }
  }

  #takeRequest({ direction, method, transaction, callId, request }: RecordedMessage & { is: 'request' }): void {
    if (this.#pending.has(transaction)) return;
    const again = `${callId} ${method}`;
    const id = this.#challenged.get(again) ?? (`recorded-${request.frame}` as ItemId);
    this.#challenged.delete(again);
    if (method !== 'ACK' && method !== 'BENOTIFY') this.#pending.set(transaction, { direction, request, id });
    if (direction === 'in') this.#came(method, request);
    else this.#went(method, request, id);
  }

  #takeResponse({ method, transaction, callId, response }: RecordedMessage & { is: 'response' }): void {
    const pending = this.#pending.get(transaction);
    if (pending === undefined || response.status < 200) return;
    this.#pending.delete(transaction);
    if (response.status === 401 || response.status === 407) {
      this.#challenged.set(`${callId} ${method}`, pending.id);
      return;
    }
    if (pending.direction === 'out') this.#answered(method, pending, response);
    else if (method === 'INVITE') this.#weAnswered(pending.request, response);
  }

  // ---- What came in -----------------------------------------------------------------------------------------------------

  #came(method: string, request: SipRequest): void {
    const { callId } = request;
    switch (method) {
      case 'INVITE':
        return request.toTag === '' ? this.#invited(request) : undefined;
      case 'NOTIFY':
      case 'BENOTIFY':
        return this.#notified(request);
      case 'MESSAGE':
      case 'INFO': {
        if (this.#focuses.has(callId)) return;
        const chat = this.#chats.get(callId) ?? chatOf(request);
        return chat === null ? this.#im.takeRequest(request) : this.#conference(chat).takeRequest(request);
      }
      case 'CANCEL': {
        const thread = this.#invitations.get(callId);
        if (thread === undefined) return this.#im.withdrawn(request);
        const elsewhere = parseReason(request.header('Reason') ?? '').cause === 200;
        return this.#tell({ is: 'reported', report: { type: 'conference.withdrawn', thread, elsewhere } });
      }
      case 'BYE':
        return this.#ended(callId, false);
    }
  }

  #invited(request: SipRequest): void {
    const type = mediaType(request.contentType);
    if (type === 'application/sdp' && isImOffer(request.body)) return this.#im.invited(request);
    const from = senderOf(request);
    if (type !== conferenceInviteType || from === null) return;
    const { focus, subject, conversationId } = parseConferenceInvite(request.body);
    const thread = `invitation ${request.callId}` as ThreadId;
    this.#invitations.set(request.callId, thread);
    const key = conversationId ?? request.header('Ms-Conversation-ID')?.trim() ?? null;
    const report = { type: 'conference.invited', thread, focus, from, key, subject, ...toldBy(request.frame) } as const;
    this.#tell({ is: 'reported', report });
  }

  #weAnswered(request: SipRequest, response: SipResponse): void {
    const thread = this.#invitations.get(request.callId);
    if (thread === undefined) return this.#im.answered(request, response);
    if (response.status !== 487) this.#tell({ is: response.status < 300 ? 'accepted' : 'declined', thread });
  }

  #notified(request: SipRequest): void {
    const event = eventOf(request);
    const chat = this.#chats.get(request.callId);
    if (chat !== undefined) return this.#conference(chat).takeRequest(request);
    if (event === 'registration' || event === 'registration-notify') {
      if (parseDeregistered(request.body) !== null) this.#tell({ is: 'signedOut' });
      return;
    }
    const focus = event === 'conference' ? focusUriOf(addressIn(request, 'From')) : null;
    if (focus !== null) return this.#conference(focus).takeRoster(request);
    this.#documents?.take(event, request);
  }

  #ended(callId: string, byUs: boolean): void {
    const focus = this.#focuses.get(callId);
    const chat = this.#chats.get(callId);
    this.#focuses.delete(callId);
    this.#chats.delete(callId);
    if (focus !== undefined && byUs) this.#tell({ is: 'left', focus });
    else if (focus !== undefined) this.#conference(focus).focusEnded();
    else if (chat !== undefined) this.#conference(chat).quiet();
    else this.#im.ended(callId);
  }

  #lost(): void {
    this.#im.endAll();
    for (const conference of this.#conferences.values()) conference.quiet();
    this.#pending.clear();
    this.#focuses.clear();
    this.#chats.clear();
    this.#tell({ is: 'reported', report: { type: 'connection.lost' } });
  }

  // ---- What went out ----------------------------------------------------------------------------------------------------

  #went(method: string, request: SipRequest, id: ItemId): void {
    const chat = this.#chats.get(request.callId);
    if (method === 'MESSAGE') {
      return chat === undefined ? this.#im.said(request, id) : this.#conference(chat).said(request, id);
    }
    if (method === 'BYE') return this.#ended(request.callId, true);
    if (method === 'INVITE' && request.toTag === '') this.#inviting(request, id);
  }

  #inviting(request: SipRequest, id: ItemId): void {
    const type = mediaType(request.contentType);
    const focus = focusUriOf(request.uri);
    const chat = focusOfChat(request.uri);
    if (focus !== null && type === cccpType) {
      this.#focuses.set(request.callId, focus);
      this.#conference(focus);
      return this.#tell({ is: 'joining', focus, key: this.#keys.get(focus) ?? null });
    }
    if (chat !== null && isImOffer(request.body)) return void this.#chats.set(request.callId, chat);
    if (type === 'application/sdp' && isImOffer(request.body)) return this.#im.inviting(request, id);
    const person = aorOf(addressIn(request, 'To'));
    if (type !== conferenceInviteType || person === null) return;
    this.#tell({ is: 'calledIn', focus: parseConferenceInvite(request.body).focus, person });
  }

  #answered(method: string, { request, id }: Pending, response: SipResponse): void {
    switch (method) {
      case 'REGISTER':
        return this.#registered(request, response);
      case 'SUBSCRIBE':
        return response.status < 300 ? this.#subscribed(request, response) : undefined;
      case 'SERVICE':
        return response.status < 300 ? this.#documents?.served(request, response) : undefined;
      case 'MESSAGE': {
        const chat = this.#chats.get(request.callId);
        return chat === undefined
          ? this.#im.settled(request, id, response)
          : this.#conference(chat).settled(request, id, response);
      }
      case 'INVITE':
        return request.toTag === '' ? this.#inviteAnswered(request, id, response) : undefined;
    }
  }

  #registered(request: SipRequest, response: SipResponse): void {
    if (response.status >= 300) return;
    const seconds = parseSeconds(response.header('Expires') ?? request.header('Expires'));
    if (seconds === 0) return this.#tell({ is: 'signedOut' });
    this.#documents?.registered(response);
    this.#tell({ is: 'signedIn' });
  }

  #subscribed(request: SipRequest, response: SipResponse): void {
    const event = eventOf(request);
    const focus = event === 'conference' ? focusUriOf(addressIn(request, 'To')) : null;
    if (focus !== null) this.#conference(focus).takeRoster(response);
    else this.#documents?.take(event, response);
  }

  #inviteAnswered(request: SipRequest, id: ItemId, response: SipResponse): void {
    const focus = this.#focuses.get(request.callId);
    const chat = this.#chats.get(request.callId);
    if (focus !== undefined) return this.#conference(focus).entered(response);
    if (chat !== undefined) return this.#conference(chat).chatEntered(response);
    if (this.#im.has(request.callId)) return this.#im.inviteAnswered(request, id, response);
    const person = aorOf(addressIn(request, 'To'));
    if (mediaType(request.contentType) !== conferenceInviteType || person === null) return;
    const outcome = outcomeOf(response);
    const answer = outcome.ok ? done : failed(outcome.failure);
    this.#tell({ is: 'callAnswered', focus: parseConferenceInvite(request.body).focus, person, outcome: answer });
  }

  #conference(focus: FocusUri): RecordedConference {
    const known = this.#conferences.get(focus);
    if (known !== undefined) return known;
    const me = this.owner?.aor ?? ('' as Aor);
    const conference = new RecordedConference(this.#world, me, focus, this.#tell);
    this.#conferences.set(focus, conference);
    return conference;
  }
}

/** Who wrote the first request that went out, or was the first that came in for. */
function ownerOf(entries: readonly TraceEntry[]): Aor | null {
  let guess: Aor | null = null;
  for (const entry of entries) {
    const message = readRecorded(entry);
    if (message?.is !== 'request') continue;
    if (message.direction === 'out') return aorOf(addressIn(message.request, 'From'));
    guess ??= aorOf(addressIn(message.request, 'To'));
  }
  return guess;
}

function keysOf(entries: readonly TraceEntry[]): Map<FocusUri, string> {
  const keys = new Map<FocusUri, string>();
  for (const entry of entries) {
    if (entry.direction !== 'out' || !entry.text.includes(conferenceInviteType)) continue;
    const message = readRecorded(entry);
    if (message?.is !== 'request' || message.method !== 'INVITE') continue;
    try {
      const { focus, conversationId } = parseConferenceInvite(message.request.body);
      const key = conversationId ?? message.request.header('Ms-Conversation-ID')?.trim();
      if (key !== undefined && !keys.has(focus)) keys.set(focus, key);
    } catch (error) {
      if (!(error instanceof MalformedBody)) throw error;
    }
  }
  return keys;
}

const addressIn = (request: SipRequest, name: string): string => parseNameAddr(request.header(name) ?? '')?.uri ?? '';

const eventOf = (request: SipRequest): string =>
  (/^[^;\s]+/.exec(request.header('Event') ?? '')?.[0] ?? '').toLowerCase();

/** The conference of a chat's URI. */
function focusOfChat(uri: string): FocusUri | null {
  return uri.includes('app:conf:chat:') ? focusUriOf(uri.replace('app:conf:chat:', 'app:conf:focus:')) : null;
}

/** A message of a chat that we entered before the recording begins. */
const chatOf = (request: SipRequest): FocusUri | null => focusOfChat(addressIn(request, 'From'));
