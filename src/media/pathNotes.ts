import type { Level } from '../domain/logging';
import type { MediaNote } from '../domain/mediaNote';

type PathState = Extract<MediaNote, { is: 'mediaPath' }>['state'];

const states: Partial<Record<RTCPeerConnectionState, PathState>> = {
  connecting: 'checking',
  connected: 'connected',
  disconnected: 'disconnected',
  failed: 'failed',
  closed: 'closed',
};
const levels: Partial<Record<PathState, Level>> = { disconnected: 'warning', failed: 'error' };

export interface PathParts {
  /** Names the connection in the log. */
  id: string;
  /** TURN servers that it was given. */
  relays: number;
  note(note: MediaNote, level: Level): void;
}

/** Notes what becomes of a connection's way, and which servers did not help it. What it returns looks now: closing makes no event. */
export function notePath(connection: RTCPeerConnection, { id, relays, note }: PathParts): () => void {
  let noted: PathState | undefined;
  const take = () => {
    const state = states[connection.connectionState];
    // What never looked for a way has no end of it.
    if (state === undefined || state === noted || (state === 'closed' && noted === undefined)) return;
    noted = state;
    const gathered = candidateTypes(connection.localDescription?.sdp);
    const theirs = candidateTypes(connection.remoteDescription?.sdp);
    note({ is: 'mediaPath', connection: id, state, gathered, theirs, relays }, levels[state] ?? 'information');
  };
  connection.addEventListener('connectionstatechange', take);
  noteServers(connection, note);
  return take;
}

/** A server that failed on one network of this computer and served on another did no harm. */
function noteServers(connection: RTCPeerConnection, note: PathParts['note']): void {
  const failures = new Map<string, number>();
  const serving = new Set<string>();
  connection.addEventListener('icecandidate', ({ candidate }) => {
    // Newer than the DOM types (webrtc-extensions).
    const { url } = (candidate ?? {}) as { url?: string | null };
    if (url) serving.add(url);
  });
  connection.addEventListener('icecandidateerror', ({ url, errorCode }) => failures.set(url, errorCode));
  connection.addEventListener('icegatheringstatechange', () => {
    if (connection.iceGatheringState !== 'complete') return;
    for (const [url, code] of failures) if (!serving.has(url)) note({ is: 'relayError', url, code }, 'warning');
    failures.clear();
  });
}

function candidateTypes(sdp = ''): string[] {
  return [...new Set([...sdp.matchAll(/^a=candidate:.* typ (\w+)/gm)].map(([, type = '']) => type))];
}
