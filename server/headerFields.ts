import { parseParams, quote, splitCommas } from '../src/protocol/sip/headers';

/** Pieces of header values on latin1 strings that hold UTF-8 bytes, as the codec keeps them. */

/** Values of a header line (RFC 3261 §7.3.1). */
export function valuesOf(text: string): string[] {
  return text.includes(',') ? splitCommas(text) : text === '' ? [] : [text];
}

/** The tag of a From or To value; `''` when it has none. Quick for the usual spelling. */
export function tagOf(value: string): string {
  const bracket = value.lastIndexOf('>');
  const params = bracket < 0 ? value : value.slice(bracket + 1);
  if (!params.includes(';')) return '';
  if (params.includes('"')) return parseParams(params).get('tag') ?? '';
  return /;\s*tag\s*=\s*([^;\s]*)/i.exec(params)?.[1] ?? '';
}

/** A quoted string (RFC 3261 §25.1) for the wire. */
export function quotedWire(text: string): string {
  return wireOf(quote(text));
}

/** Text as the latin1 string that holds its UTF-8 bytes. */
export function wireOf(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** The text whose UTF-8 bytes a latin1 string holds. */
export function textOf(wire: string): string {
  return isAscii(wire) ? wire : Buffer.from(wire, 'latin1').toString('utf8');
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole ASCII range is meant.
  return !/[^\x00-\x7f]/.test(text);
}
