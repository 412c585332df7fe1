import { done, failed, type Outcome } from '../../domain/failure';
import { formatImOffer, isImOffer, ourAcceptTypes } from '../../protocol/sip/imOffer';
import type { Gruu } from '../../protocol/sip/uri';
import type { Invite } from '../../sip/invite';
import type { InviteHandlers } from '../../sip/inviteHandlers';
import type { SipReply, SipRequest } from '../../sip/sipMessages';
import type { LyncContext } from './context';
import { senderOf } from './im';
import { inviteHeaders } from './imInvite';

const answeredWithinMs = 10_000;
/** The callee's 200 is repeated after half a second without an ACK (RFC 3261 §13.3.1.4): by then it is known to be lost. */
const acknowledgedWithinMs = 1_200;

/**
 * A message to oneself: INVITE, ACK, MESSAGE and BYE as with another person (`lync-wire` 5), from one endpoint to a quiet one
 * of the same person by its GRUU, so that the server carries them to no other.
 */
export class Greeting {
  readonly #context: LyncContext;

  constructor(context: LyncContext) {
    this.#context = context;
  }

  async say(endpoint: Gruu): Promise<Outcome<void>> {
    const { aor, ua, world } = this.#context;
    if (!this.#context.isLive()) return failed({ is: 'offline' });
    const offer = formatImOffer({ uri: null, acceptTypes: ourAcceptTypes });
    const { invite, answered } = ua.invite(
      {
        target: endpoint,
        headers: inviteHeaders(aor, aor, world.id()),
        content: { contentType: 'application/sdp', body: offer },
        timeoutMs: answeredWithinMs,
      },
      { onRequest: (_request, reply) => reply(405, 'Method Not Allowed'), onEnded: () => undefined },
    );
    const outcome = await answered;
    if (!outcome.ok) return outcome;
    const text = { contentType: 'text/plain;charset=UTF-8', body: 'A message to oneself, from the doctor of Confab.' };
    const said = await invite.request('MESSAGE', text, [], answeredWithinMs);
    invite.end();
    return said.ok ? done : said;
  }

  /** At a quiet endpoint: who we are ourselves is answered, nobody else. */
  take(request: SipRequest, ring: (handlers: InviteHandlers) => Invite, refuse: SipReply): void {
    const { aor, ua, world } = this.#context;
    if (senderOf(request) !== aor || !isImOffer(request.body)) return refuse(480, 'Temporarily Unavailable');
    let acknowledged: () => void = () => undefined;
    const isAcknowledged = new Promise<void>((resolve) => {
      acknowledged = resolve;
      world.after(acknowledgedWithinMs, resolve);
    });
    const invite = ring({
      // Not before the ACK, so that its loss shows.
      onRequest: (_message, reply) => void isAcknowledged.then(() => reply(200, 'OK')),
      onEnded: () => undefined,
      onAcknowledged: () => acknowledged(),
    });
    const answer = formatImOffer({ uri: aor, acceptTypes: ourAcceptTypes });
    invite.accept(ua.contact, [], { contentType: 'application/sdp', body: answer });
  }
}
