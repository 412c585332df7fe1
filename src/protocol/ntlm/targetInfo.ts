import { concatBytes } from '../bytes';
import { MalformedBody } from '../malformed';

/** [MS-NLMP] §2.2.2.1: AV_PAIRs, what a server tells of itself. */
export const avId = {
  end: 0,
  netbiosComputer: 1,
  netbiosDomain: 2,
  dnsComputer: 3,
  dnsDomain: 4,
  timestamp: 7,
} as const;

/** Values by id, in order; names are UTF-16LE. Throws MalformedBody. */
export function parseTargetInfo(bytes: Uint8Array): Map<number, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const pairs = new Map<number, Uint8Array>();
  for (let at = 0; at + 4 <= bytes.length; ) {
    const id = view.getUint16(at, true);
    if (id === avId.end) return pairs;
    const end = at + 4 + view.getUint16(at + 2, true);
    if (end > bytes.length) break;
    pairs.set(id, bytes.slice(at + 4, end));
    at = end;
  }
  throw new MalformedBody('NTLM target info', 'no end');
}

export function formatTargetInfo(pairs: Iterable<readonly [id: number, value: Uint8Array]>): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const [id, value] of pairs) {
    pieces.push(Uint8Array.of(id & 255, id >> 8, value.length & 255, value.length >> 8), value);
  }
  return concatBytes(...pieces, new Uint8Array(4));
}
