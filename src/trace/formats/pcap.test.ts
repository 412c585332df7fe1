import { describe, expect, it } from 'vitest';
import { concatBytes, toHex } from '../../protocol/bytes';
import type { NewEntry } from '../entry';
import { checksum, type End, endText, formatSegment, parseAddress, readSegment } from './packets';
import { PcapngWriter } from './pcapng';
import { TraceFileReader } from './readTrace';

const encoder = new TextEncoder();
const alices: End = { address: Uint8Array.of(10, 0, 0, 21), port: 50123 };
const servers: End = { address: Uint8Array.of(10, 0, 0, 5), port: 5060 };
const invite =
  'INVITE sip:bob@contoso.example SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Length: 5\r\n\r\nv=0\r\n';
const ok = 'SIP/2.0 200 OK\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n';

describe('packets', () => {
  it('RFC 791, 9293: Ethernet, IPv4 and TCP, byte for byte', () => {
    const frame = formatSegment({
      from: alices,
      to: servers,
      seq: 1,
      ack: 2,
      payload: encoder.encode('hi'),
      push: true,
    });
    expect(toHex(frame)).toBe(
      [
        '0200000000020200000000010800',
        '4500002a00004000400626b50a0000150a000005',
        `c3cb13c400000001000000025018ffff${toHex(frame.subarray(50, 52))}00006869`,
      ].join(''),
    );
    // A checksum over what carries its own checksum is zero.
    expect(checksum(frame.subarray(14, 34))).toBe(0);
    const pseudo = 0x0a00 + 0x0015 + 0x0a00 + 0x0005 + 6 + 22;
    expect(checksum(frame.subarray(34), pseudo)).toBe(0);
  });

  it.each([
    ['IPv4', alices, servers],
    [
      'IPv6',
      { address: parseAddress('[2001:db8::21]') ?? new Uint8Array(0), port: 50123 },
      { address: parseAddress('2001:db8:0:0:1::5') ?? new Uint8Array(0), port: 5060 },
    ],
  ])('%s segments are read as they were written', (_what, from, to) => {
    const segment = { from, to, seq: 4_294_967_290, ack: 7, payload: encoder.encode(invite), push: true };
    expect(readSegment(formatSegment(segment), 1)).toEqual({ is: 'tcp', ...segment });
  });

  it.each([
    ['10.0.0.21', '10.0.0.21:5060'],
    ['[2001:db8::1]', '[2001:db8::1]:5060'],
    ['::1', '[::1]:5060'],
    ['2001:0db8:0:0:1:0:0:5', '[2001:db8::1:0:0:5]:5060'],
  ])('the address %s', (text, written) => {
    const address = parseAddress(text);
    expect(address && endText({ address, port: 5060 })).toBe(written);
  });

  it.each(['fe1.contoso.example', '1.2.3.400', '1:2:3', 'a::b::c', ''])('%s is no address', (text) => {
    expect(parseAddress(text)).toBe(null);
  });
});

/** A capture of tcpdump: microseconds, little-endian, Ethernet. */
function pcap(frames: readonly { at: number; frame: Uint8Array }[]): Uint8Array {
  const little = (...values: number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);
  const head = concatBytes(little(0xa1b2c3d4), Uint8Array.of(2, 0, 4, 0), little(0, 0, 65_535, 1));
  const records = frames.map(({ at, frame }) =>
    concatBytes(little(Math.floor(at / 1000), (at % 1000) * 1000, frame.length, frame.length), frame),
  );
  return concatBytes(head, ...records);
}

function read(file: Uint8Array): NewEntry[] {
  const reader = new TraceFileReader();
  return [...reader.push(file), ...reader.end()];
}

