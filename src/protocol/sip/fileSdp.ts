import { MalformedBody } from '../malformed';
import { parseNatural } from '../natural';
import { isFileName } from '../shared/fileName';
import { directionOf, joinSdp, mediaOf, sdpAttribute, splitSdp, withDirection } from './sdp';

/**
 * A file in SDP: the browser's own data channel section (RFC 8841), with the attributes of RFC 5547 that say what goes over it.
 * Whoever sends it offers, `sendonly`; the answer is `recvonly`, names the same file, and says from where on it is wanted.
 */
export interface SdpFile {
  /** `file-transfer-id`: the same in every attempt to get one file across. */
  transfer: string;
  name: string;
  /** Bytes. */
  size: number;
  /** Media type; `''` when there is none. */
  type: string;
}

export interface SdpFileAnswer extends SdpFile {
  /** The first byte that is wanted, counted from 0 (`file-range` counts from 1). */
  from: number;
}

/** Bytes; more than any disk has. */
const largestSize = 2 ** 50;

const ours = /^a=file-(?:selector|transfer-id|disposition|range)\b/;
const transferId = /^[A-Za-z0-9_@.:-]{1,80}$/;
const mediaTypeName = /^[\w.+-]{1,63}\/[\w.+-]{1,63}$/;

/** Says in a browser's offer which file is sent. Throws `MalformedBody` when the SDP has no data channel. */
export function labelFileOffer(sdp: string, file: SdpFile): string {
  return changeChannel(sdp, 'sendonly', attributesOf(file));
}

/** Says in a browser's answer which file is taken, and from which byte on. Throws like `labelFileOffer`. */
export function labelFileAnswer(sdp: string, { from, ...file }: SdpFileAnswer): string {
  const range = from === 0 ? [] : [`a=file-range:${from + 1}-*`];
  return changeChannel(sdp, 'recvonly', [...attributesOf(file), ...range]);
}

function attributesOf({ transfer, name, size, type }: SdpFile): string[] {
  const typed = mediaTypeName.test(type) ? ` type:${type}` : '';
  return [
    `a=file-selector:name:"${escapeName(name)}"${typed} size:${size}`,
    `a=file-transfer-id:${transfer}`,
    'a=file-disposition:attachment',
  ];
}

/** True for an SDP about a file over a data channel, whether it can be used or not. */
export function isFileSdp(sdp: string): boolean {
  return splitSdp(sdp).media.some(
    (section) => isChannel(section) && sdpAttribute(section, 'file-selector') !== undefined,
  );
}

/** Throws `MalformedBody` for what offers no file, more than one thing, or a name that is no file name. */
export function parseFileOffer(sdp: string): SdpFile {
  const section = onlySection(sdp);
  if (directionOf(section) !== 'sendonly') throw new MalformedBody('SDP', 'nobody sends the file');
  return fileIn(section);
}

/** Throws `MalformedBody`, also for a range that the file does not have. */
export function parseFileAnswer(sdp: string): SdpFileAnswer {
  const section = onlySection(sdp);
  if (directionOf(section) !== 'recvonly') throw new MalformedBody('SDP', 'nobody takes the file');
  const file = fileIn(section);
  return { ...file, from: startOf(sdpAttribute(section, 'file-range'), file.size) };
}

function startOf(range: string | undefined, size: number): number {
  if (range === undefined) return 0;
  const first = parseNatural(/^(\d+)-(?:\*|\d+)$/.exec(range)?.[1], largestSize);
  if (first === null || first < 1 || first > size + 1) throw new MalformedBody('SDP', 'the file has no such range');
  return first - 1;
}

function fileIn(section: readonly string[]): SdpFile {
  const selector = sdpAttribute(section, 'file-selector') ?? '';
  const transfer = sdpAttribute(section, 'file-transfer-id') ?? '';
  const quoted = /(?:^| )name:"([^"]*)"/.exec(selector)?.[1];
  // The name first: it may have in it what looks like another selector.
  const rest = selector.replace(/name:"[^"]*"/, '');
  const size = parseNatural(/(?:^| )size:(\d+)(?= |$)/.exec(rest)?.[1], largestSize);
  const type = /(?:^| )type:(\S+)/.exec(rest)?.[1] ?? '';
  const name = unescapeName(quoted ?? '');
  if (!transferId.test(transfer)) throw new MalformedBody('SDP', 'there is no file-transfer-id');
  if (!isFileName(name)) throw new MalformedBody('SDP', 'that is no file name');
  if (size === null) throw new MalformedBody('SDP', 'the file has no size');
  return { transfer, name, size, type: mediaTypeName.test(type) ? type : '' };
}

/** RFC 5547 §6: what would end the name, or the line, is escaped. */
function escapeName(name: string): string {
  return name.replace(/[%"\r\n\0]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`);
}

function unescapeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw new MalformedBody('SDP', 'that is no file name');
  }
}

function isChannel(section: readonly string[]): boolean {
  const { kind, port, protocol } = mediaOf(section);
  return kind === 'application' && port !== 0 && protocol.endsWith('DTLS/SCTP');
}

/** The data channel of an SDP that has nothing else: no camera comes along with a file. */
function onlySection(sdp: string): readonly string[] {
  const { media } = splitSdp(sdp);
  const [section, ...others] = media;
  if (section === undefined || others.length > 0 || !isChannel(section)) {
    throw new MalformedBody('SDP', 'it is not one data channel');
  }
  return section;
}

function changeChannel(sdp: string, direction: 'sendonly' | 'recvonly', attributes: readonly string[]): string {
  const section = onlySection(sdp);
  const kept = section.filter((line) => !ours.test(line));
  return joinSdp({ session: splitSdp(sdp).session, media: [[...withDirection(kept, direction), ...attributes]] });
}
