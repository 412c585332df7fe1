/** The parts of JsSIP 3.13.8 that we stand on and that it does not type. `jssip.test.ts` fails when a new version moves one. */
declare namespace Jssip {
  interface Uri {
    user: string;
    scheme: string;
    toString(): string;
  }

  interface IncomingMessage {
    method: string;
    call_id: string;
    from_tag: string;
    to_tag: string | undefined;
    cseq: number;
    via_branch: string;
    body: string;
    getHeader(name: string): string | undefined;
    getHeaders(name: string): string[];
  }

  interface ServerTransaction {
    state: number;
    receiveResponse(status: number, text: string, onSuccess?: () => void, onFailure?: () => void): void;
    on(event: 'stateChanged', run: () => void): void;
  }

  interface IncomingRequest extends IncomingMessage {
    ruri: Uri;
    to_tag: string | undefined;
    server_transaction: ServerTransaction;
    reply_sl(status: number, reason?: string): void;
  }

  interface IncomingResponse extends IncomingMessage {
    status_code: number;
    reason_phrase: string;
  }

  interface OutgoingRequest {
    method: string;
    call_id: string;
    cseq: number;
    setHeader(name: string, value: string | string[]): void;
    getHeader(name: string): string | undefined;
    cancel(reason?: string): void;
  }

  interface RequestHandlers {
    onReceiveResponse?(response: IncomingResponse): void;
    onRequestTimeout?(): void;
    onTransportError?(): void;
    onAuthenticated?(request: OutgoingRequest): void;
  }

  interface Transport {
    connect(): void;
    disconnect(): void;
    isConnected(): boolean;
    isConnecting(): boolean;
    send(message: string): boolean;
    ondata(data: { message: unknown }): void;
    _reconnect(): void;
  }

  interface DialogOwner {
    _ua: Ua;
    receiveRequest(request: IncomingRequest): void;
    isEnded(): boolean;
  }

  interface Dialog {
    error?: string;
    readonly id: { remote_tag: string };
    readonly owner: DialogOwner;
    local_seqnum: number;
    /** CSeq number that the next ACK takes. */
    _outgoing_ack_seqnum: number | null;
    /** URI of the Contact of who is at the other end. */
    readonly _remote_target: Uri;
    terminate(): void;
    receiveRequest(request: IncomingRequest): void;
    _createRequest(method: string, headers: string[], body: string | null): OutgoingRequest;
  }

  interface Ua {
    transport: Transport;
    configuration: { uri: Uri };
    contact: { uri: Uri };
    start(): void;
    stop(): void;
    set(name: 'password', value: string): boolean;
    on(
      event: 'connected' | 'disconnected',
      run: (event: { error?: boolean; code?: number; reason?: string }) => void,
    ): this;
    receiveRequest(request: IncomingRequest): void;
    _findDialog(callId: string, fromTag: string, toTag: string): Dialog | null;
  }
}

declare module 'jssip/lib/UA.js' {
  const UA: new (configuration: object) => Jssip.Ua;
  export = UA;
}

declare module 'jssip/lib/Dialog.js' {
  const Dialog: new (
    owner: Jssip.DialogOwner,
    message: Jssip.IncomingMessage,
    type: 'UAC' | 'UAS',
    state?: number,
  ) => Jssip.Dialog;
  export = Dialog;
}

declare module 'jssip/lib/RequestSender.js' {
  const RequestSender: new (
    ua: Jssip.Ua,
    request: Jssip.OutgoingRequest,
    handlers: Jssip.RequestHandlers,
  ) => { send(): void };
  export = RequestSender;
}

declare module 'jssip/lib/SIPMessage.js' {
  const SIPMessage: {
    OutgoingRequest: new (
      method: string,
      uri: Jssip.Uri,
      ua: Jssip.Ua,
      params: {
        call_id?: string;
        cseq?: number;
        from_tag?: string;
        to_uri?: Jssip.Uri;
        to_tag?: string;
        route_set?: readonly string[];
      },
      headers: string[],
      body: string | null,
    ) => Jssip.OutgoingRequest;
    InitialOutgoingInviteRequest: new (
      uri: Jssip.Uri,
      ua: Jssip.Ua,
      params: { from_tag?: string; call_id?: string },
      headers: string[],
      body: string | null,
    ) => Jssip.OutgoingRequest;
  };
  export = SIPMessage;
}

declare module 'jssip/lib/Transactions.js' {
  const Transactions: {
    checkTransaction(ua: Jssip.Ua, request: Jssip.IncomingRequest): boolean;
    InviteServerTransaction: new (
      ua: Jssip.Ua,
      transport: Jssip.Transport,
      request: Jssip.IncomingRequest,
    ) => Jssip.ServerTransaction;
    NonInviteServerTransaction: new (
      ua: Jssip.Ua,
      transport: Jssip.Transport,
      request: Jssip.IncomingRequest,
    ) => Jssip.ServerTransaction;
  };
  export = Transactions;
}

declare module 'jssip/lib/URI.js' {
  const URI: { parse(text: string): Jssip.Uri | undefined };
  export = URI;
}
