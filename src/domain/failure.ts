import type { FileTrouble } from './file';
import type { Provenance } from './provenance';

/**
 * Why something did not happen: plain values, turned into sentences by `ui/failureText.ts` only. The frame of a refusal is the
 * answer, of silence the request.
 */
export type Failure = Reason & Provenance;

type Reason =
  /** A final answer of 300 or above. `diagnostics` is `ms-diagnostics` or `ms-diagnostics-public` ([MS-OCER]). */
  | {
      is: 'rejected';
      status: number;
      reason: string;
      diagnostics?: { id: number; reason: string; source?: string };
      retryAfterSeconds?: number;
    }
  /** No final answer in time: it may have been done. */
  | { is: 'timedOut'; afterSeconds: number }
  /** The connection was lost before the answer: it may have been done. `closed`: how the other end closed it. */
  | { is: 'connectionLost'; closed?: { code: number; reason: string } }
  /** We are not connected; nothing was sent. */
  | { is: 'offline' }
  /** The peer's answer made no sense; `what` names the document. */
  | { is: 'malformed'; what: string }
  /** The other side or this browser cannot do it; `what` is a capability. */
  | { is: 'unsupported'; what: string }
  /** Policy forbids it (checked here first, at the server always). */
  | { is: 'forbidden'; policy: Forbidden; limit?: number }
  /** The input cannot be used, e.g. an address that is none. */
  | { is: 'invalid'; what: 'address' | 'password' | 'name' | 'message' | 'server' | 'file' }
  /** Something is wrong with a file. */
  | { is: 'file'; what: FileTrouble }
  /** The local store failed (full or denied). */
  | { is: 'storage' }
  /** It would change a recording, which can only be looked at. */
  | { is: 'recording' }
  /** Withdrawn by the person or by a later command. */
  | { is: 'cancelled' }
  /** A bug of ours: how far it got is not known. */
  | { is: 'internal' };

/** `limit` of `meetingSize` is people, of `fileSize` bytes. */
export type Forbidden = 'conferences' | 'meetingSize' | 'role' | 'sharing' | 'files' | 'fileSize' | 'fileEnding';

/** The result of a command, settled only by a final answer from the wire. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export const done: Outcome<void> = { ok: true, value: undefined };

export function ok<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function failed<T = never>(failure: Failure): Outcome<T> {
  return { ok: false, failure };
}
