import { type Aor, aorOf } from '../src/protocol/sip/uri';
import type { SipMessage } from './codec';
import type { Core } from './core';
import { type Refusal, refusals } from './diagnostics';
import { Fork } from './fork';
import { passedBack, tailOf } from './forward';
import { tagOf } from './headerFields';
import { OpenDialogs } from './openDialogs';
import type { Binding } from './registrations';
import type { ServerTransaction } from './serverTransaction';
import { answerWithin, type ClientTransaction } from './transaction';

/** Requests from one endpoint to others (RFC 3261 §16): a GRUU names one, a bare address all of a person. */
export class SipProxy {
  readonly #core: Core;
  readonly #dialogs: OpenDialogs;
  /** INVITEs that failed: their ACKs end here (RFC 3261 §17.1.1.3), as Call-ID and CSeq of a flow. */
  readonly #failedInvites = new Set<string>();

  constructor(core: Core) {
    this.#core = core;
    this.#dialogs = new OpenDialogs(core);
  }

  /** Passes a request to one endpoint. */
  toEndpoint(transaction: ServerTransaction, sender: Binding, target: Binding) {
    const { request } = transaction;
    if (target.flow === transaction.flow) return transaction.refuse(refusals.loop);
    if (request.method === 'INVITE') return this.#fork(transaction, sender, [target]);
    if (request.method === 'BYE') this.#dialogs.closed(request, sender);
    const { clientTransactions, serverName } = this.#core;
    const branch = clientTransactions.newBranch();
    clientTransactions.add(branch, new Relayed(transaction, target));
    const opening = tagOf(request.raw('to') ?? '') === '';
    target.flow.send(
      `${request.method} ${target.gruu} SIP/2.0\r\nVia: SIP/2.0/${target.flow.transport.protocol} ${serverName};branch=${branch}\r\n${tailOf(request, sender, opening)}`,
    );
  }

  /** Passes a request to a person: in a dialog to its far end, else to all endpoints but the sender's. */
  toPerson(transaction: ServerTransaction, sender: Binding, person: Aor) {
    const { request, flow } = transaction;
    const refusal = this.#cannotReach(person);
    if (refusal !== null) return transaction.refuse(refusal);
    if (tagOf(request.raw('to') ?? '') !== '') {
      const far = this.#dialogs.farEndOf(request, sender);
      return far === undefined ? transaction.refuse(refusals.dialogGone) : this.toEndpoint(transaction, sender, far);
    }
    const endpoints = this.#core.registrations.of(person).filter((endpoint) => endpoint.flow !== flow);
    if (endpoints.length === 0) return transaction.refuse(refusals.offline);
    this.#fork(transaction, sender, endpoints);
  }

  /** ACK of a 2xx goes on; of a failure it has arrived. */
  passAck(request: SipMessage, sender: Binding): void {
    const { uri } = request;
    if (this.#failedInvites.delete(inviteKeyOf(sender, request))) return;
    const person = aorOf(uri);
    const inDialog = tagOf(request.raw('to') ?? '') !== '';
    const target =
      this.#core.registrations.ofGruu(uri) ??
      (person !== null && inDialog ? this.#dialogs.farEndOf(request, sender) : undefined);
    if (target === undefined || target === sender) return;
    const branch = this.#core.clientTransactions.newBranch();
    target.flow.send(
      `ACK ${target.gruu} SIP/2.0\r\nVia: SIP/2.0/${target.flow.transport.protocol} ${this.#core.serverName};branch=${branch}\r\n${tailOf(request, sender, false)}`,
    );
  }

  endpointRemoved(endpoint: Binding): void {
    this.#dialogs.endpointRemoved(endpoint);
  }

  #fork(transaction: ServerTransaction, sender: Binding, endpoints: readonly Binding[]): void {
    if (transaction.request.method === 'INVITE') {
      const key = inviteKeyOf(sender, transaction.request);
      transaction.onFailed = () => {
        this.#failedInvites.add(key);
        this.#core.clock.after(answerWithin, () => this.#failedInvites.delete(key));
      };
    }
    new Fork(this.#core, transaction, sender, this.#dialogs).start(endpoints);
  }

  #cannotReach(person: Aor): Refusal | null {
    if (!person.endsWith(`@${this.#core.domain}`)) return refusals.otherDomain;
    return this.#core.accounts.find(person) === undefined ? refusals.unknownUser : null;
  }
}

function inviteKeyOf(sender: Binding, request: SipMessage): string {
  return `${sender.flow.id} ${request.raw('call-id')} ${request.cseq}`;
}

/** A non-INVITE request on its way to one endpoint. */
class Relayed implements ClientTransaction {
  readonly flow: Binding['flow'];
  readonly callId: string;
  readonly cseq: number;
  readonly method: string;
  readonly #upstream: ServerTransaction;
  readonly #target: Binding;

  constructor(upstream: ServerTransaction, target: Binding) {
    const { request } = upstream;
    this.flow = target.flow;
    this.callId = request.raw('call-id') ?? '';
    this.cseq = request.cseq;
    this.method = request.method;
    this.#upstream = upstream;
    this.#target = target;
  }

  receive(response: SipMessage): void {
    if (response.status === 100 || this.#upstream.finished) return;
    const wire = passedBack(response, this.#target);
    if (wire === null) this.#upstream.refuse(refusals.failed);
    else this.#upstream.relay(response.status, wire);
  }

  fail(status: 408 | 430): void {
    if (this.#upstream.finished) return;
    if (status === 408) this.#upstream.respond(408, 'Request Timeout');
    else this.#upstream.refuse(this.method === 'BYE' ? refusals.dialogGone : refusals.endpointGone);
  }
}
