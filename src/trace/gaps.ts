import type { Row } from './row';

/** Silences shorter than this are not marked. */
const gapMs = 5_000;

/** How long nothing was logged before this row, in ms; `null` when that is not worth a mark. */
export function gapBefore(row: Row, previous: Row | undefined): number | null {
  if (previous === undefined) return null;
  const silent = row.entry.at - previous.entry.at;
  return silent >= gapMs ? silent : null;
}
