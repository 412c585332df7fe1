import { concatBytes } from '../../protocol/bytes';
import { headerOf, parseMessage } from '../../protocol/sip/message';
import type { NewEntry } from '../entry';
import { type End, formatSegment, parseAddress } from './packets';
import { peerOfUrl } from './traceFormat';

/**
 * A capture that Wireshark and its like open (draft-ietf-opsawg-pcapng): each SIP message in TCP segments of its own between
 * addresses that stand for the real ones. An interface for each URL, whose name it is; times in ms.
 */

const blockSection = 0x0a0d0d0a;
const blockInterface = 1;
const blockNames = 4;
const blockPacket = 6;
const byteOrder = 0x1a2b3c4d;
const linkEthernet = 1;
/** Where Wireshark expects SIP, whatever the port was: on that of TLS or HTTP it would not look for it. */
const sipPort = 5060;
const longestPayload = 65_000;
const firstPort = 50_000;

export const application = 'Confab';

// RFC 5737 and 3849: addresses for documentation, which nobody has.
const ourIpv4 = Uint8Array.of(192, 0, 2, 1);
const ourIpv6 = Uint8Array.from([0x20, 0x01, 0x0d, 0xb8, ...Array.from({ length: 11 }, () => 0), 1]);
const theirIpv4 = (count: number): Uint8Array => Uint8Array.of(198, 51, 100, 1 + (count % 254));

const encoder = new TextEncoder();
const uint16 = (value: number): Uint8Array => Uint8Array.of(value & 0xff, (value >> 8) & 0xff);
const uint32 = (value: number): Uint8Array => concatBytes(uint16(value & 0xffff), uint16(Math.floor(value / 0x10000)));
const padded = (bytes: Uint8Array): Uint8Array => concatBytes(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4));

function block(type: number, ...body: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...body);
  const length = uint32(content.length + 12);
  return concatBytes(uint32(type), length, content, length);
}

function option(code: number, value: Uint8Array): Uint8Array {
  return concatBytes(uint16(code), uint16(value.length), padded(value));
}

const endOfOptions = uint32(0);

interface Connection {
  interfaceId: number;
  us: End;
  them: End;
  sent: number;
  received: number;
}

/** Writes a capture, message by message. What is no SIP message has no packet. */
export class PcapngWriter {
  readonly #connections = new Map<string, Connection>();
  readonly #addresses = new Map<string, Uint8Array>();
  #ports = 0;

  /** The beginning of the file. */
  begin(): Uint8Array {
    const unknownLength = concatBytes(uint32(0xffffffff), uint32(0xffffffff));
    return block(
      blockSection,
      uint32(byteOrder),
      concatBytes(uint16(1), uint16(0)),
      unknownLength,
      option(4, encoder.encode(application)),
      endOfOptions,
    );
  }

  /** The packets of an entry, with the blocks that must come before them. */
  entry(entry: NewEntry): Uint8Array {
    const known = this.#connections.get(entry.url);
    if (entry.kind === 'state' && known !== undefined) this.#reconnect(known);
    if (entry.kind !== 'sip' || parseMessage(entry.text) === null) return new Uint8Array(0);
    const [head, connection] = known === undefined ? this.#connect(entry.url) : [new Uint8Array(0), known];
    const packets = this.#packets(connection, entry);
    // A reader that believes a wrong length would lose its place in the stream.
    if (!hasRightLength(entry.text)) this.#reconnect(connection);
    return concatBytes(head, ...packets);
  }

  #connect(url: string): [Uint8Array, Connection] {
    const peer = peerOfUrl(url);
    const colon = peer.lastIndexOf(':');
    const host = peer.slice(0, colon < 0 ? undefined : colon);
    const [names, address] = this.#addressOf(host);
    const port = Number(colon < 0 ? '' : peer.slice(colon + 1));
    // Somebody with a port of their own calls us; a server is called by us.
    const isServer = peer !== url || !(port > 10_000);
    const ours = address.length === 16 ? ourIpv6 : ourIpv4;
    const connection: Connection = {
      interfaceId: this.#connections.size,
      us: { address: ours, port: isServer ? this.#nextPort() : sipPort },
      them: { address, port: isServer ? sipPort : port },
      sent: 1,
      received: 1,
    };
    this.#connections.set(url, connection);
    const milliseconds = option(9, Uint8Array.of(3));
    const described = block(
      blockInterface,
      concatBytes(uint16(linkEthernet), uint16(0), uint32(0)),
      option(2, encoder.encode(url)),
      milliseconds,
      endOfOptions,
    );
    return [concatBytes(described, names), connection];
  }

  #nextPort(): number {
    this.#ports = (this.#ports + 1) % 15_000;
    return firstPort + this.#ports;
  }

  /** A host's address and, for one that has a name only, the block that gives Wireshark the name. */
  #addressOf(host: string): [Uint8Array, Uint8Array] {
    const literal = parseAddress(host);
    const known = literal ?? this.#addresses.get(host);
    if (known !== undefined) return [new Uint8Array(0), known];
    const address = theirIpv4(this.#addresses.size);
    this.#addresses.set(host, address);
    const name = concatBytes(address, encoder.encode(host), Uint8Array.of(0));
    const names = block(blockNames, uint16(1), uint16(name.length), padded(name), uint32(0));
    return [names, address];
  }

  #reconnect(connection: Connection): void {
    if (connection.them.port === sipPort) connection.us = { ...connection.us, port: this.#nextPort() };
    else connection.them = { ...connection.them, port: connection.them.port - 1 };
    connection.sent = 1;
    connection.received = 1;
  }

  #packets(connection: Connection, { text, at, direction }: NewEntry): Uint8Array[] {
    const bytes = encoder.encode(text);
    const packets: Uint8Array[] = [];
    for (let start = 0; start < bytes.length; start += longestPayload) {
      const payload = bytes.subarray(start, start + longestPayload);
      const push = start + payload.length === bytes.length;
      const isOut = direction === 'out';
      const { us, them, sent, received } = connection;
      const segment = isOut
        ? { from: us, to: them, seq: sent, ack: received, payload, push }
        : { from: them, to: us, seq: received, ack: sent, payload, push };
      if (isOut) connection.sent += payload.length;
      else connection.received += payload.length;
      packets.push(packet(connection.interfaceId, at, formatSegment(segment), isOut));
    }
    return packets;
  }
}

function packet(interfaceId: number, at: number, frame: Uint8Array, isOut: boolean): Uint8Array {
  const flags = option(2, uint32(isOut ? 2 : 1));
  const length = uint32(frame.length);
  const time = concatBytes(uint32(Math.floor(at / 0x1_0000_0000)), uint32(at % 0x1_0000_0000));
  return block(blockPacket, uint32(interfaceId), time, length, length, padded(frame), flags, endOfOptions);
}

function hasRightLength(text: string): boolean {
  const message = parseMessage(text);
  const told = message === null ? undefined : headerOf(message, 'Content-Length');
  return message !== null && told !== undefined && Number(told) === encoder.encode(message.body).length;
}
