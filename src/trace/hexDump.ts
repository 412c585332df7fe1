const perLine = 16;

/** The UTF-8 bytes of a text as people read them: offset, sixteen bytes, what of them is printable ASCII. At most `most` bytes. */
export function hexDump(text: string, most = 65_536): string {
  const bytes = new TextEncoder().encode(text).subarray(0, most);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += perLine) {
    const line = [...bytes.subarray(at, at + perLine)];
    const hex = line.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const shown = line.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(5, '0')}  ${hex.padEnd(perLine * 3 - 1)}  ${shown}`);
  }
  return lines.join('\n');
}
