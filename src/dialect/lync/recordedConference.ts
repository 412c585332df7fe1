import type { Role } from '../../domain/conference';
import { failed, type Outcome, ok } from '../../domain/failure';
import type { ItemId } from '../../domain/ids';
import { toldBy } from '../../domain/provenance';
import { parseCccpResponse } from '../../protocol/lync/cccp';
import { parseAddUserAnswer } from '../../protocol/lync/conferenceCommands';
import { imdnType, parseImdn } from '../../protocol/lync/imdn';
import { keyboardActivityType, parseKeyboardActivity } from '../../protocol/lync/keyboardActivity';
import { conferenceInfoType, parseConferenceInfo } from '../../protocol/shared/conferenceInfo';
import { hasToken } from '../../protocol/sip/headers';
import { mediaType, parseBody } from '../../protocol/sip/multipart';
import type { Aor, FocusUri } from '../../protocol/sip/uri';
import { outcomeOf, type SipRequest, type SipResponse } from '../../sip/sipMessages';
import type { World } from '../../world';
import type { Report } from '../dialect';
import type { Told } from '../recording';
import { refusalIn } from './conference';
import { messageIn, numberIn, senderIn } from './conferenceChat';
import { reading } from './context';
import { itemOf } from './items';
import { applyInfo, changedOf, untold } from './roster';
import { PeerTyping } from './typing';

/** As in a living conference: the reason may come a moment after the focus has hung up. */
const reasonWithinMs = 1_500;

/** One conference of a recording: its focus, its roster and its chat. */
export class RecordedConference {
  readonly #world: World;
  readonly #me: Aor;
  readonly #focus: FocusUri;
  readonly #tell: (told: Told) => void;
  readonly #typing = new Map<Aor, PeerTyping>();
  /** By the MCU's id of a message of ours. */
  readonly #sent = new Map<string, ItemId>();
  #told = untold;
  #role: Role = 'attendee';
  #isNumbered = false;

  constructor(world: World, me: Aor, focus: FocusUri, tell: (told: Told) => void) {
    this.#world = world;
    this.#me = me;
    this.#focus = focus;
    this.#tell = tell;
  }

  #report(report: Report): void {
    this.#tell({ is: 'reported', report });
  }

  // ---- Coming and going -------------------------------------------------------------------------------------------------

  /** The focus answered our `addUser`. */
  entered(response: SipResponse): void {
    const outcome = outcomeOf(response);
    const role = outcome.ok
      ? (refusalIn(response) ?? reading(outcome, ({ body }) => parseAddUserAnswer(parseCccpResponse(body).command)))
      : outcome;
    if (role.ok) this.#role = role.value;
    else this.#tell({ is: 'joined', focus: this.#focus, outcome: role });
  }

  /** The IM MCU answered our INVITE. */
  chatEntered(response: SipResponse): void {
    const outcome = outcomeOf(response);
    if (!outcome.ok) return this.#tell({ is: 'joined', focus: this.#focus, outcome });
    this.#isNumbered = hasToken(response.headers('Supported'), 'com.confab.numbered');
    const history = this.#isNumbered ? (this.#told.description?.history ?? 'none') : 'none';
    this.#tell({ is: 'joined', focus: this.#focus, outcome: ok({ role: this.#role, history }) });
  }

  /** The focus hung up. */
  focusEnded(): void {
    this.#world.after(reasonWithinMs, () => this.#over('removed'));
  }

  #over(why: 'removed' | 'ended'): void {
    this.quiet();
    this.#report({ type: 'conference.left', focus: this.#focus, why });
  }

  /** Nobody types any more: the chat is gone. */
  quiet(): void {
    for (const typing of this.#typing.values()) typing.set(false);
  }

  // ---- The roster -------------------------------------------------------------------------------------------------------

  takeRoster(document: SipRequest | SipResponse): void {
    if (document.body === '') return;
    for (const part of parseBody(document.contentType, document.body)) {
      if (part.contentType !== conferenceInfoType) continue;
      const info = parseConferenceInfo(part.body);
      if (info.state === 'deleted') return this.#over('ended');
      if (info.users?.some(({ aor, isDeleted }) => isDeleted && aor === this.#me)) return this.#over('removed');
      const next = applyInfo(this.#told, info, toldBy(document.frame));
      // The recording begins later, or lacks one: the next whole roster helps.
      if (next === 'gap') continue;
      this.#told = next;
      this.#report(changedOf(this.#focus, next));
    }
  }

  // ---- The chat ---------------------------------------------------------------------------------------------------------

  takeRequest(request: SipRequest): void {
    const type = mediaType(request.contentType);
    if (type === imdnType) return this.#takeUndelivered(request);
    const from = senderIn(request);
    if (from === null) return;
    if (request.method === 'INFO') {
      if (type === keyboardActivityType) this.#typingOf(from).set(parseKeyboardActivity(request.body));
      return;
    }
    const message = request.method === 'MESSAGE' ? messageIn(this.#focus, from, request) : null;
    if (message === null) return;
    this.#typing.get(from)?.set(false);
    this.#tell({ is: 'received', message });
  }

  #typingOf(who: Aor): PeerTyping {
    const known = this.#typing.get(who);
    if (known !== undefined) return known;
    const typing = new PeerTyping(this.#world, (isTyping) =>
      this.#report({ type: 'conference.typing', focus: this.#focus, who, typing: isTyping }),
    );
    this.#typing.set(who, typing);
    return typing;
  }

  #takeUndelivered(request: SipRequest): void {
    const { messageId, recipients } = parseImdn(request.body);
    const id = this.#sent.get(messageId);
    for (const { aor: recipient, status } of recipients) {
      if (id === undefined || status < 300) continue;
      const failure = { is: 'rejected', status, reason: '' } as const;
      this.#report({ type: 'conference.undelivered', focus: this.#focus, id, recipient, failure });
    }
  }

  /** What we wrote in the chat. */
  said(request: SipRequest, id: ItemId): void {
    const message = messageIn(this.#focus, this.#me, request);
    if (message === null) return;
    if ('file' in message) return this.#tell({ is: 'received', message });
    this.#tell({
      is: 'said',
      id: message.id ?? id,
      body: message.body,
      to: { in: 'conference', focus: this.#focus },
      ...toldBy(request.frame),
    });
  }

  settled(request: SipRequest, id: ItemId, response: SipResponse): void {
    const item = itemOf(request) ?? id;
    const outcome = outcomeOf(response);
    const messageId = response.header('Message-Id')?.trim() ?? '';
    if (messageId !== '') this.#sent.set(messageId, item);
    const number = this.#isNumbered ? numberIn(messageId) : null;
    const settled: Outcome<{ number: number | null }> = outcome.ok ? ok({ number }) : failed(outcome.failure);
    this.#tell({ is: 'settled', id: item, outcome: settled });
  }
}
