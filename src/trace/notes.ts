/**
 * What notes of the log say, beside messages: a line for people, then the same as JSON, so that an explanation (and the log of
 * another person's computer) has it in values.
 */
export type Note =
  /** One place where the server was looked for, and what came of it. */
  | { is: 'discovery'; method: string; url: string; state: string }
  /** Why a sign-in stopped: `SignInFailure['is']`, and the server where there was one. */
  | { is: 'signInFailed'; why: string; url: string }
  /** Something could not be kept on this device; `error` is the exception's name. */
  | { is: 'notStored'; what: string; error: string }
  /** A policy or the state of this client forbade it before anything was sent; `what` is `Failure`'s. */
  | { is: 'notSent'; what: string }
  /** The way for media between two ends; `gathered` and `theirs` are types of candidates (`host`, `srflx`, `relay`). */
  | {
      is: 'mediaPath';
      state: 'checking' | 'connected' | 'disconnected' | 'failed';
      gathered: readonly string[];
      theirs: readonly string[];
      /** TURN servers that were given to us. */
      relays: number;
    }
  /** A STUN or TURN server did not serve (RFC 8839, `icecandidateerror`): 701 could not be reached, 401 refused us. */
  | { is: 'relayError'; url: string; code: number }
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
