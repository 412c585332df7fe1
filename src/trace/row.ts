import type { TraceEntry } from './entry';
import type { Frame } from './frame';
import type { TextSignature } from './textSignature';
import type { Topic } from './topic';

/** One request and its answers, with the ACK and the CANCEL of an INVITE. */
export interface Transaction {
  /** Oldest first. */
  rows: Row[];
  dialog: TraceDialog;
}

/** An entry in its place: what it belongs to. */
export interface Row {
  readonly entry: TraceEntry;
  readonly frame: Frame;
  /** Of the entry's level among `levels`: 0 is an error. */
  readonly gravity: number;
  /** Of the entry's text. */
  readonly signature: TextSignature;
  /** Neither for what is not SIP. */
  readonly dialog: TraceDialog | null;
  readonly transaction: Transaction | null;
  /** The first of the same message, when this is a retransmission of it. */
  readonly repeatOf: Row | null;
  /** How often this message was sent again. */
  repeats: number;
  /** A refusal, nonsense, or a lost connection. A challenge is none once it is answered, nor what follows from our own doing. */
  isFailure: boolean;
}

/** A dialog (Call-ID and two tags), or requests outside any that are about the same. */
export interface TraceDialog {
  /** `A` to `Z`, then `AA`: unique in the trace. */
  readonly letter: string;
  /** 0 to 5, for `--cf-dlg-a` to `--cf-dlg-f`: used again from the seventh on. */
  readonly color: number;
  readonly topic: Topic;
  /** The other side's bare address. */
  readonly peer: string;
  readonly callId: string;
  /** The From tag of the request that began it. */
  readonly localTag: string;
  /** `''` until the other side has answered. */
  remoteTag: string;
  /** `Ms-Conversation-ID`, once it was told. */
  conversation: string;
  /** Oldest first. */
  rows: Row[];
}
