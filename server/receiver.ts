import { carriesSignature } from './authentication/securityAssociation';
import { parseMessage, type SipMessage } from './codec';
import type { Core } from './core';
import { answerToDamaged, unanswered } from './damaged';
import { type Refusal, refusals } from './diagnostics';
import type { Flow } from './flow';
import { refusalOf, unsupportedOf } from './guard';
import type { SipProxy } from './proxy';
import type { Registrar } from './registrar';
import type { Router } from './router';
import { ServerTransaction } from './serverTransaction';
import { serverKeyOf } from './transaction';

export interface Floors {
  readonly registrar: Registrar;
  readonly router: Router;
  readonly proxy: SipProxy;
}

/** Of one connection the first damaged messages are logged, then each thousandth. */
const loggedAtFirst = 20;
const loggedThen = 1000;

/** Takes messages off the flows: reads, checks who speaks, and gives each to the transaction or the floor it is for. */
export class Receiver {
  readonly #core: Core;
  readonly #floors: Floors;
  readonly #pending = new Map<string, ServerTransaction>();

  constructor(core: Core, floors: Floors) {
    this.#core = core;
    this.#floors = floors;
  }

  /** One message, whole. */
  receive(flow: Flow, bytes: Buffer) {
    const parsed = parseMessage(bytes);
    if (parsed.is === 'damaged') return this.damaged(flow, parsed.why, parsed.answerable, parsed.status);
    this.take(flow, parsed.message);
  }

  take(flow: Flow, message: SipMessage): void {
    if (flow.association !== null && !this.#isAuthentic(flow, message)) return;
    if (message.isRequest) this.#request(flow, message);
    else this.#response(flow, message);
  }

  /** Answers a request without looking at it further; responses and ACK are dropped. */
  refuse(flow: Flow, message: SipMessage, refusal: Refusal) {
    if (!message.isRequest || unanswered.has(message.method) || this.#isRepeated(flow, message)) return;
    this.#begin(flow, message).refuse(refusal, [['Retry-After', '1']]);
  }

  /** Answers 400 (or `status`) when enough could be read, else drops it; the flow lives on. */
  damaged(flow: Flow, why: string, answerable: SipMessage | null, status = 400): void {
    flow.damaged += 1;
    // A connection that sends nothing else shall not fill the disk.
    if (flow.damaged <= loggedAtFirst || flow.damaged % loggedThen === 0) {
      const { address } = flow.transport;
      this.#core.log.warn({ flow: flow.id, address, why, count: flow.damaged }, 'damaged SIP message');
    }
    const answer = answerToDamaged(answerable, why, status);
    if (answer !== null) flow.send(answer);
  }

  flowLost(flow: Flow): void {
    for (const transaction of [...this.#pending.values()]) {
      if (transaction.flow !== flow) continue;
      transaction.onCancel?.(null);
      transaction.end();
    }
  }

  /** AUT-5: what its client did not sign is dropped. A REGISTER may begin a new handshake. */
  #isAuthentic(flow: Flow, message: SipMessage): boolean {
    if (message.method === 'REGISTER' && !carriesSignature(message)) return true;
    const verdict = flow.association?.check(message);
    if (verdict === 'right') return true;
    // In a new handshake a native client has no keys for what it sends meanwhile; TLS vouches for it.
    if (verdict === 'missing' && flow.isHeld && flow.transport.protocol === 'TLS') return true;
    this.#core.log.warn(
      { flow: flow.id, address: flow.transport.address, method: message.method, status: message.status, verdict },
      'message dropped for its signature',
    );
    return false;
  }

  #response(flow: Flow, response: SipMessage): void {
    const sender = this.#core.registrations.ofFlow(flow);
    if (sender === undefined || !this.#core.clientTransactions.receive(flow, response)) {
      this.#core.log.info({ flow: flow.id, status: response.status }, 'response that nobody waits for');
    }
  }

  #request(flow: Flow, request: SipMessage) {
    if (request.method === 'REGISTER') {
      if (this.#isRepeated(flow, request)) return;
      return this.#floors.registrar.handle(this.#begin(flow, request));
    }
    const sender = this.#core.registrations.ofFlow(flow);
    const refusal = sender === undefined ? refusals.notSignedIn : refusalOf(request, sender);
    if (unanswered.has(request.method)) {
      // BENOTIFY is the server's word only.
      const passes = request.method === 'ACK' && refusal === null && sender !== undefined;
      return passes ? this.#floors.router.acknowledge(request, sender) : undefined;
    }
    if (request.method === 'CANCEL') return this.#cancel(flow, request);
    if (this.#isRepeated(flow, request)) return;
    const transaction = this.#begin(flow, request);
    if (refusal !== null || sender === undefined) return transaction.refuse(refusal ?? refusals.notSignedIn);
    if (Number(request.raw('max-forwards') ?? 70) === 0) return transaction.refuse(refusals.tooManyHops);
    const unsupported = unsupportedOf(request);
    if (unsupported.length > 0) {
      return transaction.refuse(refusals.badExtension, [['Unsupported', unsupported.join(', ')]]);
    }
    this.#floors.router.route(transaction, sender);
  }

  #begin(flow: Flow, request: SipMessage): ServerTransaction {
    return new ServerTransaction(flow, request, this.#pending, this.#core.serverName);
  }

  /** The same request again while we work on it. */
  #isRepeated(flow: Flow, request: SipMessage): boolean {
    return this.#pending.has(serverKeyOf(flow, request));
  }

  #cancel(flow: Flow, cancel: SipMessage) {
    const invite = this.#pending.get(serverKeyOf(flow, cancel, 'INVITE'));
    const transaction = this.#begin(flow, cancel);
    if (invite === undefined) return transaction.refuse(refusals.noSuchDialog);
    transaction.respond(200, 'OK');
    invite.onCancel?.(cancel);
  }
}
