import type { SipMessage } from './codec';
import type { Core } from './core';
import { refusals } from './diagnostics';
import { passedBack, tailOf } from './forward';
import { tagOf } from './headerFields';
import type { OpenDialogs } from './openDialogs';
import type { Binding } from './registrations';
import type { ServerTransaction } from './serverTransaction';
import { answerWithin } from './transaction';

/** IM-4: a called client may wait this long before it says anything, and this long while its toast is up (Timer C). */
const firstWordWithin = 60_000;
const ringsFor = 180_000;

/** One copy of the request: `calling ──1xx──► ringing ──final──► over`, or `over` when its flow is gone. */
interface Branch {
  readonly id: string;
  readonly endpoint: Binding;
  readonly uri: string;
  state: { is: 'calling' } | { is: 'ringing' } | { is: 'over'; status: number };
  cancelTimer: () => void;
}

interface Failure {
  readonly status: number;
  readonly wire: string | null;
}

/**
 * An INVITE, or another request to a person with several endpoints, on its way to all of them (RFC 3261 §16.7, MPO-1 to
 * MPO-7). Exactly one final answer goes back.
 *
 * ```
 * asking ──first 2xx──► answered        asking ──6xx, all failed, nobody in time──► failed        asking ──CANCEL──► cancelled
 * ```
 */
export class Fork {
  readonly #core: Core;
  readonly #upstream: ServerTransaction;
  readonly #sender: Binding;
  readonly #dialogs: OpenDialogs;
  readonly #branches: Branch[] = [];
  #best: Failure | null = null;
  #state: 'asking' | 'answered' | 'failed' | 'cancelled' = 'asking';

  constructor(core: Core, upstream: ServerTransaction, sender: Binding, dialogs: OpenDialogs) {
    this.#core = core;
    this.#upstream = upstream;
    this.#sender = sender;
    this.#dialogs = dialogs;
  }

