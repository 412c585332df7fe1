import type { Aor } from '../src/protocol/sip/uri';
import type { SecurityAssociation } from './authentication/securityAssociation';

/** Held messages beyond this many bytes: the client is given up. */
const longestHeld = 4 * 1024 * 1024;

/** What carries a flow: a WebSocket, a TCP or TLS connection, or a test. */
export interface Transport {
  /** As written into Via (RFC 3261 §18.1.1, RFC 7118 §5.2). */
  readonly protocol: 'WS' | 'WSS' | 'TCP' | 'TLS';
  /** The peer's IP address, for throttling and the log. */
  readonly address: string;
  readonly port: number;
  /** `wire` is latin1 text: one character a byte. */
  send(wire: string): void;
  /** `code` is for a WebSocket (RFC 6455 §7.4), 1008 when not given. */
  close(why: string, code?: number): void;
}

/**
 * A connection, and whose it is. Nothing but REGISTER is taken until `owner` is set by a proof of identity; from then on
 * it speaks for that person only.
 *
 * ```
 * anonymous ──prove──► proved ──disown──► anonymous        any ──lost──► gone
 * proved ──hold──► held ──prove, release──► proved
 * ```
 *
 * With a security association everything that is sent gets its signature here, after whoever made it, and in the order
 * in which it leaves.
 */
export class Flow {
  readonly id: string;
  readonly transport: Transport;
  /** Who this connection proved to be. */
  owner: Aor | null = null;
  /** From URI and Contact URI that were checked last: the same text need not be checked again. */
  checkedFrom = '';
  checkedContact = '';
  /** Highest nonce count seen of the nonce used last (RFC 2617 §3.2.2). */
  nonceUse: { nonce: string; count: number } = { nonce: '', count: 0 };
  gone = false;
  /** Messages that could not be read. */
  damaged = 0;
  #association: SecurityAssociation | null = null;
  /** Messages that wait for a new association; `null` when none is being made. */
  #held: { wires: string[]; length: number; cancelTimer: () => void } | null = null;

  constructor(id: string, transport: Transport) {
    this.id = id;
    this.transport = transport;
  }

  /** Signs and checks on native clients' connections; `null` on a browser's. */
  get association(): SecurityAssociation | null {
    return this.#association;
  }

  get isHeld(): boolean {
    return this.#held !== null;
  }

  prove(owner: Aor, association: SecurityAssociation | null = null): void {
    this.owner = owner;
    this.#association = association;
    this.checkedFrom = '';
    this.checkedContact = '';
  }

  disown(): void {
    this.release();
    this.owner = null;
    this.#association = null;
    this.checkedFrom = '';
    this.checkedContact = '';
  }

  send(wire: string): void {
    if (this.gone) return;
    if (this.#association === null) this.transport.send(wire);
    else if (this.#held === null || isRegisterAnswer(wire)) this.transport.send(this.#association.sign(wire));
    else {
      this.#held.wires.push(wire);
      this.#held.length += wire.length;
      if (this.#held.length > longestHeld) this.transport.close('too much to send before it proved who it is');
    }
  }

  /**
   * Between two associations nothing can be signed that the client can check: all but answers to REGISTER waits for
   * `release`, or for what `later` runs.
   */
  hold(later: (run: () => void) => () => void): void {
    if (this.#association === null || this.#held !== null) return;
    this.#held = { wires: [], length: 0, cancelTimer: later(() => this.release()) };
  }

  release(): void {
    const held = this.#held;
    this.#held = null;
    held?.cancelTimer();
    for (const wire of held?.wires ?? []) this.send(wire);
  }
}

function isRegisterAnswer(wire: string): boolean {
  return wire.startsWith('SIP/2.0 ') && /\r\ncseq[ \t]*:[ \t]*\d+[ \t]+REGISTER\r\n/i.test(wire);
}
