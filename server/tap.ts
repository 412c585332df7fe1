import type { Flow, Transport } from './flow';

/** Sees every message of every connection, before it is read and as it leaves. Must be quick, and must not throw. */
export interface Tap {
  received(flow: Flow, bytes: Buffer): void;
  /** `wire` is latin1 text, signed where connections sign. */
  sent(flow: Flow, wire: string): void;
}

/** The transport with `sent` told of everything that goes out. */
export function tappedTransport(transport: Transport, sent: (wire: string) => void): Transport {
  return {
    protocol: transport.protocol,
    address: transport.address,
    port: transport.port,
    send: (wire) => {
      sent(wire);
      transport.send(wire);
    },
    close: (why, code) => transport.close(why, code),
  };
}
