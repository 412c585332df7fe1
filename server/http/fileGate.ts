import type { Refusal } from '../diagnostics';

/** What the bytes of a file go through on their way: it throws `NotAllowed` as soon as they may not go on. */
export type Gate = (bytes: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;

/** Thrown in the middle of a transfer, when its person may not go on. */
export class NotAllowed extends Error {
  readonly status: 403 | 404;
  readonly word: 'forbidden' | 'gone';

  constructor(refusal: Refusal) {
    super(refusal.text);
    const isGone = refusal.status === 404;
    this.status = isGone ? 404 : 403;
    this.word = isGone ? 'gone' : 'forbidden';
  }
}
