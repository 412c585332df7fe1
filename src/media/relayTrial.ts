import type { RelayTried } from '../domain/checkup';
import type { Relay } from '../domain/sharing';
import type { World } from '../world';

/** A relay over UDP that is not there makes a browser wait ten seconds and more. */
const answersWithinMs = 5_000;
/** RFC 8839: the server could not be reached. */
const notReached = 701;

export type OpenConnection = (configuration: RTCConfiguration) => RTCPeerConnection;

/** Asks every relay by each of its URLs for a way (RFC 8656 Allocate), all at once and apart, so that each has its own answer. */
export function tryRelays(
  relays: readonly Relay[],
  world: World,
  open: OpenConnection = (configuration) => new RTCPeerConnection(configuration),
): Promise<RelayTried[]> {
  const tried = relays.flatMap(({ urls, username, credential }) =>
    urls.map(async (url) => ({ url, error: await tryRelay({ urls: url, username, credential }, world, open) })),
  );
  return Promise.all(tried);
}

/** `null` when a candidate came, else why not. */
async function tryRelay(server: RTCIceServer, world: World, open: OpenConnection): Promise<number | null> {
  let connection: RTCPeerConnection;
  try {
    connection = open({ iceServers: [server], iceTransportPolicy: 'relay' });
  } catch {
    return notReached;
  }
  let stop: () => void = () => undefined;
  try {
    return await new Promise<number | null>((resolve) => {
      let error = notReached;
      stop = world.after(answersWithinMs, () => resolve(error));
      connection.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate !== null && candidate.type === 'relay') resolve(null);
      });
      connection.addEventListener('icecandidateerror', (event) => {
        error = (event as RTCPeerConnectionIceErrorEvent).errorCode;
        // A refusal is final; what was not reached at one address may be at the next.
        if (error !== notReached) resolve(error);
      });
      connection.addEventListener('icegatheringstatechange', () => {
        if (connection.iceGatheringState === 'complete') resolve(error);
      });
      connection.createDataChannel('trial');
      connection
        .createOffer()
        .then((offer) => connection.setLocalDescription(offer))
        .catch(() => resolve(error));
    });
  } finally {
    stop();
    connection.close();
  }
}
