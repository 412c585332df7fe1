import type { Failure, Outcome } from '../domain/failure';
import { parseNameAddr, parseSeconds, splitCommas } from '../protocol/sip/headers';
import { type Aor, domainOf, type Gruu } from '../protocol/sip/uri';
import type { SipResponse } from './sipMessages';
import type { SipUa } from './sipUa';

export interface RegistrationOptions {
  aor: Aor;
  instanceId: string;
  /** Registered on this connection; told once a connection, not for refreshes. */
  onRegistered(response: SipResponse): void;
  /** Refused for good: other credentials, another server or another person would be needed. */
  onRefused(failure: Failure): void;
}

const registerSeconds = 3_600;
const answeredWithinMs = 10_000;
const signOutAnsweredWithinMs = 2_000;
const retryMs = [1_000, 2_000, 4_000];

/**
 * REGISTER as Lync clients write it ([MS-SIPREGE], `lync-wire` 1.2), with JsSIP's digest: one Call-ID for all of them, the
 * GRUU taken from the answer, a refresh before the end, and after a 5xx or silence another try with back-off.
 */
export class Registration {
  readonly #ua: SipUa;
  readonly #options: RegistrationOptions;
  readonly #callId: string;
  #cseq = 0;
  #gruu: Gruu | null = null;
  /** Once registered, trouble passes: a server that restarts is waited for. */
  #hasSucceeded = false;
  #retries = 0;
  #stopTimer: () => void = () => undefined;

  constructor(ua: SipUa, options: RegistrationOptions) {
    this.#ua = ua;
    this.#options = options;
    this.#callId = ua.world.id();
  }

  /** REG-2: our GRUU once the registrar has given one. */
  get gruu(): Gruu | null {
    return this.#gruu;
  }

  get hasSucceeded(): boolean {
    return this.#hasSucceeded;
  }

  /** Registers on a new connection. */
  start(): void {
    this.#retries = 0;
    void this.#signOn(true);
  }

  /** The connection is gone, and with it every timer. */
  pause(): void {
    this.#stopTimer();
  }

  /** REG-13: signs out; settles when the server has answered or will not. */
  async end(): Promise<void> {
    this.#stopTimer();
    await this.#register(0, signOutAnsweredWithinMs);
  }

  async #signOn(isFresh: boolean): Promise<void> {
    const outcome = await this.#register(registerSeconds, answeredWithinMs);
    if (!outcome.ok) return this.#refused(outcome.failure, isFresh);
    const response = outcome.value;
    this.#retries = 0;
    this.#hasSucceeded = true;
    this.#gruu = gruuOf(response, this.#options.instanceId) ?? this.#gruu;
    const seconds = parseSeconds(response.header('Expires')) || registerSeconds;
    // REG-12: 30 s before the end, or at half of a short life.
    this.#again(Math.max(5, seconds > 90 ? seconds - 30 : seconds / 2) * 1000, false);
    if (isFresh) this.#options.onRegistered(response);
  }

  #refused(failure: Failure, isFresh: boolean): void {
    // News of the connection follow by themselves.
    if (failure.is === 'connectionLost' || failure.is === 'offline') return;
    const isPassing = failure.is === 'timedOut' || (failure.is === 'rejected' && failure.status >= 500);
    if (!this.#hasSucceeded || !isPassing) {
      this.#stopTimer();
      return this.#options.onRefused(failure);
    }
    const wait = retryMs[Math.min(this.#retries, retryMs.length - 1)] ?? 4_000;
    this.#retries += 1;
    const retryAfterMs = failure.is === 'rejected' ? (failure.retryAfterSeconds ?? 0) * 1000 : 0;
    this.#again(Math.max(wait, retryAfterMs), isFresh);
  }

  #again(ms: number, isFresh: boolean): void {
    this.#stopTimer();
    this.#stopTimer = this.#ua.world.after(ms, () => void this.#signOn(isFresh));
  }

  #register(expiresSeconds: number, timeoutMs: number): Promise<Outcome<SipResponse>> {
    const { aor, instanceId } = this.#options;
    this.#cseq += 1;
    const onAuthenticated = (cseq: number): void => {
      this.#cseq = cseq;
    };
    const request = this.#ua.outgoing('REGISTER', `sip:${domainOf(aor)}`, {
      to: aor,
      callId: this.#callId,
      cseq: this.#cseq,
      headers: [
        `Contact: <${this.#ua.contact.uri.toString()}>;methods="INVITE, MESSAGE, INFO, OPTIONS, BYE, CANCEL, NOTIFY, ACK, BENOTIFY";proxy=replace;+sip.instance="<urn:uuid:${instanceId}>"`,
        'Supported: gruu-10, adhoclist, msrtc-event-categories',
        'Supported: ms-userservices-state-notification',
        'ms-keep-alive: UAC;hop-hop=yes',
        'Event: registration',
        'Allow-Events: presence',
        `Expires: ${expiresSeconds}`,
      ],
    });
    return this.#ua.transact(request, { timeoutMs, onAuthenticated });
  }
}

/** REG-2: the GRUU in the answering Contact that carries our instance; Lync's `gruu`, or RFC 5627's `pub-gruu`. */
function gruuOf(response: SipResponse, instanceId: string): Gruu | null {
  for (const line of response.headers('Contact').flatMap(splitCommas)) {
    const contact = parseNameAddr(line);
    if (!contact?.params.get('+sip.instance')?.toLowerCase().includes(instanceId.toLowerCase())) continue;
    const gruu = contact.params.get('gruu') ?? contact.params.get('pub-gruu');
    if (gruu !== undefined && gruu !== '') return gruu as Gruu;
  }
  return null;
}
