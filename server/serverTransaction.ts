import { randomBytes } from 'node:crypto';
import type { SipMessage } from './codec';
import { writeResponse } from './compose';
import { diagnosticsOf, type Refusal } from './diagnostics';
import type { Flow } from './flow';
import type { Content, HeaderLines } from './role';
import { serverKeyOf } from './transaction';

/**
 * A request that we have to answer. On reliable transports nothing of it is kept after the final answer (Timer J is zero),
 * and an INVITE that failed is over without its ACK (FRM-10).
 */
export class ServerTransaction {
  readonly flow: Flow;
  readonly request: SipMessage;
  readonly key: string;
  /** The To tag of our own answers. */
  readonly toTag = randomBytes(8).toString('hex');
  /** Contact of 1xx and 2xx answers that make a dialog with us. */
  contact: string | null = null;
  finished = false;
  /** Runs on CANCEL (RFC 3261 §9.2), or when the flow is gone, while not finished. */
  onCancel: ((cancel: SipMessage | null) => void) | null = null;
  /** Runs when the final answer was no 2xx. */
  onFailed: (() => void) | null = null;
  readonly #pending: Map<string, ServerTransaction>;
  readonly #source: string;

  constructor(flow: Flow, request: SipMessage, pending: Map<string, ServerTransaction>, source: string) {
    this.flow = flow;
    this.request = request;
    this.key = serverKeyOf(flow, request);
    this.#pending = pending;
    this.#source = source;
    pending.set(this.key, this);
  }

  /** Our own answer. */
  respond(status: number, reason: string, content: Content = {}): void {
    // A role that took its time, and nobody is there any more.
    if (this.flow.gone) return;
    if (this.finished) throw new Error(`second final answer to ${this.request.method}`);
    const headers = this.#withContact(status, content.headers ?? []);
    this.relay(status, writeResponse(this.request, status, reason, this.toTag, { ...content, headers }));
  }

  refuse(refusal: Refusal, more: HeaderLines = []): void {
    this.respond(refusal.status, refusal.reason, { headers: [...diagnosticsOf(refusal, this.#source), ...more] });
  }

  /** Another's answer, ready for the wire. */
  relay(status: number, wire: string): void {
    if (status >= 200) this.end();
    if (status >= 300) this.onFailed?.();
    this.flow.send(wire);
  }

  /** Over, without an answer: the flow is gone. */
  end(): void {
    this.finished = true;
    this.#pending.delete(this.key);
  }

  #withContact(status: number, headers: HeaderLines): HeaderLines {
    if (this.contact === null || status === 100 || status >= 300) return headers;
    if (headers.some(([name]) => name.toLowerCase() === 'contact')) return headers;
    return [['Contact', this.contact], ...headers];
  }
}
