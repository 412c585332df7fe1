import type { MediaForwarder } from './media/forwarder';
import type { Turn } from './relayCredentials';

/** What this house has beside SIP itself; what is `null` is not there, and no client is told of it. */
export interface Offers {
  readonly turn: Turn | null;
  /** For shared programs of conferences. */
  readonly media: { readonly forwarder: MediaForwarder; readonly maxBitrate: number } | null;
}
