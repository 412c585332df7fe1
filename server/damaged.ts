import { limits, parseMessage, SipMessage } from './codec';
import { writeResponse } from './compose';

/** Requests that nobody answers (RFC 3261 §13.2.2.4, [MS-SIP] 3.5). */
export const unanswered: ReadonlySet<string> = new Set(['ACK', 'BENOTIFY']);

const reasons: ReadonlyMap<number, string> = new Map([
  [505, 'Version Not Supported'],
  [513, 'Message Too Large'],
]);

/** The answer (400, or `status`) to a request that could not be read whole; `null` when not even that can be written. */
export function answerToDamaged(answerable: SipMessage | null, why: string, status = 400): string | null {
  if (answerable === null || unanswered.has(answerable.method)) return null;
  for (const name of ['via', 'from', 'to', 'call-id', 'cseq']) {
    if (!answerable.names.includes(name)) return null;
  }
  // Of two it can only repeat one.
  const isFirst = answerable.names.map((name, index) => name === 'via' || answerable.names.indexOf(name) === index);
  const names = answerable.names.filter((_, index) => isFirst[index]);
  const lines = answerable.lines.filter((_, index) => isFirst[index]);
  const { method, uri } = answerable;
  const request = new SipMessage({ method, uri, status: 0, reason: '' }, names, lines, '');
  const reason = reasons.get(status) ?? `Bad Request (${why})`;
  return writeResponse(request, status, reason, 'damaged');
}

/** What can be read of a message that is too long to be read whole. */
export function headOf(bytes: Buffer): SipMessage | null {
  const text = bytes.subarray(0, limits.head).toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const lastLine = text.lastIndexOf('\r\n');
  const whole = end >= 0 ? text.slice(0, end) : text.slice(0, Math.max(0, lastLine));
  const lines = whole.split('\r\n').filter((line, index) => index === 0 || !/^(content-length|l)[ \t]*:/i.test(line));
  const parsed = parseMessage(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
  return parsed.is === 'message' ? (parsed.message.isRequest ? parsed.message : null) : parsed.answerable;
}
