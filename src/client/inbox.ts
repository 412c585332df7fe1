import type { IncomingFile, IncomingMessage, Report } from '../dialect/dialect';
import type { Conversation } from '../domain/conversation';
import type { FileItem } from '../domain/file';
import type { ItemId, ThreadId } from '../domain/ids';
import type { Message } from '../domain/message';
import { provenanceOf } from '../domain/provenance';
import type { Aor } from '../protocol/sip/uri';
import type { Conferences } from './conferences';
import { newConversation, pairwiseWith } from './conversations';
import type { Files } from './files';
import { changeConversation, type Floor, putConversation } from './floor';
import { fileIdOf } from './incomingFiles';
import type { Invitations } from './invitations';
import type { MediaSessions } from './media';
import type { Outbox } from './outbox';
import type { Sharing } from './sharing';
import { addItem, itemOf, nextOrder, orderOfNumber } from './transcripts';

export interface InboxParts {
  conferences: Conferences;
  invitations: Invitations;
  outbox: Outbox;
  media: MediaSessions;
  sharing: Sharing;
  files: Files;
  /** Reports about the connection itself. */
  onConnection(report: Extract<Report, { type: `connection.${string}` }>): void;
}

/** The one intake: everything a dialect tells passes here, is decided, and becomes facts. */
export class Inbox {
  readonly #floor: Floor;
  readonly #parts: InboxParts;
  readonly #threads = new Map<ThreadId, Aor>();

  constructor(floor: Floor, parts: InboxParts) {
    this.#floor = floor;
    this.#parts = parts;
  }

  take(report: Report): void {
    const { conferences, invitations, outbox, media, sharing, files, onConnection } = this.#parts;
    switch (report.type) {
      case 'connection.lost':
      case 'connection.live':
      case 'connection.ended':
        return onConnection(report);
      case 'capabilities.changed':
      case 'policy.changed':
      case 'self.changed':
      case 'contacts.replaced':
      case 'contacts.changed':
      case 'presence.changed':
        return this.#floor.record(report);
      case 'im.invited':
        this.#threads.set(report.thread, report.peer);
        return invitations.takeIm(report);
      case 'im.withdrawn':
      case 'conference.withdrawn':
        return invitations.takeWithdrawn(report.thread, report.elsewhere);
      case 'im.typing':
        return this.#typingOf(this.#peerOf(report.thread), report.typing);
      case 'im.ended':
        return this.#typingOf(this.#peerOf(report.thread), false);
      case 'conference.invited':
        return invitations.takeConference(report);
      case 'conference.changed': {
        conferences.takeChange(report);
        const conversation = conferences.byFocus(report.focus);
        return conversation && sharing.takeRoster(conversation.id);
      }
      case 'conference.typing':
        return this.#typing(conferences.byFocus(report.focus), report.who, report.typing);
      case 'conference.undelivered': {
        const conversation = conferences.byFocus(report.focus);
        if (conversation === undefined) return;
        return outbox.undelivered(conversation.id, report.id, report.recipient, report.failure);
      }
      case 'conference.left': {
        const conversation = conferences.byFocus(report.focus);
        if (conversation !== undefined && report.why !== 'lost') sharing.leave(conversation.id);
        return conferences.takeLeft(report.focus, report.why);
      }
      case 'media.ended':
        files.takeEnded(report.session);
        return media.take(report);
      case 'media.reoffered':
        return media.take(report);
      case 'file.offered':
      case 'file.withdrawn':
        return files.take(report);
      case 'sharing.offered':
      case 'sharing.withdrawn':
      case 'sharing.paused':
      case 'sharing.controlled':
        return sharing.take(report);
    }
  }

  /** Who is behind a thread that we began ourselves, where no dialect can tell. */
  know(thread: ThreadId, peer: Aor): void {
    this.#threads.set(thread, peer);
  }

  /** The peer of a thread: who invited us by it or wrote in it, else the open conversation of ours that speaks through it. */
  #peerOf(thread: ThreadId): Aor | undefined {
    const known = this.#threads.get(thread);
    const im = this.#floor.dialect()?.im;
    if (known !== undefined || im === undefined) return known;
    for (const { party, key, open } of Object.values<Conversation>(this.#floor.state().conversations)) {
      if (open && party.is === 'pairwise' && im.thread(party.peer, key) === thread) return party.peer;
    }
    return undefined;
  }

