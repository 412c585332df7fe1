import { explanationsOf } from '../../trace/explain/explain';
import { mediaTimelines } from '../../trace/mediaTimeline';
import type { Row } from '../../trace/row';
import type { TraceIndex } from '../../trace/traceIndex';

/** What somebody wants to see in the trace. */
export type TraceTarget =
  /** The message with this number, see `Provenance`. */
  | { is: 'frame'; frame: number }
  /** The request that carried an item of ours, or the refusal of it. */
  | { is: 'item'; id: string }
  /** What a peer connection noted last of itself. */
  | { is: 'media'; connection: string }
  /** What failed last. */
  | { is: 'lastFailure' };

/** The row that is meant; none when it is not in the log. */
export function rowOfTarget(target: TraceTarget, index: TraceIndex): Row | undefined {
  switch (target.is) {
    case 'frame':
      return index.find(target.frame);
    case 'item':
      return rowOfItem(index.rows, target.id);
    case 'media':
      return mediaTimelines(index.rows)
        .find(({ connection }) => connection === target.connection)
        ?.moments.at(-1)?.row;
    case 'lastFailure':
      return explanationsOf(index.rows).at(-1)?.flow.row;
  }
}

function rowOfItem(rows: readonly Row[], id: string): Row | undefined {
  const line = `Confab-Item: ${id}\r\n`;
  const request = rows.findLast(({ entry, frame }) => frame.is === 'request' && entry.text.includes(line));
  return request?.transaction?.rows.findLast(({ isFailure }) => isFailure) ?? request;
}
