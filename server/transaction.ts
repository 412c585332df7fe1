import type { Clock } from './clock';
import type { SipMessage } from './codec';
import type { Flow } from './flow';
import { tagOf } from './headerFields';

/** RFC 3261 §17.1.2.2 Timer F, 64 * T1: how long an answer may take. */
export const answerWithin = 32_000;

/** FRM-5: native clients send no branch, so Call-ID, From tag, CSeq and method name a transaction within a flow. */
export function serverKeyOf(flow: Flow, request: SipMessage, method = request.method): string {
  const branch = branchOf(request.raw('via') ?? '');
  return `${flow.id} ${request.raw('call-id')} ${tagOf(request.raw('from') ?? '')} ${request.cseq} ${method} ${branch}`;
}

/** `''` when Via has none. */
export function branchOf(via: string): string {
  const at = via.indexOf('branch=');
  if (at < 0) return '';
  const match = /^[^;,\s"]*/.exec(via.slice(at + 7));
  return match?.[0] ?? '';
}

/** A request that waits for its final answer at our client side. */
export interface ClientTransaction {
  readonly flow: Flow;
  readonly callId: string;
  readonly cseq: number;
  readonly method: string;
  /** Every answer; after a final one of a non-INVITE the transaction is gone. */
  receive(response: SipMessage): void;
  /** No final answer came in time, or the flow is gone (430, RFC 5626 §11.5). */
  fail(status: 408 | 430): void;
}

/**
 * Requests that we sent and that are not answered yet, by our Via branch. Non-INVITE ones end by themselves after 32 s: as
 * all wait equally long, the map's order is the order of expiry. INVITEs are ended by who sent them (`fork.ts`).
 */
export class ClientTransactions {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, { transaction: ClientTransaction; expiresAt: number }>();
  readonly #invites = new Map<string, ClientTransaction>();
  readonly #prefix: string;
  #count = 0;
  #sweeping = false;

  constructor(clock: Clock, prefix: string) {
    this.#clock = clock;
    this.#prefix = prefix;
  }

  get size(): number {
    return this.#waiting.size + this.#invites.size;
  }

  newBranch(): string {
    this.#count += 1;
    return `z9hG4bK${this.#prefix}${this.#count.toString(36)}`;
  }

  add(branch: string, transaction: ClientTransaction): void {
    if (transaction.method === 'INVITE') {
      this.#invites.set(branch, transaction);
      return;
    }
    this.#waiting.set(branch, { transaction, expiresAt: this.#clock.now() + answerWithin });
    if (!this.#sweeping) this.#sweepAfter(answerWithin);
  }

  remove(branch: string): void {
    this.#invites.delete(branch);
    this.#waiting.delete(branch);
  }

  /** False when nobody waits for it, or it does not come from whom we asked. */
  receive(flow: Flow, response: SipMessage): boolean {
    const branch = branchOf(response.raw('via') ?? '');
    const transaction = this.#invites.get(branch) ?? this.#waiting.get(branch)?.transaction;
    if (transaction === undefined || transaction.flow !== flow) return false;
    if (response.raw('call-id') !== transaction.callId || response.cseq !== transaction.cseq) return false;
    if (!(response.raw('cseq') ?? '').endsWith(transaction.method)) return false;
    if (response.status >= 200) this.#waiting.delete(branch);
    transaction.receive(response);
    return true;
  }

  flowLost(flow: Flow): void {
    for (const [branch, { transaction }] of [...this.#waiting]) {
      if (transaction.flow !== flow) continue;
      this.#waiting.delete(branch);
      transaction.fail(430);
    }
    for (const [branch, transaction] of [...this.#invites]) {
      if (transaction.flow !== flow) continue;
      this.#invites.delete(branch);
      transaction.fail(430);
    }
  }

  #sweepAfter(ms: number): void {
    this.#sweeping = true;
    this.#clock.after(ms, () => this.#sweep());
  }

  #sweep() {
    this.#sweeping = false;
    const now = this.#clock.now();
    for (const [branch, { transaction, expiresAt }] of this.#waiting) {
      if (expiresAt > now) return this.#sweepAfter(expiresAt - now);
      this.#waiting.delete(branch);
      transaction.fail(408);
    }
  }
}
