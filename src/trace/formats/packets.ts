/** Ethernet, IP and TCP around a payload, and the way back (RFC 791, 8200, 9293): as much as a capture of SIP needs. */

/** One end of a connection: an IPv4 (4 bytes) or IPv6 (16 bytes) address and a port. */
export interface End {
  address: Uint8Array;
  port: number;
}

export interface Segment {
  from: End;
  to: End;
  seq: number;
  ack: number;
  payload: Uint8Array;
  /** The last one of what was written at once. */
  push: boolean;
}

const etherIpv4 = 0x0800;
const etherIpv6 = 0x86dd;
const etherVlan = 0x8100;
const protocolTcp = 6;
const protocolUdp = 17;

/** A frame on Ethernet with right lengths and checksums. The payload may have at most 65,000 bytes. */
export function formatSegment({ from, to, seq, ack, payload, push }: Segment): Uint8Array {
  const isV6 = from.address.length === 16;
  const ipLength = isV6 ? 40 : 20;
  const frame = new Uint8Array(14 + ipLength + 20 + payload.length);
  const view = new DataView(frame.buffer);
  // Locally administered addresses: the lower port is the server's.
  frame.set([2, 0, 0, 0, 0, to.port < from.port ? 2 : 1, 2, 0, 0, 0, 0, to.port < from.port ? 1 : 2]);
  view.setUint16(12, isV6 ? etherIpv6 : etherIpv4);
  const ip = frame.subarray(14);
  if (isV6) setIpv6(new DataView(frame.buffer, 14), 20 + payload.length);
  else setIpv4(new DataView(frame.buffer, 14), 40 + payload.length);
  ip.set(from.address, isV6 ? 8 : 12);
  ip.set(to.address, isV6 ? 24 : 16);
  if (!isV6) view.setUint16(14 + 10, checksum(ip.subarray(0, 20)));
  const tcpAt = 14 + ipLength;
  view.setUint16(tcpAt, from.port);
  view.setUint16(tcpAt + 2, to.port);
  view.setUint32(tcpAt + 4, seq >>> 0);
  view.setUint32(tcpAt + 8, ack >>> 0);
  view.setUint16(tcpAt + 12, (5 << 12) | 0x10 | (push ? 0x08 : 0));
  view.setUint16(tcpAt + 14, 0xffff);
  frame.set(payload, tcpAt + 20);
  view.setUint16(tcpAt + 16, checksum(frame.subarray(tcpAt), pseudoSum(from, to, 20 + payload.length)));
  return frame;
}

function setIpv4(view: DataView, length: number): void {
  view.setUint8(0, 0x45);
  view.setUint16(2, length);
  view.setUint16(6, 0x4000);
  view.setUint8(8, 64);
  view.setUint8(9, protocolTcp);
}

function setIpv6(view: DataView, length: number): void {
  view.setUint8(0, 0x60);
  view.setUint16(4, length);
  view.setUint8(6, protocolTcp);
  view.setUint8(7, 64);
}

/** RFC 9293 §3.1 and RFC 8200 §8.1: the addresses, the protocol and the length are summed too. */
function pseudoSum(from: End, to: End, length: number): number {
  return sumOf(from.address) + sumOf(to.address) + protocolTcp + length;
}

function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return sum;
}

