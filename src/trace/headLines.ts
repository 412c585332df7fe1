/** The start line and the headers of a message, each in one line as RFC 3261 §7.3.1 unfolds them; the body left out. */
export function headLines(text: string): string[] {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  return head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
}