describe('captures of others', () => {
  const at = Date.UTC(2026, 2, 2, 8);
  const tcp = (from: End, to: End, seq: number, text: string | Uint8Array) => ({
    at,
    frame: formatSegment({
      from,
      to,
      seq,
      ack: 1,
      payload: typeof text === 'string' ? encoder.encode(text) : text,
      push: true,
    }),
  });

  it('are put together again: split, out of order, sent twice, several in one segment', () => {
    const stream = encoder.encode(`\r\n\r\n${invite}${invite.replace('Call-ID: 1', 'Call-ID: 2')}`);
    const part = (start: number, end?: number) => tcp(alices, servers, 1_000 + start, stream.subarray(start, end));
    const frames = [part(0, 20), part(90, 150), part(20, 90), part(20, 90), part(150), tcp(servers, alices, 5, ok)];
    expect(read(pcap(frames))).toEqual([
      { at, direction: 'out', kind: 'sip', url: '10.0.0.5:5060', text: invite },
      { at, direction: 'out', kind: 'sip', url: '10.0.0.5:5060', text: invite.replace('Call-ID: 1', 'Call-ID: 2') },
      { at, direction: 'in', kind: 'sip', url: '10.0.0.5:5060', text: ok },
    ]);
  });

  it('are read from the middle of a message on', () => {
    expect(read(pcap([tcp(alices, servers, 1, `ngth: 5\r\n\r\nv=0\r\n${invite}`)])).map(({ text }) => text)).toEqual([
      invite,
    ]);
  });

  it('are seen from the host that takes part in most', () => {
    const bobs: End = { address: Uint8Array.of(10, 0, 0, 22), port: 50200 };
    const frames = [tcp(alices, servers, 1, invite), tcp(servers, bobs, 1, invite), tcp(bobs, servers, 1, ok)];
    expect(read(pcap(frames)).map(({ direction, url }) => `${direction} ${url}`)).toEqual([
      'in 10.0.0.21:50123',
      'out 10.0.0.22:50200',
      'in 10.0.0.22:50200',
    ]);
  });

  it('may hold anything else, which is passed over', () => {
    const tls = tcp(
      alices,
      { ...servers, port: 5061 },
      1,
      Uint8Array.from({ length: 3_000 }, (_, byte) => byte % 256),
    );
    const arp = { at, frame: new Uint8Array(60) };
    expect(read(pcap([tls, arp, tcp(alices, servers, 1, invite)])).map(({ text }) => text)).toEqual([invite]);
  });

  it('go on after a segment that is missing', () => {
    const lost = tcp(alices, servers, 1, invite.slice(0, 40));
    const rest = Array.from({ length: 70 }, (_, count) =>
      tcp(alices, servers, 500 + count * invite.length, invite.replace('Call-ID: 1', `Call-ID: ${count % 10}`)),
    );
    expect(read(pcap([lost, ...rest]))).toHaveLength(70);
  });
});

describe('our capture', () => {
  const entry: NewEntry = { at: 0, direction: 'out', kind: 'sip', url: 'wss://fe1.contoso.example/sip', text: ok };
  const segmentsOf = (entries: readonly NewEntry[]) => {
    const writer = new PcapngWriter();
    return entries.map((one) => {
      const bytes = writer.entry(one);
      // The packet is in the last block: 28 bytes of head, the frame, 8 + 4 bytes of options, 4 of length.
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      const last = bytes.length - view.getUint32(bytes.length - 4, true);
      const length = view.getUint32(last + 20, true);
      const segment = readSegment(bytes.subarray(last + 28, last + 28 + length), 1);
      if (segment === null) throw new Error('no segment');
      return segment;
    });
  };

  it('counts seq and ack as TCP does, in both directions', () => {
    const length = encoder.encode(ok).length;
    const [first, second, third] = segmentsOf([entry, { ...entry, direction: 'in' }, entry]);
    expect([first?.seq, first?.ack]).toEqual([1, 1]);
    expect([second?.seq, second?.ack]).toEqual([1, 1 + length]);
    expect([third?.seq, third?.ack]).toEqual([1 + length, 1 + length]);
    expect([second?.from, second?.to]).toEqual([first?.to, first?.from]);
  });

  it('uses the real addresses where they are known, and port 5060 for a server', () => {
    const [named] = segmentsOf([entry]);
    const [literal] = segmentsOf([{ ...entry, url: 'ws://[2001:db8::7]:8080/sip' }]);
    const [called] = segmentsOf([{ ...entry, direction: 'in', url: '10.0.0.21:50123' }]);
    expect(named && [endText(named.from), endText(named.to)]).toEqual(['192.0.2.1:50001', '198.51.100.1:5060']);
    expect(literal && endText(literal.to)).toBe('[2001:db8::7]:5060');
    expect(called && [endText(called.from), endText(called.to)]).toEqual(['10.0.0.21:50123', '192.0.2.1:5060']);
  });

  it('begins another connection after the socket was opened anew, and after a message whose length is wrong', () => {
    const wrong = { ...entry, text: ok.replace('Content-Length: 0', 'Content-Length: 900') };
    const writer = new PcapngWriter();
    writer.entry(entry);
    expect(writer.entry({ ...entry, kind: 'state', text: 'open' })).toHaveLength(0);
    expect(segmentsOf([entry, wrong, entry]).map(({ from, seq }) => [from.port, seq])).toEqual([
      [50_001, 1],
      [50_001, 1 + encoder.encode(ok).length],
      [50_002, 1],
    ]);
  });
});
