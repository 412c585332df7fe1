/** SDP as lines (RFC 8866 §5): what comes before the first `m=`, and each media section, its `m=` line first. */
export interface SdpLines {
  session: readonly string[];
  media: readonly (readonly string[])[];
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export function isDirection(text: string | undefined): text is Direction {
  return text === 'sendrecv' || text === 'sendonly' || text === 'recvonly' || text === 'inactive';
}

const isDirectionLine = (line: string): boolean => line.startsWith('a=') && isDirection(line.slice(2));

/** Takes any line end; empty lines are dropped. */
export function splitSdp(sdp: string): SdpLines {
  const session: string[] = [];
  const media: string[][] = [];
  for (const line of sdp.split(/\r\n|\r|\n/)) {
    if (line === '') continue;
    if (line.startsWith('m=')) media.push([line]);
    else (media.at(-1) ?? session).push(line);
  }
  return { session, media };
}

export function joinSdp({ session, media }: SdpLines): string {
  return [...session, ...media.flat(), ''].join('\r\n');
}

/** `m=` of a section: `{ kind: 'video', port: 9, protocol: 'UDP/TLS/RTP/SAVPF' }`. Port 0 is a section that is refused. */
export function mediaOf(section: readonly string[]): { kind: string; port: number; protocol: string } {
  const [, kind = '', port = '0', protocol = ''] =
    /^m=(\S+) (\d{1,5})(?:\/\d+)? (\S+)/.exec(section[0] ?? '') ?? ([] as string[]);
  return { kind, port: Number(port), protocol };
}

/** The value of `a=NAME:VALUE`, `''` for `a=NAME`, the first of several; `undefined` when there is none. */
export function sdpAttribute(section: readonly string[], name: string): string | undefined {
  for (const line of section) {
    if (line === `a=${name}`) return '';
    if (line.startsWith(`a=${name}:`)) return line.slice(name.length + 3).trim();
  }
  return undefined;
}

/** The last direction of a section; `sendrecv` when it says none (RFC 8866 §6.7). */
export function directionOf(section: readonly string[]): Direction {
  const said = section.findLast(isDirectionLine)?.slice(2);
  return isDirection(said) ? said : 'sendrecv';
}

/** The section with this direction, said once, where it was said. */
export function withDirection(section: readonly string[], direction: Direction): string[] {
  const at = section.findIndex(isDirectionLine);
  const kept = section.filter((line) => !isDirectionLine(line));
  return kept.toSpliced(at < 0 ? kept.length : at, 0, `a=${direction}`);
}
