/** So many items are drawn together. */
const runLength = 20;

/** A stretch of a transcript: `number` stays the same while items come at either end. */
export interface RunBounds {
  number: number;
  start: number;
  end: number;
}

/** Cuts the items from `first` on into runs, whose borders are counted from `origin`. All are indices. */
export function runsOf(items: readonly unknown[], first: number, origin: number): RunBounds[] {
  const runs: RunBounds[] = [];
  for (let start = first; start < items.length; ) {
    const number = Math.floor((start - origin) / runLength);
    const end = Math.min(items.length, origin + (number + 1) * runLength);
    runs.push({ number, start, end });
    start = end;
  }
  return runs;
}

/** The first of about `size` items at the end, on a border: then most new messages push none out at the top. */
export function firstShown(length: number, size: number, origin: number): number {
  const number = Math.floor((length - size - origin) / runLength);
  return Math.max(0, origin + number * runLength);
}
