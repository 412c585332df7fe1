import type { SipMessage } from './codec';
import { tagOf, wireOf } from './headerFields';
import type { Content, HeaderLines } from './role';

/** Writes SIP messages as latin1 text that holds UTF-8 bytes (see `codec.ts`). */

/** Header lines and body after the routing headers; always with Content-Length (FRM-1). */
export function writeContent(content: Content = {}): string {
  const body = wireOf(content.body ?? '');
  let text = writeHeaders(content.headers ?? []);
  if (content.contentType !== undefined && body !== '') text += `Content-Type: ${safe(content.contentType)}\r\n`;
  return `${text}Content-Length: ${body.length}\r\n\r\n${body}`;
}

export function writeHeaders(headers: HeaderLines): string {
  let text = '';
  for (const [name, value] of headers) text += `${name}: ${safe(value)}\r\n`;
  return text;
}

/** A value cannot start a header of its own, whatever text it was made of. */
function safe(value: string): string {
  return wireOf(value).replace(/[\r\n]+/g, ' ');
}

/**
 * A response (RFC 3261 §8.2.6): Via, From, To, Call-ID, CSeq and Record-Route repeated, `toTag` added when To has none yet.
 */
export function writeResponse(
  request: SipMessage,
  status: number,
  reason: string,
  toTag: string,
  content?: Content,
): string {
  let text = `SIP/2.0 ${status} ${safe(reason)}\r\n`;
  for (const [index, name] of request.names.entries()) {
    const line = request.lines[index] ?? '';
    if (name === 'to') text += `${status > 100 && tagOf(line) === '' ? `${line};tag=${toTag}` : line}\r\n`;
    else if (repeated.has(name)) text += `${line}\r\n`;
  }
  return text + writeContent(content);
}

const repeated = new Set(['via', 'from', 'call-id', 'cseq', 'record-route']);
