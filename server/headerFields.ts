/** Pieces of header values (RFC 3261 §25.1), on latin1 strings, as the codec keeps them. */

/** Splits at `separator` outside quoted strings and angle brackets; pieces are trimmed, empty ones dropped. */
export function splitOutsideQuotes(text: string, separator: ',' | ';'): string[] {
  if (!text.includes(separator)) return text.trim() === '' ? [] : [text.trim()];
  const pieces: string[] = [];
  let start = 0;
  let quoted = false;
  let angled = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '<') angled = true;
    else if (character === '>') angled = false;
    else if (character === separator && !angled) {
      pieces.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  pieces.push(text.slice(start).trim());
  return pieces.filter((piece) => piece !== '');
}

/** A `name-addr` or `addr-spec` with its header parameters: From, To, Contact, P-Asserted-Identity. */
export interface NameAddress {
  /** As written, quotes included; `''` when there is none. */
  display: string;
  uri: string;
  /** Everything after the URI, with its leading `;`. */
  params: string;
}

/** `null` when there is no URI to be found. Without angle brackets all parameters belong to the header. */
export function nameAddressOf(value: string): NameAddress | null {
  const open = openingBracket(value);
  if (open < 0) {
    const bare = value.trim();
    const semicolon = bare.indexOf(';');
    const uri = semicolon < 0 ? bare : bare.slice(0, semicolon).trimEnd();
    if (uri === '' || /[\s"<>]/.test(uri)) return null;
    return { display: '', uri, params: semicolon < 0 ? '' : bare.slice(semicolon) };
  }
  const close = value.indexOf('>', open);
  if (close < 0) return null;
  const uri = value.slice(open + 1, close).trim();
  if (uri === '') return null;
  return { display: value.slice(0, open).trim(), uri, params: value.slice(close + 1).trim() };
}

function openingBracket(value: string): number {
  const quote = value.indexOf('"');
  const open = value.indexOf('<');
  if (quote < 0 || open < quote) return open;
  for (let at = quote + 1; at < value.length; at += 1) {
    if (value[at] === '\\') at += 1;
    else if (value[at] === '"') return value.indexOf('<', at);
  }
  return -1;
}

/** A parameter of `;name=value;flag` text, unquoted; `''` for a flag, `undefined` when absent. Names in any case. */
export function paramOf(params: string, name: string): string | undefined {
  for (const piece of splitOutsideQuotes(params, ';')) {
    const equals = piece.indexOf('=');
    const key = (equals < 0 ? piece : piece.slice(0, equals)).trim().toLowerCase();
    if (key === name) return equals < 0 ? '' : unquoted(piece.slice(equals + 1).trim());
  }
  return undefined;
}

/** The tag of a From or To value; `''` when it has none. */
export function tagOf(value: string): string {
  const bracket = value.lastIndexOf('>');
  const params = bracket < 0 ? value : value.slice(bracket + 1);
  if (!params.includes(';')) return '';
  if (params.includes('"')) return paramOf(params, 'tag') ?? '';
  return /;\s*tag\s*=\s*([^;\s]*)/i.exec(params)?.[1] ?? '';
}

export function unquoted(text: string): string {
  return text.startsWith('"') ? text.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1') : text;
}

/** A quoted string (RFC 3261 §25.1), as latin1 that holds UTF-8 bytes. */
export function quoted(text: string): string {
  return `"${wireOf(text)
    .replace(/["\\]/g, '\\$&')
    .replace(/[\r\n]/g, ' ')}"`;
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
