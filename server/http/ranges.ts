/** Byte positions, both included. An empty range has `to` one below `from`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Of a partial PUT (RFC 9110 §14.5), which must be of something of this size; all of it without one. `null`: malformed. */
export function contentRangeOf(header: string | undefined, size: number): Range | null {
  if (header === undefined) return { from: 0, to: size - 1 };
  const [, first = '', last = '', total = ''] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(header) ?? [];
  const [from, to] = [Number(first), Number(last)];
  return first !== '' && Number(total) === size && from <= to && to < size ? { from, to } : null;
}

/** One range of a GET (RFC 9110 §14.2); `null` for all of it, as for several ranges, which a server may pass over. */
export function rangeOf(header: string | undefined, size: number): Range | null | 'unsatisfiable' {
  const [whole, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (whole === undefined || (first === '' && last === '')) return null;
  if (first === '') {
    const count = Math.min(Number(last), size);
    return count === 0 ? 'unsatisfiable' : { from: size - count, to: size - 1 };
  }
  const from = Number(first);
  const to = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < from) return null;
  return from >= size ? 'unsatisfiable' : { from, to };
}
