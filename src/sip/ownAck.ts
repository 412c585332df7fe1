import type { Content } from './sipMessages';

/**
 * Our ACK to the 2xx of an INVITE of ours (RFC 3261 §13.2.2.4): at once, and again when the 2xx comes again. To an INVITE
 * without an offer the 2xx brings the offer: the ACK waits for our answer and carries it (§13.2.1).
 */
export class OwnAck {
  readonly #send: (response: Jssip.IncomingResponse, answer?: Content) => void;
  #isHeld: boolean;
  #response: Jssip.IncomingResponse | null = null;
  #answer: Content | undefined;

  constructor(isHeld: boolean, send: (response: Jssip.IncomingResponse, answer?: Content) => void) {
    this.#isHeld = isHeld;
    this.#send = send;
  }

  /** A 2xx has come and waits for our answer. */
  get isDue(): boolean {
    return this.#isHeld && this.#response !== null;
  }

  take(response: Jssip.IncomingResponse): void {
    this.#response = response;
    if (!this.#isHeld) this.#send(response, this.#answer);
  }

  /** Without an answer: who has none acknowledges before hanging up. */
  release(answer?: Content): void {
    if (!this.#isHeld || this.#response === null) return;
    this.#isHeld = false;
    this.#answer = answer;
    this.#send(this.#response, answer);
  }
}
