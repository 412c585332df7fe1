import { failed, type Outcome } from '../../domain/failure';
import { MalformedBody } from '../../protocol/malformed';
import type { Aor } from '../../protocol/sip/uri';
import type { SipReply, SipResponse } from '../../sip/sipMessages';
import type { Subscription } from '../../sip/subscription';
import type { UserAgent } from '../../sip/userAgent';
import type { World } from '../../world';
import type { DialectHost } from '../dialect';

/** What the parts of this dialect use of the user agent; a recording has one that sends nothing. */
export type Endpoint = Pick<UserAgent, 'contact' | 'gruu' | 'handle' | 'request' | 'service' | 'invite'> & {
  subscription(options: Parameters<UserAgent['subscription']>[0]): Subscribed;
};

/** What they use of a subscription. */
export type Subscribed = Pick<Subscription, 'start' | 'refresh' | 'stop' | 'isActive'>;

/** What every part of this dialect stands on. */
export interface LyncContext {
  readonly world: World;
  readonly host: DialectHost;
  readonly aor: Aor;
  readonly ua: Endpoint;
  /** Registered now: without it every command says `offline` and nothing is sent. */
  isLive(): boolean;
}

/** The one place where a peer's nonsense in a request is caught: 400, and the dialog lives on. */
export function answering(reply: SipReply, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error;
    reply(400, 'Bad Request', [`ms-client-diagnostics: 4001;reason="${error.message.replace(/["\\\r\n]/g, ' ')}"`]);
  }
}

/** The one place where nonsense in an answer is caught. */
export function reading<T>(outcome: Outcome<SipResponse>, read: (response: SipResponse) => T): Outcome<T> {
  if (!outcome.ok) return outcome;
  try {
    return { ok: true, value: read(outcome.value) };
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error;
    return failed({ is: 'malformed', what: error.what });
  }
}
