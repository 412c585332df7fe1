import type { NewEntry } from '../entry';

export type FormatName = 'snooper' | 'pcapng' | 'pcap' | 'json' | 'uccapilog';

/** Reads one format piece by piece, so that a large file is never in memory as a whole. */
export interface TraceParser {
  /** Entries that are complete with this piece. Throws `UnreadableTrace`. */
  push(bytes: Uint8Array): NewEntry[];
  /** There is no more. */
  end(): NewEntry[];
  /** Records that could not be read and were passed over. */
  readonly skipped: number;
}

export type UnreadableReason =
  /** None of the formats we know. */
  | { is: 'unknown' }
  /** OCSLogger's binary file: its own tool makes text of it. */
  | { is: 'etl' }
  | { is: 'empty' }
  /** The structure breaks at this byte (of JSON: in this line). */
  | { is: 'damaged'; format: FormatName; at: number };

/** A file that is no trace, or stops being one. */
export class UnreadableTrace extends Error {
  readonly reason: UnreadableReason;

  constructor(reason: UnreadableReason) {
    super(reason.is === 'damaged' ? `${reason.format}: damaged at ${reason.at}` : reason.is);
    this.name = 'UnreadableTrace';
    this.reason = reason;
  }
}

/** `host:port` at the other end of a WebSocket URL; what an imported trace names, as it is. */
export function peerOfUrl(url: string): string {
  if (!/^wss?:\/\//i.test(url) || !URL.canParse(url)) return url;
  const { protocol, hostname, port } = new URL(url);
  return `${hostname}:${port === '' ? (protocol === 'wss:' ? 443 : 80) : port}`;
}
