import type { FileDisk } from './files/fileDisk';
import type { FileLimits } from './files/files';
import type { MediaForwarder } from './media/forwarder';
import type { Turn } from './relayCredentials';

/** What this house has beside SIP itself; what is `null` is not there, and no client is told of it. */
export interface Offers {
  readonly turn: Turn | null;
  /** The file store. */
  readonly files: { readonly disk: FileDisk; readonly limits: FileLimits } | null;
  /** So many messages of its trace a client keeps at most. */
  readonly traceMost: number | null;
  /** For shared programs of conferences. */
  readonly media: { readonly forwarder: MediaForwarder; readonly maxBitrate: number } | null;
}
