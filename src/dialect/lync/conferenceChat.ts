import { done, type Failure, failed, type Outcome, ok } from '../../domain/failure';
import type { ItemId } from '../../domain/ids';
import { toldBy } from '../../domain/provenance';
import { imdnType, parseImdn } from '../../protocol/lync/imdn';
import {
  formatKeyboardActivity,
  keyboardActivityType,
  parseKeyboardActivity,
} from '../../protocol/lync/keyboardActivity';
import { fileMessages } from '../../protocol/shared/fileMessage';
import { hasToken, parseNameAddr } from '../../protocol/sip/headers';
import { formatImOffer, ourAcceptTypes } from '../../protocol/sip/imOffer';
import { mediaType } from '../../protocol/sip/multipart';
import { type Aor, aorOf, type FocusUri } from '../../protocol/sip/uri';
import type { Invite } from '../../sip/invite';
import type { SipReply, SipRequest, SipResponse } from '../../sip/sipMessages';
import type { IncomingFile, IncomingMessage, OutgoingFile, OutgoingMessage } from '../dialect';
import { answering, type LyncContext } from './context';
import { itemLine, itemOf } from './items';
import { saidIn, sayingOf } from './messageBody';
import { Queue } from './queue';
import { OwnTyping, PeerTyping } from './typing';

const answeredWithinMs = 30_000;
const numbered = 'com.confab.numbered';
/** Ids of our messages for which the MCU may still send a delivery notice. */
const mostRemembered = 500;

/** Our place in the IM MCU of a conference (`lync-wire` 6.5): one INVITE dialog in which everybody's messages come. */
export class ConferenceChat {
  readonly #context: LyncContext;
  readonly #focus: FocusUri;
  readonly #onGone: () => void;
  readonly #sending = new Queue();
  readonly #sent = new Map<string, ItemId>();
  readonly #typing = new Map<Aor, PeerTyping>();
  readonly #ownTyping: OwnTyping;
  #invite: Invite | null = null;
  #isNumbered = false;
  #readsFiles = false;

  /** `onGone` runs when the dialog ends and we did not end it. */
  constructor(context: LyncContext, focus: FocusUri, onGone: () => void) {
    this.#context = context;
    this.#focus = focus;
    this.#onGone = onGone;
    this.#ownTyping = new OwnTyping(context.world, (typing) => this.#tellTyping(typing));
  }

  /** True when the MCU numbers its messages (NUM-1). */
  get isNumbered(): boolean {
    return this.#isNumbered;
  }

  /** `since`: the highest number we hold; what came after it is sent to us first (NUM-2). */
  async enter(mcu: string, since: number): Promise<Outcome<void>> {
    const { invite, answered } = this.#context.ua.invite(
      {
        target: mcu,
        headers: ['ms-sender', numbered, fileMessages]
          .map((token) => `Supported: ${token}`)
          .concat(`Confab-Since: ${since}`),
        content: { contentType: 'application/sdp', body: formatImOffer({ uri: null, acceptTypes: ourAcceptTypes }) },
        timeoutMs: answeredWithinMs,
      },
      {
        onRequest: (request, reply) => answering(reply, () => this.#take(request, reply)),
        onEnded: () => this.#ended(),
      },
    );
    const outcome = await answered;
    if (!outcome.ok) return outcome;
    const supported = outcome.value.headers('Supported');
    this.#isNumbered = hasToken(supported, numbered);
    this.#readsFiles = hasToken(supported, fileMessages);
    if (invite.isEnded()) return failed(notThere);
    this.#invite = invite;
    return done;
  }

  #ended(): void {
    if (this.#invite === null) return;
    this.#forget();
    this.#onGone();
  }

  #forget(): void {
    this.#invite = null;
    this.#ownTyping.forget();
    for (const typing of this.#typing.values()) typing.set(false);
  }

  /** BYE. */
  leave(): void {
    const invite = this.#invite;
    this.#forget();
    invite?.end();
  }

  // ---- What we say ------------------------------------------------------------------------------------------------------