/** The internet checksum (RFC 1071). */
export function checksum(bytes: Uint8Array, start = 0): number {
  let sum = start + sumOf(bytes);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** Payloads of TCP and UDP in a frame; `null` for anything else, fragments among it. */
export type Read = { is: 'tcp' | 'udp' } & Segment;

/** Bytes before IP, by the link types that tools write; `null` for others. */
const linkLengths: Readonly<Record<number, number>> = { 0: 4, 101: 0, 108: 4, 113: 16, 228: 0, 229: 0, 276: 20 };

/** Reads a captured frame of the given link type (pcap-linktype). */
export function readSegment(frame: Uint8Array, linkType: number): Read | null {
  const ipAt = linkType === 1 ? ethernetLength(frame) : (linkLengths[linkType] ?? null);
  if (ipAt === null || frame.length < ipAt + 20) return null;
  const version = (frame[ipAt] ?? 0) >> 4;
  if (version === 4) return readIpv4(frame.subarray(ipAt));
  return version === 6 ? readIpv6(frame.subarray(ipAt)) : null;
}

function ethernetLength(frame: Uint8Array): number | null {
  let at = 12;
  while (word(frame, at) === etherVlan) at += 4;
  const type = word(frame, at);
  return type === etherIpv4 || type === etherIpv6 ? at + 2 : null;
}

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const long = (bytes: Uint8Array, at: number): number => word(bytes, at) * 0x10000 + word(bytes, at + 2);

function readIpv4(ip: Uint8Array): Read | null {
  const headLength = ((ip[0] ?? 0) & 15) * 4;
  const isFragment = (word(ip, 6) & 0x3fff) !== 0;
  // 0: the network card was to fill it in.
  const length = word(ip, 2) || ip.length;
  if (headLength < 20 || isFragment || length < headLength) return null;
  return readTransport(ip[9] ?? 0, ip.subarray(headLength, length), ip.subarray(12, 16), ip.subarray(16, 20));
}

function readIpv6(ip: Uint8Array): Read | null {
  if (ip.length < 40) return null;
  return readTransport(ip[6] ?? 0, ip.subarray(40, 40 + word(ip, 4)), ip.subarray(8, 24), ip.subarray(24, 40));
}

function readTransport(protocol: number, bytes: Uint8Array, source: Uint8Array, target: Uint8Array): Read | null {
  const from = { address: source, port: word(bytes, 0) };
  const to = { address: target, port: word(bytes, 2) };
  if (protocol === protocolUdp && bytes.length > 8) {
    return { is: 'udp', from, to, seq: 0, ack: 0, payload: bytes.subarray(8), push: true };
  }
  if (protocol !== protocolTcp || bytes.length < 20) return null;
  const headLength = ((bytes[12] ?? 0) >> 4) * 4;
  if (headLength < 20 || headLength > bytes.length) return null;
  const push = ((bytes[13] ?? 0) & 0x08) !== 0;
  return { is: 'tcp', from, to, seq: long(bytes, 4), ack: long(bytes, 8), payload: bytes.subarray(headLength), push };
}

/** `10.0.0.21:50123`, `[2001:db8::1]:5060`. */
export function endText({ address, port }: End): string {
  if (address.length === 4) return `${[...address].join('.')}:${port}`;
  const groups = Array.from({ length: 8 }, (_, at) => word(address, at * 2).toString(16));
  const zeros = groups.join(':').match(/(?:^|:)0(?::0)+(?:$|:)/g) ?? [];
  const longest = zeros.toSorted((one, other) => other.length - one.length)[0];
  const text = groups.join(':');
  return `[${longest === undefined ? text : text.replace(longest, '::')}]:${port}`;
}

/** The bytes of an address literal; `null` when it is a name. */
export function parseAddress(host: string): Uint8Array | null {
  const ipv4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host);
  if (ipv4 !== null) {
    const bytes = ipv4.slice(1).map(Number);
    return bytes.every((byte) => byte < 256) ? Uint8Array.from(bytes) : null;
  }
  const bare = host.replace(/^\[|\]$/g, '');
  if (!/^[0-9a-f:]+$/i.test(bare) || !bare.includes(':')) return null;
  const [before = '', after, more] = bare.split('::');
  if (more !== undefined) return null;
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [left, right] = [groups(before), groups(after ?? '')];
  const missing = 8 - left.length - right.length;
  if (missing < 0 || (after === undefined && missing !== 0)) return null;
  const all = [...left, ...Array.from({ length: missing }, () => '0'), ...right].map((one) => Number.parseInt(one, 16));
  if (all.some((one) => !(one >= 0 && one <= 0xffff))) return null;
  return Uint8Array.from(all.flatMap((one) => [one >> 8, one & 0xff]));
}
