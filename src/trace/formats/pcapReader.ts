import { concatBytes } from '../../protocol/bytes';
import { parseMessage } from '../../protocol/sip/message';
import type { NewEntry } from '../entry';
import { endText, type Read, readSegment } from './packets';
import { application } from './pcapng';
import { SipStream } from './sipStream';
import { type TraceParser, UnreadableTrace } from './traceFormat';

const pcapngMagic = 0x0a0d0d0a;
const pcapMagics: Readonly<Record<number, { little: boolean; perSecond: number }>> = {
  3569595041: { little: true, perSecond: 1e6 },
  2712847316: { little: false, perSecond: 1e6 },
  1295823521: { little: true, perSecond: 1e9 },
  2712812621: { little: false, perSecond: 1e9 },
};
const longestBlock = 16_000_000;

/** The file begins as a capture does. */
export function isCapture(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const magic = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return magic === pcapngMagic || pcapMagics[magic] !== undefined;
}

interface Interface {
  linkType: number;
  name: string;
  perSecond: number;
}

/** A message between two ends that are not yet told apart into us and the other. */
interface Found {
  at: number;
  from: string;
  to: string;
  text: string;
}

/**
 * Reads a capture, of Wireshark (pcapng), tcpdump (pcap) or our own: SIP over TCP and UDP, not encrypted. In our own a packet
 * says its direction and its interface the URL; in any other, the end that speaks with most others is the one that logged.
 */
export class PcapReader implements TraceParser {
  #bytes: Uint8Array = new Uint8Array(0);
  #offset = 0;
  #form: 'unknown' | 'pcapng' | 'pcap' = 'unknown';
  #little = true;
  #perSecond = 1e6;
  #linkType = 1;
  #isOurs = false;
  #interfaces: Interface[] = [];
  readonly #streams = new Map<string, SipStream>();
  /** Of our own captures: what came without PSH, by stream. */
  readonly #parts = new Map<string, Uint8Array[]>();
  readonly #found: Found[] = [];
  skipped = 0;

