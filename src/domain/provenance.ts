/** How we know something: the number in the log (`TraceEntry.seq`) of the message that told it; absent where it was not logged. */
export interface Provenance {
  frame?: number;
}

/** Only the provenance of something that has more. */
export function provenanceOf({ frame }: Provenance): Provenance {
  return frame === undefined ? {} : { frame };
}

/** `0` is the number of what was not logged. */
export function toldBy(frame: number): Provenance {
  return frame === 0 ? {} : { frame };
}
