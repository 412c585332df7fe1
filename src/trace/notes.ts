import type { MediaNote } from '../domain/mediaNote';

/**
 * What notes of the log say, beside messages: a line for people, then the same as JSON, so that an explanation (and the log of
 * another person's computer) has it in values.
 */
export type Note =
  /** One place where the server was looked for, and what came of it. */
  | { is: 'discovery'; method: string; url: string; state: string }
  /** Why a sign-in stopped: `SignInFailure['is']`, and the server where there was one. `othersAnswer`: other servers were there. */
  | { is: 'signInFailed'; why: string; url: string; othersAnswer?: boolean }
  /** Something could not be kept on this device; `error` is the exception's name. */
  | { is: 'notStored'; what: string; error: string }
  /** A policy or the state of this client forbade it before anything was sent; `what` is `Failure`'s. */
  | { is: 'notSent'; what: string }
  | MediaNote
  /** The person or the browser did not let a window be captured. */
  | { is: 'captureRefused'; error: string }
  /** The doctor waited no longer; `what` is the link that it looked at. What has no answer by then gets none. */
  | { is: 'givenUp'; what: string; afterSeconds: number }
  /** The server was connected with over `ws:`, and is not on this computer. */
  | { is: 'notEncrypted'; url: string }
  /** The browser shows no notifications of this page: the person, or a policy, has forbidden them. */
  | { is: 'notificationsDenied' }
  /** Little room is left for this page; bytes. */
  | { is: 'storageLow'; used: number; quota: number };

const texts: { [Kind in Note['is']]: (note: Extract<Note, { is: Kind }>) => string } = {
  discovery: ({ method, url, state }) => `Looked for the server (${method}) at ${url}: ${state}`,
  signInFailed: ({ why, url }) => `Sign-in stopped: ${why}${url === '' ? '' : `, ${url}`}`,
  notStored: ({ what, error }) => `Not stored on this device: ${what} (${error})`,
  notSent: ({ what }) => `Not sent: ${what}`,
  mediaPath: ({ state, gathered, theirs }) =>
    `Media path ${state}; ours: ${gathered.join(', ') || 'none'}; theirs: ${theirs.join(', ') || 'none'}`,
  relayError: ({ url, code }) => `The relay ${url} did not serve: ${code}`,
  mediaQuality: (note) => {
    const { direction, grade, bitrate, framesPerSecond, width, height, loss, roundTripMs, delayMs, path } = note;
    const facts = [
      framesPerSecond === null ? null : `${Math.round(framesPerSecond)} frames/s`,
      width === null || height === null ? null : `${width}x${height}`,
      bitrate === null ? null : `${Math.round(bitrate / 1000)} kbit/s`,
      loss === null ? null : `${(loss * 100).toFixed(1)} % lost`,
      roundTripMs === null ? null : `round trip ${Math.round(roundTripMs)} ms`,
      delayMs === null ? null : `delay ${Math.round(delayMs)} ms`,
      path === null ? null : `path ${path.by} over ${path.protocol.toUpperCase()}`,
    ].filter((fact) => fact !== null);
    const does = direction === 'in' ? 'Looking at a shared screen' : 'Sharing a screen';
    return `${does}: ${grade ?? 'no numbers yet'}. ${facts.join(', ')}`;
  },
  captureRefused: ({ error }) => `Nothing was captured: ${error}`,
  givenUp: ({ what, afterSeconds }) => `Waited no longer: ${what}, after ${afterSeconds} s`,
  notEncrypted: ({ url }) => `Not encrypted: ${url}`,
  notificationsDenied: () => 'Notifications are not allowed',
  storageLow: ({ used, quota }) => `Little room is left: ${used} of ${quota} bytes are used`,
};

export function formatNote(note: Note): string {
  const text = texts[note.is] as (note: Note) => string;
  return `${text(note)}\n${JSON.stringify(note)}`;
}

/** `null` where a note is plain text, or of a version that knows more. */
export function parseNote(text: string): Note | null {
  const line = text.slice(text.lastIndexOf('\n') + 1);
  if (!line.startsWith('{')) return null;
  try {
    const read = JSON.parse(line) as { is?: unknown };
    return typeof read.is === 'string' && Object.hasOwn(texts, read.is) ? (read as Note) : null;
  } catch {
    return null;
  }
}
