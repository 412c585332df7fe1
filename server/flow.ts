import type { Aor } from '../src/protocol/sip/uri';

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
 * ```
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

  constructor(id: string, transport: Transport) {
    this.id = id;
    this.transport = transport;
  }

  prove(owner: Aor): void {
    this.owner = owner;
    this.checkedFrom = '';
    this.checkedContact = '';
  }

  disown(): void {
    this.owner = null;
    this.checkedFrom = '';
    this.checkedContact = '';
  }

  send(wire: string): void {
    if (!this.gone) this.transport.send(wire);
  }
}
