import { limits, parseMessage } from './codec';
import { headOf } from './damaged';
import { refusals } from './diagnostics';
import type { Flow, Transport } from './flow';
import type { Framed } from './framing';
import type { Home } from './home';
import { isLoopback } from './http/hosts';
import { Rate, type RateLimits } from './rate';

/** How much a connection may do before it is slowed down, and then closed. */
export interface ConnectionLimits extends RateLimits {
  /** A connection that has not signed in by then is closed. */
  readonly anonymousMs: number;
  /** Connections of one address that have not signed in. */
  readonly anonymousPerAddress: number;
}

export const standardLimits: ConnectionLimits = {
  anonymousMs: 30_000,
  anonymousPerAddress: 100,
  burst: 20_000,
  perSecond: 1_000,
  tooMany: 1_000,
};

/** One connection from accept to close: feeds the home server, and holds it to its limits. */
export class Connection {
  readonly flow: Flow;
  readonly #home: Home;
  readonly #limits: ConnectionLimits;
  readonly #rate: Rate;
  #wasAnonymous = true;
  #cancelCheck: () => void = () => undefined;

  private constructor(home: Home, transport: Transport, flowLimits: ConnectionLimits) {
    this.#home = home;
    this.#limits = flowLimits;
    this.#rate = new Rate(home.core.clock, flowLimits);
    this.flow = home.accept(transport);
    this.#checkLater();
  }

  /** `null` when its address has too many connections that have not signed in. */
  static accept(home: Home, transport: Transport, flowLimits: ConnectionLimits = standardLimits): Connection | null {
    let anonymous = 0;
    for (const { owner, transport: other } of home.flows) {
      if (owner === null && other.address === transport.address) anonymous += 1;
    }
    // Behind loopback stand reverse proxies and tests: many people with one address.
    const most = flowLimits.anonymousPerAddress * (isLoopback(transport.address) ? 50 : 1);
    return anonymous >= most ? null : new Connection(home, transport, flowLimits);
  }

  /** One whole message: of a WebSocket, or out of the framer. */
  message(bytes: Buffer): void {
    this.#home.tap?.received(this.flow, bytes);
    const verdict = this.#rate.count(bytes.length);
    if (verdict === 'close') return this.flow.transport.close('too many messages');
    if (verdict === 'refuse') return this.#refuseTooFast(bytes);
    if (bytes.length > limits.message) return this.#oversized(bytes);
    if (bytes.subarray(0, limits.head + 4).indexOf('\r\n\r\n') < 0 && bytes.length > limits.head) {
      return this.#lost(bytes.subarray(0, limits.head), 'the headers are too long');
    }
    try {
      this.#home.receiver.receive(this.flow, bytes);
    } catch (error) {
      // A bug of ours must cost its own message only, not everybody's connection.
      this.#home.core.log.error({ flow: this.flow.id, error }, 'a message made the server fail');
    }
  }

  /** What a stream brought. */
  framed(framed: Framed): void {
    if (framed.is === 'message') this.message(framed.bytes);
    else if (framed.is === 'ping') this.flow.send('\r\n');
    else if (framed.is === 'oversized') this.#oversized(framed.bytes);
    else this.#lost(framed.bytes, framed.why);
  }

  ended(): void {
    this.#cancelCheck();
    this.#home.lost(this.flow);
  }

  #oversized(bytes: Buffer): void {
    this.#home.receiver.damaged(this.flow, 'over the size limit', headOf(bytes), 513);
  }

  #lost(bytes: Buffer, why: string): void {
    this.#home.receiver.damaged(this.flow, why, headOf(bytes));
    this.flow.transport.close(why);
  }

  #refuseTooFast(bytes: Buffer): void {
    const parsed = parseMessage(bytes);
    if (parsed.is === 'message') this.#home.receiver.refuse(this.flow, parsed.message, refusals.tooFast);
  }

  /** Twice in a row without an owner is long enough. */
  #checkLater(): void {
    this.#cancelCheck = this.#home.core.clock.after(this.#limits.anonymousMs, () => {
      if (this.flow.gone) return;
      if (this.flow.owner === null && this.#wasAnonymous) return this.flow.transport.close('not signed in in time');
      this.#wasAnonymous = this.flow.owner === null;
      this.#checkLater();
    });
  }
}
