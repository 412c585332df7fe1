import type { Failure, Outcome } from '../domain/failure';
import { parseNameAddr, parseSeconds, splitCommas } from '../protocol/sip/headers';
import { type Aor, domainOf, type Gruu } from '../protocol/sip/uri';
import type { MessageAuthentication } from './messageAuthentication';
import { redirectTargets } from './redirect';
import type { SipResponse } from './sipMessages';
import type { SipUa } from './sipUa';

export interface RegistrationOptions {
  aor: Aor;
  instanceId: string;
  authentication: MessageAuthentication;
  /** Registered on this connection; told once a connection, not for refreshes. */
  onRegistered(response: SipResponse): void;
  /** 301, 302: the person is at home elsewhere; `targets` are servers, best first. */
  onRedirected(targets: readonly string[], failure: Failure): void;
  /** Refused for good: other credentials, another server or another person would be needed. */
  onRefused(failure: Failure): void;
}

const registerSeconds = 3_600;
const answeredWithinMs = 10_000;
const signOutAnsweredWithinMs = 2_000;
const retryMs = [1_000, 2_000, 4_000];

/**
 * REGISTER as Lync clients write it ([MS-SIPREGE], `lync-wire` 1.2), with JsSIP's digest or the steps of an NTLM handshake: one
 * Call-ID for all of them, the GRUU taken from the answer, a refresh before the end, and after a 5xx or silence another try
 * with back-off.
 */
export class Registration {
  readonly #ua: SipUa;
  readonly #options: RegistrationOptions;
  readonly #callId: string;
  readonly #fromTag: string;
  #cseq = 0;
  #gruu: Gruu | null = null;
  /** Once registered, trouble passes: a server that restarts is waited for. */
  #hasSucceeded = false;
  #retries = 0;
  #isUnderWay = false;
  /** What the last refusal named. */
  #targets: string[] = [];
  #stopTimer: () => void = () => undefined;

  constructor(ua: SipUa, options: RegistrationOptions) {
    this.#ua = ua;
    this.#options = options;
    this.#callId = ua.world.id();
    this.#fromTag = ua.newTag();
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

  /** Registers with a new handshake: the server does not know our signature any more. */
  renew(): void {
    if (this.#isUnderWay) return;
    this.#options.authentication.renew();
    void this.#signOn(false);
  }

  async #signOn(isFresh: boolean): Promise<void> {
    const { authentication } = this.#options;
    this.#stopTimer();
    this.#isUnderWay = true;
    if (authentication.lastsMs === 0) authentication.renew();
    let outcome = await this.#register(registerSeconds, answeredWithinMs);
    while (isChallenge(outcome) && authentication.continues) {
      outcome = await this.#register(registerSeconds, answeredWithinMs);
    }
    this.#isUnderWay = false;
    if (!outcome.ok) return this.#refused(outcome.failure, isFresh);
    const response = outcome.value;
    this.#retries = 0;
    this.#hasSucceeded = true;
    this.#gruu = gruuOf(response, this.#options.instanceId) ?? this.#gruu;
    const seconds = parseSeconds(response.header('Expires')) || registerSeconds;
    // REG-12: 30 s before the end, or at half of a short life.
    const refreshMs = Math.max(5, seconds > 90 ? seconds - 30 : seconds / 2) * 1000;
    this.#again(Math.min(refreshMs, authentication.lastsMs), false);
    if (isFresh) this.#options.onRegistered(response);
  }

  #refused(failure: Failure, isFresh: boolean): void {
    // News of the connection follow by themselves.
    if (failure.is === 'connectionLost' || failure.is === 'offline') return;
    if (failure.is === 'rejected' && (failure.status === 301 || failure.status === 302)) {
      return this.#options.onRedirected(this.#targets, failure);
    }
    const isPassing = failure.is === 'timedOut' || (failure.is === 'rejected' && failure.status >= 500);
    if (!this.#hasSucceeded || !isPassing) {
      this.#stopTimer();
      const { problem } = this.#options.authentication;
      return this.#options.onRefused(problem === null ? failure : { is: 'unsupported', what: problem });
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
      fromTag: this.#fromTag,
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
    const onRefusal = (response: SipResponse): void => {
      this.#targets = redirectTargets(response);
    };
    return this.#ua.transact(request, { timeoutMs, onAuthenticated, onRefusal });
  }
}

function isChallenge(outcome: Outcome<SipResponse>): boolean {
  return !outcome.ok && outcome.failure.is === 'rejected' && [401, 407].includes(outcome.failure.status);
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
