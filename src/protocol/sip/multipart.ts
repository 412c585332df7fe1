import { MalformedBody } from '../malformed';
import { parseValue, quote } from './headers';

/** One part of a multipart body (RFC 2046 §5.1). Header names in lower case. */
export interface Part {
  /** Media type in lower case, without parameters. */
  contentType: string;
  headers: ReadonlyMap<string, string>;
  body: string;
}

const maxParts = 2000;

/** Media type in lower case without parameters. */
export function mediaType(contentType: string): string {
  return parseValue(contentType).value.toLowerCase();
}

/** A body as parts: a body that is not multipart is one part. Throws `MalformedBody` when the boundary is missing. */
export function parseBody(contentType: string, body: string): Part[] {
  if (!mediaType(contentType).startsWith('multipart/')) {
    return body === ''
      ? []
      : [{ contentType: mediaType(contentType), headers: new Map([['content-type', contentType]]), body }];
  }
  const boundary = parseValue(contentType).params.get('boundary');
  if (!boundary) throw new MalformedBody('multipart', 'there is no boundary');
  const pieces = splitAtBoundary(body, boundary);
  if (pieces.length < 2) throw new MalformedBody('multipart', 'the boundary does not occur');
  if (pieces.length > maxParts) throw new MalformedBody('multipart', 'there are too many parts');
  const parts: Part[] = [];
  for (const piece of pieces.slice(1)) {
    if (piece.startsWith('--')) break;
    parts.push(parsePart(piece.replace(/^[ \t]*\r\n/, '')));
  }
  return parts;
}

/** Cuts where a whole line is the delimiter, so that a longer line which only begins like it stays in its part. */
function splitAtBoundary(body: string, boundary: string): string[] {
  const literal = boundary.replace(/[^A-Za-z0-9]/g, '\\$&');
  return `\r\n${body}`.split(new RegExp(`\\r\\n--${literal}(?=--|[ \\t]*\\r\\n|[ \\t]*$)`));
}

function parsePart(text: string): Part {
  const end = text.startsWith('\r\n') ? 0 : text.indexOf('\r\n\r\n');
  const head = end <= 0 ? '' : text.slice(0, end);
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const body = end < 0 ? text : text.slice(end === 0 ? 2 : end + 4);
  return { contentType: mediaType(headers.get('content-type') ?? 'text/plain'), headers, body };
}

/**
 * Writes a multipart body and its Content-Type. The boundary comes last (PRS-2) and every part ends with an empty line
 * before the next boundary, since libpurple cuts four bytes off each part (PRS-3).
 */
export function formatMultipart(
  type: string,
  parts: readonly { headers: readonly (readonly [string, string])[]; body: string }[],
  boundary: string,
): { contentType: string; body: string } {
  let body = '';
  for (const part of parts) {
    const head = part.headers.map(([name, value]) => `${name}: ${value}`).join('\r\n');
    body += `--${boundary}\r\n${head}\r\n\r\n${part.body}\r\n\r\n`;
  }
  // Unquoted, a boundary with `=` makes JsSIP drop the whole message.
  const value = /^[A-Za-z0-9._-]+$/.test(boundary) ? boundary : quote(boundary);
  return { contentType: `${type};boundary=${value}`, body: `${body}--${boundary}--\r\n` };
}
