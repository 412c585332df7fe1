import type { SipMessage } from './codec';
import { writeContent } from './compose';
import type { Core } from './core';
import { tagOf } from './headerFields';
import type { Binding } from './registrations';
import type { Acknowledgement, Content, Endpoint, FinalAnswer, Reply, RoleDialog, RoleRequest } from './role';
import { IncomingRequest } from './roleRequest';

export type DialogHandler = (request: RoleRequest, reply: Reply) => void;

/** Dialogs that end at one of our roles (RFC 3261 §12), by our own tag. */
export class RoleDialogs {
  readonly #core: Core;
  readonly #byTag = new Map<string, ServedDialog>();

  constructor(core: Core) {
    this.#core = core;
  }

  get size(): number {
    return this.#byTag.size;
  }

  create(request: RoleRequest, local: { uri: string; contact: string }, handle: DialogHandler): RoleDialog {
    if (!(request instanceof IncomingRequest)) throw new Error('a dialog needs a request that came in');
    const contact = local.contact.startsWith('<') ? local.contact : `<${local.contact}>`;
    request.transaction.contact = contact;
    const forget = (tag: string): boolean => this.#byTag.delete(tag);
    const dialog = new ServedDialog(this.#core, request, { uri: local.uri, contact }, handle, forget);
    this.#byTag.set(dialog.localTag, dialog);
    return dialog;
  }

  /** The dialog that a request belongs to. Nobody but its remote person can speak in it. */
  find(request: SipMessage, sender: Binding): ServedDialog | undefined {
    const dialog = this.#byTag.get(tagOf(request.raw('to') ?? ''));
    if (dialog === undefined || dialog.callId !== request.raw('call-id')) return undefined;
    if (dialog.remoteTag !== tagOf(request.raw('from') ?? '')) return undefined;
    return dialog.remote.aor === sender.aor ? dialog : undefined;
  }

  endpointRemoved(endpoint: Endpoint): void {
    for (const dialog of [...this.#byTag.values()]) {
      if (dialog.remote === endpoint) dialog.remoteGone();
    }
  }
}

class ServedDialog implements RoleDialog {
  readonly callId: string;
  readonly remote: Endpoint;
  readonly localTag: string;
  readonly remoteTag: string;
  readonly handle: DialogHandler;
  readonly #core: Core;
  readonly #forget: (tag: string) => void;
  /** Start and routing headers that stay the same, after Via: From, To, Call-ID, Contact. */
  readonly #fixed: string;
  readonly #goneRuns: (() => void)[] = [];
  readonly #ackRuns: ((ack: Acknowledgement) => void)[] = [];
  #cseq = 0;
  #gone = false;

  constructor(
    core: Core,
    request: IncomingRequest,
    local: { uri: string; contact: string },
    handle: DialogHandler,
    forget: (tag: string) => void,
  ) {
    this.#core = core;
    this.#forget = forget;
    this.handle = handle;
    this.callId = request.callId;
    this.remote = request.from;
    this.localTag = request.transaction.toTag;
    this.remoteTag = request.fromTag;
    // FRM-6: the other side's epid and tag stand in every request of the dialog.
    const to = request.transaction.request.raw('from') ?? '';
    this.#fixed =
      `From: <${local.uri}>;tag=${this.localTag}\r\nTo: ${to}\r\n` +
      `Call-ID: ${this.callId}\r\nContact: ${local.contact}\r\n`;
  }

  request(method: string, content?: Content): Promise<FinalAnswer> {
    const flow = this.#flow();
    if (flow === undefined) return Promise.resolve(failedAnswer(430));
    const branch = this.#core.clientTransactions.newBranch();
    return new Promise((resolve) => {
      this.#cseq += 1;
      this.#core.clientTransactions.add(branch, {
        flow,
        callId: this.callId,
        cseq: this.#cseq,
        method,
        receive: (response) => {
          if (response.status >= 200) resolve(answerOf(response));
        },
        fail: (status) => resolve(failedAnswer(status)),
      });
      flow.send(this.#write(method, branch, content));
    });
  }

  tell(method: string, content?: Content): boolean {
    const flow = this.#flow();
    if (flow === undefined) return false;
    this.#cseq += 1;
    flow.send(this.#write(method, this.#core.clientTransactions.newBranch(), content));
    return true;
  }

  takeCseq(): number {
    this.#cseq += 1;
    return this.#cseq;
  }

  onGone(run: () => void): void {
    if (this.#gone) run();
    else this.#goneRuns.push(run);
  }

  onAck(run: (ack: Acknowledgement) => void): void {
    this.#ackRuns.push(run);
  }

  acknowledged(ack: SipMessage): void {
    const contentType = ack.rawBody === '' ? '' : ack.contentType;
    for (const run of this.#ackRuns) run({ cseq: ack.cseq, contentType, body: ack.body });
  }

  end(): void {
    this.#forget(this.localTag);
  }

  remoteGone(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.end();
    for (const run of this.#goneRuns) run();
  }

  #flow(): Binding['flow'] | undefined {
    if (this.#gone) return undefined;
    const flow = this.#core.registrations.find(this.remote.aor, this.remote.epid)?.flow;
    return flow === undefined || flow.gone ? undefined : flow;
  }

  #write(method: string, branch: string, content: Content | undefined): string {
    const { protocol } = this.#flow()?.transport ?? { protocol: 'TCP' };
    return (
      `${method} ${this.remote.gruu} SIP/2.0\r\n` +
      `Via: SIP/2.0/${protocol} ${this.#core.serverName};branch=${branch}\r\nMax-Forwards: 70\r\n${this.#fixed}` +
      `CSeq: ${this.#cseq} ${method}\r\n${writeContent(content)}`
    );
  }
}

function answerOf(response: SipMessage): FinalAnswer {
  return {
    status: response.status,
    reason: response.reason,
    header: (name) => response.header(name),
    body: response.body,
  };
}

function failedAnswer(status: 408 | 430): FinalAnswer {
  return { status, reason: status === 408 ? 'Request Timeout' : 'Flow Failed', header: () => undefined, body: '' };
}
