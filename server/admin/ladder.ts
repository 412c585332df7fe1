import { headerOf, parseMessage, type SipMessage } from '../../src/protocol/sip/message';
import type { TracedFrame } from './followers';

/** Columns between two lanes. */
const span = 30;

/** Above the first row. */
export const ladderHead = `${' '.repeat(14)}client${' '.repeat(span - 5)}server${' '.repeat(span - 5)}peer`;

/**
 * One line of a live ladder:
 *
 *     21:03:04.123  │──────────── MESSAGE ────────▶│                              │  #4 text/plain, 412 bytes
 */
export function ladderRow(frame: TracedFrame): string {
  const message = parseMessage(frame.text);
  const label = message === null ? 'unreadable' : labelOf(message);
  const isRightwards = (frame.lane === 'client') === (frame.direction === 'in');
  const drawn = arrow(label, isRightwards);
  const blank = ' '.repeat(span);
  const [left, right] = frame.lane === 'client' ? [drawn, blank] : [blank, drawn];
  const peer = frame.lane === 'peer' ? ` ${frame.owner || frame.address}` : '';
  const row = `${timeOf(frame.at)}  │${left}│${right}│  #${frame.flow}${peer} ${gistOf(message, frame.bytes)}`;
  return printable(row.trimEnd());
}

function labelOf(message: SipMessage): string {
  if (message.method !== null) return message.method;
  return `${message.status} ${headerOf(message, 'CSeq')?.split(/\s+/)[1] ?? ''}`;
}

function arrow(label: string, isRightwards: boolean): string {
  const shown = ` ${label.length > span - 6 ? `${label.slice(0, span - 7)}…` : label} `;
  const rest = span - 1 - shown.length;
  const before = '─'.repeat(Math.ceil(rest / 2));
  const after = '─'.repeat(Math.floor(rest / 2));
  return isRightwards ? `${before}${shown}${after}▶` : `◀${before}${shown}${after}`;
}

/** What it is about: reason phrase, event, media type, size; and of a refusal why, in the server's words. */
function gistOf(message: SipMessage | null, bytes: number): string {
  if (message === null) return `${bytes} bytes`;
  const event = headerOf(message, 'Event');
  const type = headerOf(message, 'Content-Type')?.split(';', 1)[0];
  const diagnostics = headerOf(message, 'ms-diagnostics') ?? headerOf(message, 'ms-diagnostics-public') ?? '';
  const reason = message.status >= 300 ? /reason="([^"]*)"/i.exec(diagnostics)?.[1] : undefined;
  return [message.reason, event, type, `${bytes} bytes`, reason].filter(Boolean).join(', ');
}

/** Local time of day. */
function timeOf(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** A peer's words must not steer the terminal. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, '?');

/** What stands under its row, indented: a line of the message a line. */
export function wholeMessage({ text }: TracedFrame): string {
  const lines = text.trimEnd().split(/\r?\n/);
  return lines.map((line) => `\n${`${' '.repeat(14)}${printable(line)}`.trimEnd()}`).join('');
}
