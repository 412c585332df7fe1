/** Header values of RFC 3261 §25 and of the Lync dialect. All readers are lenient about white space, strict about shape. */

/** `"Alice A" <sip:alice@contoso.example>;tag=1;epid=2`: From, To, Contact, P-Asserted-Identity, Ms-Sender. */
export interface NameAddr {
  displayName: string;
  uri: string;
  /** Names in lower case; a parameter without a value is `''`; quotes removed. */
  params: ReadonlyMap<string, string>;
}

/** Splits at commas that are in no quotes and no angle brackets. */
export function splitCommas(value: string): string[] {
  return splitAt(value, ',');
}

function splitAt(value: string, separator: ',' | ';'): string[] {
  return piecesAt(value, separator)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
}

/** The pieces exactly as they stand, empty ones too; a separator in quotes or angle brackets is none. */
export function piecesAt(value: string, separator: ',' | ';'): string[] {
  const pieces: string[] = [];
  let start = 0;
  let quoted = false;
  let bracketed = false;
  for (let at = 0; at < value.length; at += 1) {
    const character = value[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '<') bracketed = true;
    else if (character === '>') bracketed = false;
    else if (character === separator && !bracketed) {
      pieces.push(value.slice(start, at));
      start = at + 1;
    }
  }
  pieces.push(value.slice(start));
  return pieces;
}

/** The text of a quoted string, or the text itself. */
export function unquote(text: string): string {
  const trimmed = text.trim();
  return trimmed.length >= 2 && trimmed.startsWith('"') && trimmed.endsWith('"')
    ? trimmed.slice(1, -1).replace(/\\(.)/g, '$1')
    : trimmed;
}

/** A quoted string (RFC 3261 §25.1). */
export function quote(text: string): string {
  return `"${text.replace(/[\r\n]+/g, ' ').replace(/["\\]/g, '\\$&')}"`;
}

/** `;`-separated parameters: `active;expires=3600`. Names in lower case, values unquoted. */
export function parseParams(text: string): Map<string, string> {
  const params = new Map<string, string>();
  for (const piece of splitAt(text, ';')) {
    const equals = piece.indexOf('=');
    if (equals < 0) params.set(piece.toLowerCase(), '');
    else params.set(piece.slice(0, equals).trim().toLowerCase(), unquote(piece.slice(equals + 1)));
  }
  return params;
}

/** A value and its parameters: Content-Type, Event, Subscription-State, Reason, ms-diagnostics. */
export function parseValue(text: string): { value: string; params: Map<string, string> } {
  const [first = '', ...rest] = splitAt(text, ';');
  return { value: first, params: parseParams(rest.join(';')) };
}

/** One address; `null` when the text holds none. */
export function parseNameAddr(text: string): NameAddr | null {
  const open = findBracket(text);
  if (open < 0) {
    const { value, params } = parseValue(text);
    return /^[a-z][a-z0-9+.-]*:/i.test(value) ? { displayName: '', uri: value, params } : null;
  }
  const close = text.indexOf('>', open);
  if (close < 0) return null;
  const uri = text.slice(open + 1, close).trim();
  if (uri === '') return null;
  return { displayName: unquote(text.slice(0, open)), uri, params: parseParams(text.slice(close + 1)) };
}

/** The `<` that opens the address, not one inside a quoted display name. */
function findBracket(text: string): number {
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted && character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
    else if (character === '<' && !quoted) return at;
  }
  return -1;
}

export function formatNameAddr(address: {
  displayName?: string;
  uri: string;
  params?: ReadonlyMap<string, string>;
}): string {
  let text = address.displayName ? `${quote(address.displayName)} <${address.uri}>` : `<${address.uri}>`;
  for (const [name, value] of address.params ?? []) text += value === '' ? `;${name}` : `;${name}=${value}`;
  return text;
}

/** `ms-diagnostics`, `ms-diagnostics-public`, `ms-client-diagnostics` ([MS-OCER] §2.2). */
export interface Diagnostics {
  id: number;
  reason: string;
  source?: string;
}

export function parseDiagnostics(text: string): Diagnostics | null {
  const { value, params } = parseValue(text);
  const id = Number.parseInt(value, 10);
  if (!Number.isFinite(id)) return null;
  const source = params.get('source');
  return { id, reason: params.get('reason') ?? '', ...(source === undefined ? {} : { source }) };
}

export function formatDiagnostics(diagnostics: Diagnostics): string {
  const source = diagnostics.source === undefined ? '' : `;source=${quote(diagnostics.source)}`;
  return `${diagnostics.id};reason=${quote(diagnostics.reason)}${source}`;
}

/** RFC 3326: `SIP;cause=200;text="Call completed elsewhere"`. */
export function parseReason(text: string): { protocol: string; cause: number | null; text: string } {
  const { value, params } = parseValue(text);
  const cause = Number.parseInt(params.get('cause') ?? '', 10);
  return {
    protocol: value.toUpperCase(),
    cause: Number.isFinite(cause) ? cause : null,
    text: params.get('text') ?? '',
  };
}

/** RFC 6665 §8.4, in any spelling of the header's name. */
export function parseSubscriptionState(text: string): {
  state: string;
  expiresSeconds: number | null;
  reason: string | null;
  retryAfterSeconds: number | null;
} {
  const { value, params } = parseValue(text);
  return {
    state: value.toLowerCase(),
    expiresSeconds: parseSeconds(params.get('expires')),
    reason: params.get('reason')?.toLowerCase() ?? null,
    retryAfterSeconds: parseSeconds(params.get('retry-after')),
  };
}

/** A number of seconds as in `Expires` and `Retry-After` (a comment or parameters may follow); `null` when there is none. */
export function parseSeconds(text: string | undefined): number | null {
  const digits = /^\s*(\d{1,10})(?!\d)/.exec(text ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

/** RFC 3261 §20.43, as in `309 lcs.microsoft.com "Message contents not allowed by policy"`; `null` when it is none. */
export function parseWarning(text: string): { code: number; agent: string; text: string } | null {
  const match = /^\s*(\d{3}) (\S+) ("(?:[^"\\]|\\.)*")/.exec(text);
  return match === null ? null : { code: Number(match[1]), agent: match[2] ?? '', text: unquote(match[3] ?? '') };
}

/** Whether a token is in one of several `Supported`, `Require` or `Allow` lines. */
export function hasToken(lines: readonly string[], token: string): boolean {
  const wanted = token.toLowerCase();
  return lines.some((line) => splitCommas(line).some((candidate) => candidate.toLowerCase() === wanted));
}
