import { randomBytes } from 'node:crypto';
import type { SipMessage } from './codec';
import type { Core } from './core';
import { tagOf } from './headerFields';
import type { Binding } from './registrations';

/** One INVITE dialog between two endpoints: the header values of the 2xx that made it. */
interface OpenDialog {
  readonly callId: string;
  readonly from: string;
  readonly to: string;
  readonly caller: Binding;
  readonly callee: Binding;
}

/** Of one that opens more than anybody talks in, the oldest are forgotten. */
const mostPerEndpoint = 1000;

/** Above any number that a client would count to, below 2^31: the last request of a dialog needs no earlier one known. */
const farewellCseq = 2_000_000_000;

/**
 * INVITE dialogs between endpoints, so that a vanished end does not leave a ghost at the other: the far end gets a BYE in
 * its name. Requests in dialogs do not need this table; they are routed by GRUU alone, also after a restart.
 */
export class OpenDialogs {
  readonly #core: Core;
  readonly #byEndpoint = new Map<Binding, Map<string, OpenDialog>>();

  constructor(core: Core) {
    this.#core = core;
  }

  opened(response: SipMessage, caller: Binding, callee: Binding): void {
    const dialog: OpenDialog = {
      callId: response.raw('call-id') ?? '',
      from: response.raw('from') ?? '',
      to: response.raw('to') ?? '',
      caller,
      callee,
    };
    const key = keyOf(dialog.callId, tagOf(dialog.from), tagOf(dialog.to));
    this.#of(caller).set(key, dialog);
    this.#of(callee).set(key, dialog);
    const [oldest] = this.#of(caller);
    if (this.#of(caller).size > mostPerEndpoint && oldest !== undefined) this.#forget(...oldest);
  }

  /** A BYE passed from `sender`. */
  closed(bye: SipMessage, sender: Binding): void {
    const callId = bye.raw('call-id') ?? '';
    const [from, to] = [tagOf(bye.raw('from') ?? ''), tagOf(bye.raw('to') ?? '')];
    for (const key of [keyOf(callId, from, to), keyOf(callId, to, from)]) {
      const dialog = this.#byEndpoint.get(sender)?.get(key);
      if (dialog !== undefined) this.#forget(key, dialog);
    }
  }

  /** Where a request in a dialog goes whose Request-URI names only the person. */
  farEndOf(request: SipMessage, sender: Binding): Binding | undefined {
    const callId = request.raw('call-id') ?? '';
    const [from, to] = [tagOf(request.raw('from') ?? ''), tagOf(request.raw('to') ?? '')];
    const dialogs = this.#byEndpoint.get(sender);
    return dialogs?.get(keyOf(callId, from, to))?.callee ?? dialogs?.get(keyOf(callId, to, from))?.caller;
  }

  endpointRemoved(endpoint: Binding): void {
    for (const [key, dialog] of [...(this.#byEndpoint.get(endpoint) ?? [])]) {
      this.#forget(key, dialog);
      if (dialog.caller === endpoint) this.#sendBye(dialog.callee, dialog.from, dialog.to, dialog.callId);
      else this.#sendBye(dialog.caller, dialog.to, dialog.from, dialog.callId);
    }
  }

  #sendBye(remote: Binding, from: string, to: string, callId: string): void {
    const { flow } = remote;
    const branch = `z9hG4bK${randomBytes(8).toString('hex')}`;
    flow.send(
      `BYE ${remote.gruu} SIP/2.0\r\n` +
        `Via: SIP/2.0/${flow.transport.protocol} ${this.#core.serverName};branch=${branch}\r\nMax-Forwards: 70\r\n` +
        `From: ${from}\r\nTo: ${to}\r\nCall-ID: ${callId}\r\nCSeq: ${farewellCseq} BYE\r\n` +
        'ms-diagnostics-public: 24081;reason="The endpoint has disconnected"\r\nContent-Length: 0\r\n\r\n',
    );
  }

  #of(endpoint: Binding): Map<string, OpenDialog> {
    let dialogs = this.#byEndpoint.get(endpoint);
    if (dialogs === undefined) {
      dialogs = new Map();
      this.#byEndpoint.set(endpoint, dialogs);
    }
    return dialogs;
  }

  #forget(key: string, dialog: OpenDialog): void {
    for (const endpoint of [dialog.caller, dialog.callee]) {
      const dialogs = this.#byEndpoint.get(endpoint);
      dialogs?.delete(key);
      if (dialogs?.size === 0) this.#byEndpoint.delete(endpoint);
    }
  }
}

function keyOf(callId: string, callerTag: string, calleeTag: string): string {
  return `${callId} ${callerTag} ${calleeTag}`;
}