  push(bytes: Uint8Array): NewEntry[] {
    this.#bytes = this.#bytes.length === 0 ? bytes : concatBytes(this.#bytes, bytes);
    if (this.#form === 'unknown' && !this.#begin()) return [];
    const entries: NewEntry[] = [];
    for (let at = this.#next(); at > 0; at = this.#next()) {
      const block = this.#bytes.subarray(0, at);
      try {
        entries.push(...(this.#form === 'pcapng' ? this.#takeBlock(block) : this.#takeRecord(block)));
      } catch (error) {
        if (entries.length === 0) throw error;
        // What came before the damage is good; the damage is met again with the next piece.
        break;
      }
      this.#advance(at);
    }
    // The rest alone: a view would keep the whole piece.
    this.#bytes = this.#bytes.slice();
    return entries;
  }

  end(): NewEntry[] {
    if (this.#bytes.length > 0) throw this.#damaged();
    return directed(this.#found);
  }

  #advance(count: number): void {
    this.#bytes = this.#bytes.subarray(count);
    this.#offset += count;
  }

  #damaged(): UnreadableTrace {
    return new UnreadableTrace({
      is: 'damaged',
      format: this.#form === 'pcap' ? 'pcap' : 'pcapng',
      at: this.#offset,
    });
  }

  #view(block: Uint8Array): { uint16(at: number): number; uint32(at: number): number } {
    const view = new DataView(block.buffer, block.byteOffset, block.length);
    const within = (at: number, count: number): void => {
      if (at + count > block.length) throw this.#damaged();
    };
    return {
      uint16: (at) => {
        within(at, 2);
        return view.getUint16(at, this.#little);
      },
      uint32: (at) => {
        within(at, 4);
        return view.getUint32(at, this.#little);
      },
    };
  }

  #begin(): boolean {
    if (this.#bytes.length < 24) return false;
    const magic = new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getUint32(0);
    const pcap = pcapMagics[magic];
    if (pcap === undefined) {
      this.#form = 'pcapng';
      return true;
    }
    this.#form = 'pcap';
    this.#little = pcap.little;
    this.#perSecond = pcap.perSecond;
    this.#linkType = this.#view(this.#bytes).uint32(20) & 0xffff;
    this.#advance(24);
    return true;
  }

  /** The length of the next block, once it is there; else 0. */
  #next(): number {
    const headLength = this.#form === 'pcapng' ? 12 : 16;
    if (this.#bytes.length < headLength) return 0;
    if (this.#form === 'pcapng' && this.#view(this.#bytes).uint32(0) === pcapngMagic) this.#readByteOrder();
    const view = this.#view(this.#bytes);
    const length = this.#form === 'pcapng' ? view.uint32(4) : 16 + view.uint32(8);
    if (length < headLength || length > longestBlock || (this.#form === 'pcapng' && length % 4 !== 0))
      throw this.#damaged();
    return this.#bytes.length < length ? 0 : length;
  }

  /** Each section may have its own. */
  #readByteOrder(): void {
    const magic = new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getUint32(8);
    if (magic !== 0x1a2b3c4d && magic !== 0x4d3c2b1a) throw this.#damaged();
    this.#little = magic === 0x4d3c2b1a;
  }

  #takeRecord(block: Uint8Array): NewEntry[] {
    const view = this.#view(block);
    const at = view.uint32(0) * 1000 + Math.floor((view.uint32(4) * 1000) / this.#perSecond);
    this.#takeFrame(block.subarray(16), this.#linkType, at);
    return [];
  }

  #takeBlock(block: Uint8Array): NewEntry[] {
    const view = this.#view(block);
    switch (view.uint32(0)) {
      case pcapngMagic:
        this.#interfaces = [];
        this.#isOurs = this.#options(block, 24).some(
          ([code, value]) => code === 4 && new TextDecoder().decode(value) === application,
        );
        return [];
      case 1:
        this.#interfaces.push(this.#interfaceIn(block, view.uint16(8)));
        return [];
      case 6:
        return this.#takePacket(block);
      default:
        return [];
    }
  }

  #interfaceIn(block: Uint8Array, linkType: number): Interface {
    const options = new Map(this.#options(block, 16));
    const resolution = options.get(9)?.[0] ?? 6;
    const perSecond = resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution;
    return { linkType, name: new TextDecoder().decode(options.get(2) ?? new Uint8Array(0)), perSecond };
  }

  #options(block: Uint8Array, start: number): [code: number, value: Uint8Array][] {
    const view = this.#view(block);
    const options: [number, Uint8Array][] = [];
    for (let at = start; at + 4 <= block.length - 4; ) {
      const [code, length] = [view.uint16(at), view.uint16(at + 2)];
      if (code === 0) break;
      options.push([code, block.subarray(at + 4, at + 4 + length)]);
      at += 4 + Math.ceil(length / 4) * 4;
    }
    return options;
  }

  #takePacket(block: Uint8Array): NewEntry[] {
    const view = this.#view(block);
    const from = this.#interfaces[view.uint32(8)];
    if (from === undefined) throw this.#damaged();
    const ticks = view.uint32(12) * 0x1_0000_0000 + view.uint32(16);
    const at = Math.floor((ticks / from.perSecond) * 1000);
    const length = view.uint32(20);
    if (28 + length > block.length - 4) throw this.#damaged();
    const frame = block.subarray(28, 28 + length);
    if (!this.#isOurs) {
      this.#takeFrame(frame, from.linkType, at);
      return [];
    }
    const flags = this.#options(block, 28 + Math.ceil(length / 4) * 4).find(([code]) => code === 2)?.[1][
      this.#little ? 0 : 3
    ];
    return this.#takeOurs(frame, from, at, ((flags ?? 1) & 3) === 2 ? 'out' : 'in');
  }

  /** A packet is a message, or a part of a long one. */
  #takeOurs(frame: Uint8Array, { linkType, name }: Interface, at: number, direction: 'in' | 'out'): NewEntry[] {
    const segment = readSegment(frame, linkType);
    if (segment === null) return [];
    const key = streamKey(segment);
    const parts = [...(this.#parts.get(key) ?? []), segment.payload.slice()];
    if (!segment.push) {
      this.#parts.set(key, parts);
      return [];
    }
    this.#parts.delete(key);
    const text = new TextDecoder().decode(concatBytes(...parts));
    if (parseMessage(text) !== null) return [{ at, direction, kind: 'sip', url: name, text }];
    this.skipped += 1;
    return [];
  }

  #takeFrame(frame: Uint8Array, linkType: number, at: number): void {
    const segment = readSegment(frame, linkType);
    if (segment === null) return;
    const [from, to] = [endText(segment.from), endText(segment.to)];
    const texts =
      segment.is === 'udp' ? datagram(segment.payload) : this.#streamOf(segment).push(segment.seq, segment.payload);
    for (const text of texts) {
      if (parseMessage(text) === null) this.skipped += 1;
      else this.#found.push({ at, from, to, text });
    }
  }

  #streamOf(segment: Read): SipStream {
    const key = streamKey(segment);
    const known = this.#streams.get(key);
    if (known !== undefined) return known;
    const stream = new SipStream();
    this.#streams.set(key, stream);
    return stream;
  }
}

const streamKey = ({ from, to }: Read): string => `${endText(from)} ${endText(to)}`;

function datagram(payload: Uint8Array): string[] {
  const text = new TextDecoder().decode(payload);
  return /^(?:SIP\/2\.0 \d{3}|[A-Z]{3,20} \S{1,2000} SIP\/2\.0\r\n)/.test(text) ? [text] : [];
}

/** Seen from the host that takes part in most messages; of two, from the one that asked first. */
function directed(found: readonly Found[]): NewEntry[] {
  const counts = new Map<string, number>();
  const count = (end: string): void => void counts.set(hostOf(end), (counts.get(hostOf(end)) ?? 0) + 1);
  for (const { from, to } of found) {
    count(from);
    count(to);
  }
  const [most] = [...counts.entries()].sort(([, one], [, other]) => other - one);
  const us = most?.[0] ?? '';
  return found.map(({ at, from, to, text }) => ({
    at,
    direction: hostOf(from) === us ? ('out' as const) : ('in' as const),
    kind: 'sip' as const,
    url: hostOf(from) === us ? to : from,
    text,
  }));
}

const hostOf = (end: string): string => end.slice(0, end.lastIndexOf(':'));
