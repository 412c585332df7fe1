/**
 * Why an edge (`server/edge.ts`) closes a browser's WebSocket: codes of RFC 6455 §7.4, from the range for applications where
 * there is a choice. The reason beside it is one line for the log and the trace.
 */
export const edgeClose = {
  /** The path names a server that this edge does not carry to. */
  notAllowed: 4404,
  /** The server's name is unknown, its port refuses, or there is no way to it. */
  unreachable: 4502,
  /** Nothing answered at the server's address in time. */
  noAnswer: 4504,
  /** TLS could not be agreed on: no common version or cipher. */
  handshake: 4525,
  /** The server's certificate is not valid, or not for its name. */
  certificate: 4526,
  /** The server closed the connection, fell silent, or sent what is not SIP (1014, bad gateway). */
  lost: 1014,
} as const;
