import type { RTCPeerConnection } from 'werift';
import { dataWindowOf } from './internals';

const mostChannels = 8;
/** Bytes of data that wait for their missing pieces; the other end was told to send no more. */
const mostUnread = 1024 * 1024;

/** To be called before candidates are gathered: with no STUN server given, werift asks a public one of its own choice. */
export function askNoStunServer(pc: RTCPeerConnection): void {
  for (const { connection } of pc.iceTransports) connection.stunServer = undefined;
}

export interface ConnectionEvents {
  connected(): void;
  /** ICE or DTLS failed, or the other end closed; once. */
  lost(): void;
}

/** Tells when a peer connection connects and when it is lost. */
export function watchConnection(pc: RTCPeerConnection, events: ConnectionEvents): void {
  let isOver = false;
  pc.connectionStateChange.subscribe((state) => {
    if (isOver) return;
    if (state === 'connected') events.connected();
    if (state !== 'failed' && state !== 'closed') return;
    isOver = true;
    events.lost();
  });
}

/**
 * After an ICE restart: werift itself does not check the new candidates when DTLS is connected already, and so would wait
 * for the other end's checks.
 */
export function checkAgain(pc: RTCPeerConnection): void {
  for (const { iceTransport, state } of pc.dtlsTransports) {
    const isRestarted = state === 'connected' && iceTransport.connection.nominated === undefined;
    // A failure is told by the state of the connection.
    if (isRestarted) iceTransport.start().catch(() => undefined);
  }
}

/** To be called between an offer and its answer: as the one who begins DTLS, werift waits 100 ms first. */
export function letOfferersBegin(pc: RTCPeerConnection): void {
  for (const transport of pc.dtlsTransports) if (transport.role === 'auto') transport.role = 'server';
}

/** True when the other end of the data channels does not keep to what it was told. werift itself takes everything. */
export function isOverfilled(pc: RTCPeerConnection): boolean {
  const channels = Object.keys(pc.sctpTransport?.dataChannels ?? {}).length;
  return (dataWindowOf(pc) ?? 0) < -mostUnread || channels > mostChannels;
}
