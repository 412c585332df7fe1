import type { Aor, Gruu } from '../src/protocol/sip/uri';

/** Extra header lines, in order: `[['Event', 'presence']]`. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** What a message may carry beside its routing headers. */
export interface Content {
  headers?: HeaderLines;
  contentType?: string;
  body?: string;
}

/** One registered endpoint of a person: a device, or one browser ([MS-SIPREGE]; key is AoR + epid). */
export interface Endpoint {
  readonly aor: Aor;
  readonly epid: string;
  /** `urn:uuid:…` of `+sip.instance`, without the prefix. */
  readonly instance: string;
  readonly gruu: Gruu;
  readonly displayName: string;
}

/** A request that passed authentication: `from.aor` is who the flow proved to be. */
export interface RoleRequest {
  readonly method: string;
  readonly uri: string;
  readonly from: Endpoint;
  readonly to: string;
  readonly fromTag: string;
  /** Empty outside a dialog. */
  readonly toTag: string;
  readonly callId: string;
  readonly cseq: number;
  /** First value of a header, name in any case; `undefined` when absent. */
  header(name: string): string | undefined;
  /** All values of a header, split at top-level commas. */
  values(name: string): string[];
  /** Media type in lower case without parameters; `''` when there is no body. */
  readonly contentType: string;
  /** UTF-8 text. */
  readonly body: string;
}

/** Answers a request, exactly once with a final status (a second final answer throws). 1xx may come before. */
export type Reply = (status: number, reason: string, content?: Content) => void;

/** What a client supports, by its own `Supported` lines; rule WSS-1: by capability, never by product name. */
export interface FinalAnswer {
  status: number;
  reason: string;
  header(name: string): string | undefined;
  body: string;
}

/** The ACK to a 2xx of ours. It has a body when the 2xx had an offer (RFC 3261 §13.2.1). */
export interface Acknowledgement {
  /** Of the INVITE that it acknowledges. */
  readonly cseq: number;
  /** Media type in lower case without parameters; `''` when there is no body. */
  readonly contentType: string;
  readonly body: string;
}

/** A dialog whose server end is one of our roles (a subscription's, the focus's, the MCU's). */
export interface RoleDialog {
  readonly callId: string;
  readonly remote: Endpoint;
  readonly localTag: string;
  readonly remoteTag: string;
  /** Sends a request in the dialog. Resolves with the final answer; 408 after 32 s; 430 at once when the flow is gone. */
  request(method: string, content?: Content): Promise<FinalAnswer>;
  /** Sends what nobody answers (BENOTIFY). False when the endpoint's flow is gone. */
  tell(method: string, content?: Content): boolean;
  /** Takes the CSeq number of a request that is not sent: of a notification that rides in an answer (`ms-piggyback-cseq`). */
  takeCseq(): number;
  /** Runs at the ACK to each 2xx of ours to an INVITE in this dialog, the first one's too. */
  onAck(run: (ack: Acknowledgement) => void): void;
  /** Runs when the remote endpoint is gone (its registration ended), once. */
  onGone(run: () => void): void;
  /** Forgets the dialog: later requests in it get 481. */
  end(): void;
}

/**
 * One of the server's SIP roles. CANCEL never reaches a role, and ACK only by `RoleDialog.onAck`. Requests reach it by Request-URI, method and event package (`router.ts`); requests in a
 * dialog that it made with `createDialog` come to that dialog's handler instead.
 */
export interface Role {
  handle(request: RoleRequest, reply: Reply): void;
}

/** What the core gives to every role. */
export interface RoleContext {
  readonly domain: string;
  /** Host and port as written into Contact, e.g. `fe1.contoso.example:5061`. */
  readonly serverUri: string;
  /** Registered endpoints of a person now. */
  endpointsOf(aor: Aor): readonly Endpoint[];
  onEndpointAdded(run: (endpoint: Endpoint) => void): void;
  /** After unregistration, expiry, or the flow's loss; `last` when the person has none left. */
  onEndpointRemoved(run: (endpoint: Endpoint, last: boolean) => void): void;
  /**
   * Makes the server end of a dialog from the request that starts it (SUBSCRIBE, INVITE). The reply to that request then
   * carries this dialog's To tag and, when 1xx or 2xx, its Contact. `local.uri` is written into From of what we send;
   * `local.contact` is a URI, or a whole value such as `<sip:...>;isfocus`.
   */
  createDialog(
    request: RoleRequest,
    local: { uri: string; contact: string },
    handle: (request: RoleRequest, reply: Reply) => void,
  ): RoleDialog;
  /** Epoch ms. */
  now(): number;
  after(ms: number, run: () => void): () => void;
  log: { info(fields: object, text: string): void; warn(fields: object, text: string): void };
}
