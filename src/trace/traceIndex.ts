import { levels } from '../domain/logging';
import { DialogBook } from './dialogs';
import { levelOf, type TraceEntry } from './entry';
import { type Frame, readFrame } from './frame';
import type { Row, TraceDialog, Transaction } from './row';
import { TextSigner } from './textSignature';

const mostRows = 100_000;

/**
 * A trace as a person reads it: every entry with its transaction, dialog and conversation, in the order of the log. Takes
 * entries as they come; beyond 100,000 it forgets the oldest.
 */
export class TraceIndex {
  #rows: Row[] = [];
  #transactions = new Map<string, Transaction>();
  #dialogs = new DialogBook();
  readonly #signer = new TextSigner();
  #limit: number;

  constructor(limit = mostRows) {
    this.#limit = limit;
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** In the order of their letters. */
  get dialogs(): readonly TraceDialog[] {
    return this.#dialogs.all;
  }

  /** The row of the entry with this number. */
  find(seq: number): Row | undefined {
    let [low, high] = [0, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#rows[middle]?.entry.seq ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    const row = this.#rows[low];
    return row?.entry.seq === seq ? row : undefined;
  }

  add(entries: readonly TraceEntry[]): void {
    for (const entry of entries) this.#rows.push(this.#place(entry));
    // In bulk: a tenth more than the limit may stand for a while.
    if (this.#rows.length > this.#limit * 1.1) this.#forget(this.#rows.length - this.#limit);
  }

  #place(entry: TraceEntry): Row {
    const frame = readFrame(entry);
    const isFailure = frame.status >= 300 || frame.is === 'unreadable' || entry.fault !== undefined || isLoss(entry);
    const signature = this.#signer.sign(entry.text);
    const gravity = levels.indexOf(levelOf(entry));
    const alone = {
      entry,
      frame,
      gravity,
      signature,
      dialog: null,
      transaction: null,
      repeatOf: null,
      repeats: 0,
      isFailure,
    };
    if (frame.is !== 'request' && frame.is !== 'response') return alone;
    const key = this.#keyOf(entry, frame);
    const known = this.#transactions.get(key);
    const dialog = this.#dialogs.find(entry, frame, known?.dialog);
    const transaction = known ?? { rows: [], dialog };
    if (known === undefined) this.#transactions.set(key, transaction);
    const repeatOf = known?.rows.find((earlier) => isSame(earlier, entry, frame)) ?? null;
    const row: Row = { ...alone, dialog, transaction, repeatOf };
    if (repeatOf !== null) repeatOf.repeats += 1;
    if (isExpected(row)) row.isFailure = false;
    transaction.rows.push(row);
    this.#dialogs.take(dialog, row);
    return row;
  }

  /** Who calls himself has the same request twice on one connection: as it goes, and as it comes back. */
  #keyOf({ direction, url }: TraceEntry, frame: Frame): string {
    const key = transactionKey(frame);
    const first = this.#transactions.get(key)?.rows[0]?.entry;
    const isAsked = (frame.is === 'request') === (direction === 'in');
    return isAsked && first?.direction === 'out' && first.url === url ? `${key} back` : key;
  }

  #forget(count: number): void {
    const gone = new Set(this.#rows.slice(0, count));
    this.#rows = this.#rows.slice(count);
    this.#dialogs.forget(gone);
    for (const { transaction, frame } of gone) {
      if (transaction?.rows.every((row) => gone.has(row))) this.#transactions.delete(transactionKey(frame));
    }
  }
}

/** RFC 3261 §17.1.3 and FRM-5: without the branch, since native clients write none; ACK and CANCEL go with their INVITE. */
function transactionKey({ callId, fromTag, cseq, method }: Frame): string {
  const group = method === 'ACK' || method === 'CANCEL' ? 'INVITE' : method;
  return `${callId} ${fromTag} ${cseq} ${group}`;
}

/** The same message again: RFC 3261 §17 sends the very bytes, so the start line and what tells forks apart must agree. */
function isSame(earlier: Row, entry: TraceEntry, frame: Frame): boolean {
  const { frame: first } = earlier;
  return (
    earlier.repeatOf === null &&
    earlier.entry.direction === entry.direction &&
    earlier.entry.url === entry.url &&
    first.is === frame.is &&
    first.method === frame.method &&
    first.status === frame.status &&
    first.toTag === frame.toTag &&
    first.branch === frame.branch &&
    first.uri === frame.uri
  );
}

/** What follows from our own doing: the 487 of an INVITE that was withdrawn, the 481 of a BYE when both hang up at once. */
function isExpected({ frame, transaction }: Row): boolean {
  if (frame.status === 481) return frame.method === 'BYE';
  return frame.status === 487 && transaction?.rows.some((one) => one.frame.method === 'CANCEL') === true;
}

/** The socket is gone, and not because we closed it. */
const isLoss = ({ kind, text }: TraceEntry): boolean => kind === 'state' && text !== 'open';
