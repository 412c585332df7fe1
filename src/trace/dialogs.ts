import type { TraceEntry } from './entry';
import type { Frame } from './frame';
import type { Row, TraceDialog } from './row';
import { topicOf } from './topic';

const colors = 6;

/** Requests that begin no dialog: those about the same thing are shown as one. */
const aloneMethods: ReadonlySet<string> = new Set(['SERVICE', 'MESSAGE', 'OPTIONS', 'PUBLISH', 'INFO', 'REFER']);

/** The dialogs of a trace, found by what RFC 3261 §12 tells them apart by. */
export class DialogBook {
  all: TraceDialog[] = [];
  readonly #byCallId = new Map<string, TraceDialog[]>();
  readonly #alone = new Map<string, TraceDialog>();
  #count = 0;

  /** The dialog of a message; `known` is that of its transaction. */
  find(entry: TraceEntry, frame: Frame, known: TraceDialog | undefined): TraceDialog {
    if (known !== undefined) return this.#fork(entry, frame, known);
    if (frame.is === 'request' && frame.toTag === '' && aloneMethods.has(frame.method))
      return this.#lonely(entry, frame);
    const candidates = this.#byCallId.get(frame.callId) ?? [];
    return candidates.find((dialog) => hasTags(dialog, frame)) ?? candidates[0] ?? this.#begin(entry, frame);
  }

  #lonely(entry: TraceEntry, frame: Frame): TraceDialog {
    const key = `${frame.method} ${topicOf(frame, entry)} ${frame.from} ${frame.to}`;
    const known = this.#alone.get(key);
    if (known !== undefined) return known;
    const dialog = this.#begin(entry, frame);
    this.#alone.set(key, dialog);
    return dialog;
  }

  /** A second endpoint that answers an INVITE or a SUBSCRIBE makes a second dialog (RFC 3261 §13.2.2.4). */
  #fork(entry: TraceEntry, frame: Frame, known: TraceDialog): TraceDialog {
    const makesDialog = frame.method === 'INVITE' || frame.method === 'SUBSCRIBE';
    if (frame.is !== 'response' || !makesDialog || frame.toTag === '') return known;
    if (frame.status <= 100 || frame.status >= 300 || known.callId !== frame.callId) return known;
    if (known.remoteTag === '') known.remoteTag = frame.toTag;
    if (hasTags(known, frame)) return known;
    const candidates = this.#byCallId.get(frame.callId) ?? [];
    const other = candidates.find((dialog) => hasTags(dialog, frame));
    return other ?? this.#begin(entry, frame, known.topic);
  }

  #begin(entry: TraceEntry, frame: Frame, topic = topicOf(frame, entry)): TraceDialog {
    const isOurs = (entry.direction === 'out') === (frame.is === 'request');
    const dialog: TraceDialog = {
      letter: letterOf(this.#count),
      color: this.#count % colors,
      topic,
      peer: isOurs ? frame.to : frame.from,
      callId: frame.callId,
      localTag: frame.fromTag,
      remoteTag: frame.toTag,
      conversation: '',
      rows: [],
    };
    this.#count += 1;
    this.all.push(dialog);
    const siblings = this.#byCallId.get(frame.callId);
    if (siblings === undefined) this.#byCallId.set(frame.callId, [dialog]);
    else siblings.push(dialog);
    return dialog;
  }

  /** A message of the dialog has come. */
  take(dialog: TraceDialog, row: Row): void {
    const { frame } = row;
    dialog.conversation ||= frame.conversation;
    if (frame.is === 'request' && dialog.remoteTag === '' && frame.toTag === dialog.localTag) {
      // A NOTIFY may overtake the 200 of its SUBSCRIBE.
      dialog.remoteTag = frame.fromTag;
    }
    if (frame.is === 'request') answerChallenge(dialog, row);
    dialog.rows.push(row);
  }

  /** The oldest rows of the trace are gone: only their dialogs are looked at, since a trace may have many thousands. */
  forget(gone: ReadonlySet<Row>): void {
    const touched = new Set<TraceDialog>();
    for (const { dialog } of gone) if (dialog !== null) touched.add(dialog);
    for (const dialog of touched) {
      const left = dialog.rows.findIndex((row) => !gone.has(row));
      dialog.rows = left < 0 ? [] : dialog.rows.slice(left);
    }
    const empty = new Set([...touched].filter(({ rows }) => rows.length === 0));
    if (empty.size === 0) return;
    this.all = this.all.filter((dialog) => !empty.has(dialog));
    for (const { callId } of empty) {
      const left = (this.#byCallId.get(callId) ?? []).filter((dialog) => !empty.has(dialog));
      if (left.length === 0) this.#byCallId.delete(callId);
      else this.#byCallId.set(callId, left);
    }
    for (const [key, dialog] of this.#alone) if (empty.has(dialog)) this.#alone.delete(key);
  }
}

function hasTags({ localTag, remoteTag }: TraceDialog, { fromTag, toTag }: Frame): boolean {
  return (
    (localTag === fromTag && (remoteTag === toTag || toTag === '')) ||
    (localTag === toTag && (remoteTag === fromTag || remoteTag === ''))
  );
}

/** The same request again with credentials: the 401 or 407 before it was no refusal. */
function answerChallenge(dialog: TraceDialog, { frame }: Row): void {
  for (let at = dialog.rows.length - 1; at >= 0; at -= 1) {
    const row = dialog.rows[at];
    if (row === undefined || row.frame.method !== frame.method || row.frame.is !== 'response') continue;
    const { status, callId, cseq } = row.frame;
    if ((status === 401 || status === 407) && callId === frame.callId && cseq < frame.cseq) row.isFailure = false;
    return;
  }
}

/** `A`, `B`, ... `Z`, `AA`, `AB`, ... */
export function letterOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : letterOf(Math.floor(index / 26) - 1) + letter;
}