  get #isInvite(): boolean {
    return this.#upstream.request.method === 'INVITE';
  }

  start(endpoints: readonly Binding[]): void {
    const { request } = this.#upstream;
    if (this.#isInvite) this.#upstream.respond(100, 'Trying');
    this.#upstream.onCancel = (cancel) => this.#cancelled(cancel);
    const opening = tagOf(request.raw('to') ?? '') === '';
    const tail = tailOf(request, this.#sender, opening);
    for (const endpoint of endpoints) this.#branches.push(this.#newBranch(endpoint));
    for (const branch of this.#branches) {
      this.#core.clientTransactions.add(branch.id, {
        flow: branch.endpoint.flow,
        callId: request.raw('call-id') ?? '',
        cseq: request.cseq,
        method: request.method,
        receive: (response) => this.#received(branch, response),
        fail: (status) => this.#over(branch, { status, wire: null }),
      });
      branch.endpoint.flow.send(`${request.method} ${branch.uri} SIP/2.0\r\n${this.#via(branch)}${tail}`);
    }
  }

  #newBranch(endpoint: Binding): Branch {
    const branch: Branch = {
      id: this.#core.clientTransactions.newBranch(),
      endpoint,
      uri: endpoint.gruu,
      state: { is: 'calling' },
      cancelTimer: () => undefined,
    };
    if (this.#isInvite) branch.cancelTimer = this.#core.clock.after(firstWordWithin, () => this.#lateBranch(branch));
    return branch;
  }

  #via(branch: Branch): string {
    const { protocol } = branch.endpoint.flow.transport;
    return `Via: SIP/2.0/${protocol} ${this.#core.serverName};branch=${branch.id}\r\n`;
  }

  #received(branch: Branch, response: SipMessage) {
    if (response.status < 200) return this.#provisional(branch, response);
    if (response.status < 300) return this.#accepted(branch, response);
    if (this.#isInvite) this.#acknowledge(branch, response.raw('to') ?? '', branch.uri, branch.id);
    this.#over(branch, { status: response.status, wire: passedBack(response, branch.endpoint) });
  }

  #provisional(branch: Branch, response: SipMessage): void {
    if (branch.state.is === 'over' || this.#state !== 'asking') return;
    if (branch.state.is === 'calling' && this.#isInvite) {
      branch.cancelTimer();
      branch.cancelTimer = this.#core.clock.after(ringsFor, () => this.#lateBranch(branch));
    }
    branch.state = { is: 'ringing' };
    const wire = response.status === 100 ? null : passedBack(response, branch.endpoint);
    if (wire !== null) this.#upstream.relay(response.status, wire);
  }

  #accepted(branch: Branch, response: SipMessage): void {
    const repeated = branch.state.is === 'over' && branch.state.status < 300;
    this.#close(branch, response.status);
    if (this.#state !== 'asking') {
      // MPO-4, MPO-7: somebody else was first, or the caller gave up. A 2xx that is merely repeated is the caller's to ACK.
      if (this.#isInvite && !repeated) this.#hangUp(branch, response);
      return;
    }
    this.#state = 'answered';
    const wire = passedBack(response, branch.endpoint);
    if (wire === null) this.#upstream.refuse(refusals.failed);
    else this.#upstream.relay(response.status, wire);
    if (!this.#isInvite) return;
    if (tagOf(this.#upstream.request.raw('to') ?? '') === '') {
      this.#dialogs.opened(response, this.#sender, branch.endpoint);
    }
    const reason = `SIP;cause=200;text="Call completed elsewhere";ms-acceptedby="${branch.endpoint.aor}"`;
    this.#cancelOthers(reason);
  }

  /** A branch has failed: 6xx ends all, otherwise the others go on. */
  #over(branch: Branch, failure: Failure): void {
    if (branch.state.is === 'over') return;
    this.#close(branch, failure.status);
    if (this.#state !== 'asking') return;
    if (this.#best === null || rank(failure.status) < rank(this.#best.status)) this.#best = failure;
    const decided = failure.status >= 600;
    if (!decided && this.#branches.some((other) => other.state.is !== 'over')) return;
    this.#state = 'failed';
    const { status, wire } = this.#best;
    if (wire !== null) this.#upstream.relay(status, wire);
    else this.#upstream.refuse(status === 430 ? refusals.endpointGone : { status: 408, reason: 'Request Timeout' });
    if (decided) this.#cancelOthers('SIP;cause=603;text="Declined"');
  }

  #lateBranch(branch: Branch): void {
    if (branch.state.is === 'over') return;
    this.#sendCancel(branch, 'SIP;cause=408;text="Request Timeout"');
    this.#over(branch, { status: 408, wire: null });
  }

  #cancelled(cancel: SipMessage | null): void {
    if (this.#state !== 'asking') return;
    this.#state = 'cancelled';
    // FRM-11: some clients never answer a CANCEL, so the caller does not wait for them.
    if (cancel !== null) this.#upstream.respond(487, 'Request Terminated');
    this.#cancelOthers(cancel?.raw('reason') ?? null);
  }

  #cancelOthers(reason: string | null): void {
    for (const branch of this.#branches) {
      if (branch.state.is === 'over') continue;
      branch.cancelTimer();
      // The branch stays known, so that a 2xx that crosses the CANCEL can be hung up; but not for ever.
      branch.cancelTimer = this.#core.clock.after(answerWithin, () => this.#close(branch, 408));
      if (this.#isInvite) this.#sendCancel(branch, reason);
    }
  }

  #close(branch: Branch, status: number): void {
    branch.cancelTimer();
    branch.state = { is: 'over', status };
    this.#core.clientTransactions.remove(branch.id);
  }

  #sendCancel(branch: Branch, reason: string | null): void {
    const { request } = this.#upstream;
    branch.endpoint.flow.send(
      `CANCEL ${branch.uri} SIP/2.0\r\n${this.#via(branch)}Max-Forwards: 70\r\nFrom: ${request.raw('from')}\r\n` +
        `To: ${request.raw('to')}\r\nCall-ID: ${request.raw('call-id')}\r\nCSeq: ${request.cseq} CANCEL\r\n` +
        `${reason === null ? '' : `Reason: ${reason}\r\n`}Content-Length: 0\r\n\r\n`,
    );
  }

  #acknowledge(branch: Branch, to: string, uri: string, branchId: string): void {
    const { request } = this.#upstream;
    branch.endpoint.flow.send(
      `ACK ${uri} SIP/2.0\r\nVia: SIP/2.0/${branch.endpoint.flow.transport.protocol} ${this.#core.serverName};branch=${branchId}\r\n` +
        `Max-Forwards: 70\r\nFrom: ${request.raw('from')}\r\nTo: ${to}\r\nCall-ID: ${request.raw('call-id')}\r\n` +
        `CSeq: ${request.cseq} ACK\r\nContent-Length: 0\r\n\r\n`,
    );
  }

  /** MPO-4: ACK and BYE in the caller's name to an endpoint that accepted too late. */
  #hangUp(branch: Branch, response: SipMessage): void {
    const { request } = this.#upstream;
    const to = response.raw('to') ?? '';
    this.#acknowledge(branch, to, branch.uri, this.#core.clientTransactions.newBranch());
    const byeBranch = this.#core.clientTransactions.newBranch();
    branch.endpoint.flow.send(
      `BYE ${branch.uri} SIP/2.0\r\nVia: SIP/2.0/${branch.endpoint.flow.transport.protocol} ${this.#core.serverName};branch=${byeBranch}\r\n` +
        `Max-Forwards: 70\r\nFrom: ${request.raw('from')}\r\nTo: ${to}\r\nCall-ID: ${request.raw('call-id')}\r\n` +
        `CSeq: ${request.cseq + 1} BYE\r\nContent-Length: 0\r\n\r\n`,
    );
  }
}

/** MPO-5: the lowest class is best; a person's own word (486, 603) before the network's. */
function rank(status: number): number {
  if (status >= 600) return 0;
  const classRank = Math.floor(status / 100) * 10;
  if (status === 486) return classRank;
  return classRank + (status === 408 || status === 430 || status === 480 ? 2 : 1);
}
