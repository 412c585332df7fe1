import { endingOf } from '../protocol/shared/fileName';
import type { Aor } from '../protocol/sip/uri';
import type { Failure } from './failure';
import type { ConversationId, ItemId, MediaSessionId, TabId } from './ids';
import type { Policy } from './policy';
import type { Provenance } from './provenance';

/** What is said of a file before it is there. */
export interface FileFacts {
  /** A bare file name (`isFileName`). */
  name: string;
  /** Bytes. */
  size: number;
  /** Media type as its owner has it; nobody believes it. `''` when not told. */
  type: string;
}

/** How its bytes go: from tab to tab with this person, or through the server's store, which names it once it has it. */
export type FileRoute = { is: 'peer'; peer: Aor } | { is: 'store'; file: string | null; sha256: string | null };

/** Leave for one file in the server's store, for an hour. */
export interface StoreTicket {
  /** Of the file in the store. */
  id: string;
  /** Where its bytes go to and come from, with `Authorization: Bearer TICKET`. */
  url: string;
  ticket: string;
  /** Bytes that the store has; all of them when the file is complete. */
  received: number;
}

/** Where a received file is: kept by this site until it is saved, or where the person wanted it. */
export type FilePlace = 'browser' | 'disk';

/**
 * The life of a file, at either end:
 *
 *     offered ──► moving ──► done
 *        │          ├─► interrupted (the way broke) ──► offered | moving | cancelled | failed
 *        │          ├─► cancelled
 *        │          ├─► failed ──► offered (tried again)
 *        │          └─► offered (theirs, in a store: given up, and there as before)
 *        └─► declined | missed | cancelled | failed
 */
export type FileState =
  /** Ours: the other end is asked. Theirs: it waits for us; in a store it waits for whoever gets it. */
  | { is: 'offered' }
  /** How far it is stands in `State.transfers`. */
  | { is: 'moving' }
  /** It goes on after this many bytes. */
  | { is: 'interrupted'; bytes: number }
  /** All of it is there, and its SHA-256 is right. `place` is of a received one. */
  | { is: 'done'; at: number; place: FilePlace | null }
  /** By who should have got it. */
  | { is: 'declined' }
  /** Theirs: it was not answered in time, or withdrawn before. */
  | { is: 'missed' }
  | { is: 'cancelled'; byUs: boolean }
  | { is: 'failed'; failure: Failure };

/** A file in a transcript. */
export interface FileItem extends Provenance {
  kind: 'file';
  id: ItemId;
  conversation: ConversationId;
  order: number;
  author: Aor;
  own: boolean;
  /** Epoch ms: offered (own) or received. */
  at: number;
  file: FileFacts;
  route: FileRoute;
  state: FileState;
  /** The focus's number, of a file in a conference. */
  number?: number;
}

/** A file under way. In memory only: it ends with the tab that reads or writes the bytes. */
export interface Transfer {
  conversation: ConversationId;
  /** `null`: no tab has it (any more), and any may take it. */
  tab: TabId | null;
  /** `null` while there is no connection. */
  session: MediaSessionId | null;
  /** Sent and taken by the other end, or written down here. */
  bytes: number;
  /** Over the last seconds; `null` before it is known. */
  bytesPerSecond: number | null;
}

/** What can go wrong with the file itself. */
export type FileTrouble =
  /** Its SHA-256 is not that of what was sent. */
  | 'damaged'
  /** The other end sent something else than it had offered, or more. */
  | 'notAsOffered'
  /** It changed, or cannot be read any more, since it was chosen. */
  | 'changed'
  /** The page that had it was closed. */
  | 'pageClosed'
  /** There is no room for it. */
  | 'noRoom';

const moves: Readonly<Record<FileState['is'], readonly FileState['is'][]>> = {
  offered: ['moving', 'interrupted', 'declined', 'missed', 'cancelled', 'failed'],
  moving: ['offered', 'done', 'interrupted', 'cancelled', 'failed'],
  interrupted: ['offered', 'moving', 'done', 'declined', 'missed', 'cancelled', 'failed'],
  failed: ['offered', 'moving'],
  missed: ['offered', 'moving'],
  declined: [],
  cancelled: [],
  done: [],
};

/** True for the moves of the chart above. */
export function fileMayBecome(from: FileState['is'], to: FileState['is']): boolean {
  return moves[from].includes(to);
}

/** Why this person may neither send nor get such a file; `null` when both is allowed. */
export function whyForbidden({ name, size }: FileFacts, policy: Policy): Extract<Failure, { is: 'forbidden' }> | null {
  const { fileTransfer, fileSize, blockedEndings } = policy;
  if (!fileTransfer) return { is: 'forbidden', policy: 'files' };
  if (fileSize !== null && size > fileSize) return { is: 'forbidden', policy: 'fileSize', limit: fileSize };
  return blockedEndings.includes(endingOf(name)) ? { is: 'forbidden', policy: 'fileEnding' } : null;
}

/** Nothing happens to it any more by itself. */
export function isFileOver({ is }: FileState): boolean {
  return is !== 'offered' && is !== 'moving' && is !== 'interrupted';
}
