import type { World } from '../world';

/** SIP has no trickle (`lync-wire` 7.3): an offer waits for its candidates, but no longer than this. */
export const gatheringMs = 2_000;

/**
 * Resolves when the connection has the candidates worth waiting for: all, or the first relayed one (with it there is a way),
 * or those of two seconds (an unreachable TURN server is noticed after 40).
 */
export function gathered(connection: RTCPeerConnection, world: World): Promise<void> {
  return new Promise((resolve) => {
    const enough = (): void => {
      stopTimer();
      connection.removeEventListener('icegatheringstatechange', look);
      connection.removeEventListener('icecandidate', take);
      resolve();
    };
    const look = (): void => {
      if (connection.iceGatheringState === 'complete') enough();
    };
    const take = ({ candidate }: RTCPeerConnectionIceEvent): void => {
      if (candidate?.type === 'relay') enough();
    };
    const stopTimer = world.after(gatheringMs, enough);
    connection.addEventListener('icegatheringstatechange', look);
    connection.addEventListener('icecandidate', take);
    look();
  });
}
