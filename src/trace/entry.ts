/** One thing seen at the SIP socket: exactly the bytes of a frame, credentials masked at the tap. */
export interface TraceEntry {
  /** Rises by one within one engine. */
  seq: number;
  /** Epoch ms. */
  at: number;
  direction: 'in' | 'out';
  /** `sip` a message; `ping` a keep-alive; `state` the socket opened, closed or failed (`text` says which). */
  kind: 'sip' | 'ping' | 'state';
  /** The WebSocket URL. */
  url: string;
  text: string;
  /** The frame could not be parsed or was refused; said in plain words. */
  fault?: string;
}