  send(message: OutgoingMessage | OutgoingFile): Promise<Outcome<{ number: number | null }>> {
    return this.#sending.run(async () => {
      const invite = this.#invite;
      if (invite === null) return failed(notThere);
      if ('file' in message && !this.#readsFiles) return failed({ is: 'unsupported', what: 'fileStore' });
      this.#ownTyping.forget();
      const content = sayingOf(message, this.#context.world.id());
      const outcome = await invite.request('MESSAGE', content, [itemLine(message.id)], answeredWithinMs);
      if (!outcome.ok) {
        if (endsDialog(outcome.failure) && this.#invite === invite) invite.end();
        return outcome;
      }
      return ok({ number: this.#accepted(outcome.value, message.id) });
    });
  }

  /** The MCU's id of the message: with a numbering MCU, its number (NUM-4). */
  #accepted(response: SipResponse, id: ItemId): number | null {
    const messageId = response.header('Message-Id')?.trim() ?? '';
    if (messageId === '') return null;
    this.#sent.set(messageId, id);
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > mostRemembered && oldest !== undefined) this.#sent.delete(oldest);
    return this.#isNumbered ? numberIn(messageId) : null;
  }

  setTyping(typing: boolean): void {
    if (this.#invite !== null) this.#ownTyping.set(typing);
  }

  async #tellTyping(typing: boolean): Promise<void> {
    const content = { contentType: keyboardActivityType, body: formatKeyboardActivity(typing) };
    if (this.#context.isLive()) await this.#invite?.request('INFO', content);
  }

  // ---- What others say --------------------------------------------------------------------------------------------------

  #take(request: SipRequest, reply: SipReply): void {
    if (request.method === 'NOTIFY' || request.method === 'BENOTIFY') return this.#takeNotice(request, reply);
    const from = senderIn(request);
    if (from === null) return reply(400, 'Bad Request');
    if (request.method === 'INFO') return this.#takeInfo(from, request, reply);
    if (request.method !== 'MESSAGE') return reply(405, 'Method Not Allowed', ['Allow: MESSAGE, INFO, NOTIFY, BYE']);
    const message = messageIn(this.#focus, from, request);
    if (message === null) return reply(415, 'Unsupported Media Type', ['Accept: text/plain, text/html']);
    this.#typing.get(from)?.set(false);
    this.#context.host.keep(message).then(
      () => reply(200, 'OK'),
      () => reply(500, 'Server Internal Error'),
    );
  }

  #takeInfo(from: Aor, request: SipRequest, reply: SipReply): void {
    if (mediaType(request.contentType) === keyboardActivityType) {
      this.#typingOf(from).set(parseKeyboardActivity(request.body));
    }
    reply(200, 'OK');
  }

  #typingOf(who: Aor): PeerTyping {
    const known = this.#typing.get(who);
    if (known !== undefined) return known;
    const typing = new PeerTyping(this.#context.world, (isTyping) =>
      this.#context.host.report({ type: 'conference.typing', focus: this.#focus, who, typing: isTyping }),
    );
    this.#typing.set(who, typing);
    return typing;
  }

  /** The MCU had accepted a message, but some did not get it ([MS-CONFIM]). */
  #takeNotice(request: SipRequest, reply: SipReply): void {
    if (mediaType(request.contentType) === imdnType) {
      const { messageId, recipients } = parseImdn(request.body);
      const id = this.#sent.get(messageId);
      for (const { aor: recipient, status } of recipients) {
        if (id === undefined || status < 300) continue;
        const failure: Failure = { is: 'rejected', status, reason: '' };
        this.#context.host.report({ type: 'conference.undelivered', focus: this.#focus, id, recipient, failure });
      }
    }
    reply(200, 'OK');
  }
}

export const notThere: Failure = { is: 'rejected', status: 481, reason: 'Not in the conference' };

function endsDialog(failure: Failure): boolean {
  if (failure.is === 'timedOut') return true;
  return failure.is === 'rejected' && [408, 480, 481].includes(failure.status);
}

/** The author: From is the MCU (6.5). */
export function senderIn(request: SipRequest): Aor | null {
  const sender = parseNameAddr(request.header('Ms-Sender') ?? '');
  return sender === null ? null : aorOf(sender.uri);
}

/** `null` for a media type that we cannot show. Throws `MalformedBody`. */
export function messageIn(focus: FocusUri, from: Aor, request: SipRequest): IncomingMessage | IncomingFile | null {
  const said = saidIn(request);
  if (said === null) return null;
  const date = Date.parse(request.header('Date') ?? '');
  return {
    in: 'conference',
    focus,
    number: numberIn(request.header('Confab-Number') ?? ''),
    sentAt: Number.isFinite(date) ? date : null,
    from,
    id: itemOf(request),
    ...said,
    ...toldBy(request.frame),
  };
}

export function numberIn(text: string): number | null {
  return /^\d{1,15}$/.test(text.trim()) ? Number(text) : null;
}