  #typingOf(peer: Aor | undefined, typing: boolean): void {
    if (peer !== undefined) this.#typing(pairwiseWith(this.#floor.state(), peer), peer, typing);
  }

  #typing(conversation: Conversation | undefined, who: Aor | undefined, typing: boolean): void {
    if (conversation === undefined || who === undefined) return;
    const others = conversation.typing.filter((aor) => aor !== who);
    if (!typing && others.length === conversation.typing.length) return;
    this.#floor.record({
      type: 'typing.changed',
      conversation: conversation.id,
      who: typing ? [...others, who] : others,
    });
  }

  /** Resolves when the message is on disk; the same id again is the same message and shown once. */
  async keep(incoming: IncomingMessage | IncomingFile): Promise<void> {
    const conversation = this.#conversationFor(incoming);
    const id = idOf(incoming) ?? (this.#floor.world.id() as ItemId);
    const state = this.#floor.state();
    const known = itemOf(state, conversation.id, id);
    // Awaited only where there is something to wait for: the screen comes before the next turn.
    const isKnown = known !== undefined || (this.#mayBeOnDisk(conversation) && (await this.#isOnDisk(idOf(incoming))));
    if (isKnown) {
      if (known?.own && incoming.in === 'conference') this.#ownCameBack(known, incoming.number);
      if (known?.kind === 'file' && 'file' in incoming) this.#parts.files.takeStored(known, incoming.file);
      return;
    }
    const number = incoming.in === 'conference' ? incoming.number : null;
    const isOwn = incoming.from === state.account?.aor;
    const item: Message | FileItem = {
      ...whatIsIn(incoming, isOwn),
      id,
      conversation: conversation.id,
      order:
        number === null
          ? nextOrder(this.#floor.state(), conversation.id)
          : orderOfNumber(this.#floor.state(), conversation.id, number),
      author: incoming.from,
      own: isOwn,
      at: incoming.in === 'conference' ? (incoming.sentAt ?? this.#floor.world.now()) : this.#floor.world.now(),
      ...(number === null ? {} : { number }),
      ...provenanceOf(incoming),
    };
    // The screen first, the disk beside it; the 200 waits for the disk.
    addItem(this.#floor, item, {
      open: true,
      unread: conversation.unread + (isOwn ? 0 : 1),
      typing: conversation.typing.filter((aor) => aor !== incoming.from),
    });
    await this.#floor.history().putItem(item);
  }

  /**
   * What is repeated is recent, so the newest items that are in memory answer for the disk; only a conversation of which
   * nothing is loaded is looked up, since a look at the disk would come before the screen.
   */
  #mayBeOnDisk(conversation: Conversation): boolean {
    return this.#floor.state().transcripts[conversation.id] === undefined;
  }

  async #isOnDisk(id: ItemId | null): Promise<boolean> {
    return id !== null && this.#floor.history().has(id);
  }

  /** A message or file of ours that the focus had taken although its answer was lost. */
  #ownCameBack(message: Message | FileItem, number: number | null): void {
    if (message.kind === 'file') return this.#parts.files.stored.told(message, number);
    const { delivery } = message;
    if (delivery.is === 'sent' || delivery.is === 'received') return;
    const order =
      number === null ? message.order : orderOfNumber(this.#floor.state(), message.conversation, number, message);
    const sent = { is: 'sent' as const, at: this.#floor.world.now() };
    this.#floor.record({
      type: 'message.settled',
      conversation: message.conversation,
      id: message.id,
      delivery: sent,
      order,
      ...(number === null ? {} : { number }),
    });
  }

  #conversationFor(incoming: IncomingMessage | IncomingFile): Conversation {
    const known =
      incoming.in === 'conference'
        ? this.#parts.conferences.byFocus(incoming.focus)
        : pairwiseWith(this.#floor.state(), incoming.peer);
    if (incoming.in === 'thread') this.#threads.set(incoming.thread, incoming.peer);
    if (known !== undefined) {
      if (incoming.in === 'conference' || known.key === incoming.key) return known;
      return changeConversation(this.#floor, known.id, { key: incoming.key }) ?? known;
    }
    if (incoming.in === 'conference') throw new Error('a message of a conference that nobody joined');
    const conversation = newConversation(this.#floor, { is: 'pairwise', peer: incoming.peer }, incoming.key);
    putConversation(this.#floor, conversation);
    return conversation;
  }
}

/** A file of two people keeps the id under which it was offered from tab to tab. */
function idOf(incoming: IncomingMessage | IncomingFile): ItemId | null {
  const isBetweenTwo = incoming.in === 'thread' && 'file' in incoming && incoming.id !== null;
  return isBetweenTwo ? fileIdOf(incoming.from, incoming.id ?? '') : incoming.id;
}

/** A file in the store waits for whoever gets it; one of ours, sent by another device, is there already. */
function whatIsIn(
  incoming: IncomingMessage | IncomingFile,
  isOwn: boolean,
): Pick<Message, 'kind' | 'body' | 'delivery'> | Pick<FileItem, 'kind' | 'file' | 'route' | 'state'> {
  if (!('file' in incoming)) return { kind: 'message', body: incoming.body, delivery: { is: 'received' } };
  const { id: file, sha256, ...facts } = incoming.file;
  const sentAt = incoming.in === 'conference' ? incoming.sentAt : null;
  const state = isOwn ? ({ is: 'done', at: sentAt ?? 0, place: null } as const) : ({ is: 'offered' } as const);
  return { kind: 'file', file: facts, route: { is: 'store', file, sha256 }, state };
}
