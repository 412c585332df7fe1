import { type Aor, aorOf } from '../sip/uri';

/**
 * Ours: a text message of the data channel `pointer` as the sharing MCU passes it on, with who wrote it:
 * `sip:bob@contoso.example`, a line feed, and the message. What an end writes has no such line; the MCU adds it.
 */
export const pointerChannel = 'pointer';
/** Bytes of a message on the channel; more is dropped. */
export const longestPointerMessage = 4096;

export function formatRelayedData(from: Aor, message: string): string {
  return `${from}\n${message}`;
}

/** `null` when it names no author. */
export function parseRelayedData(text: string): { from: Aor; message: string } | null {
  const end = text.indexOf('\n');
  const from = end < 0 ? null : aorOf(text.slice(0, end));
  return from === null ? null : { from, message: text.slice(end + 1) };
}
