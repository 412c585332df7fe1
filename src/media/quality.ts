/** What one look at `getStats` says of a session's picture; `null` where the browser does not tell. */
export interface Quality {
  /** `out` of what we show, `in` of what we look at. */
  direction: 'in' | 'out';
  /** Bits a second, since the look before. */
  bitrate: number | null;
  framesPerSecond: number | null;
  width: number | null;
  height: number | null;
  /** Of the packets since the look before, 0 to 1: lost on the way to whoever looks. */
  loss: number | null;
  roundTripMs: number | null;
  /** From the packet's arrival to the picture: waiting, decoding. */
  delayMs: number | null;
  path: Path | null;
}

/** How the packets go: directly, by an address that a NAT gave, or by a relay; the worse of the two ends. */
export interface Path {
  by: 'host' | 'reflexive' | 'relay';
  protocol: 'udp' | 'tcp';
}

/** Counters at the look before. */
export interface Sample {
  at: number;
  bytes: number;
  packets: number;
  lost: number;
  bufferDelay: number;
  buffered: number;
}

type Stats = Record<string, unknown> & { id: string; type: string; timestamp: number };

/** Reads a report of the WebRTC statistics API (W3C webrtc-stats); with the sample before it tells rates. */
export function qualityOf(
  report: Iterable<readonly [string, unknown]>,
  direction: Quality['direction'],
  before: Sample | null,
): { quality: Quality; sample: Sample } {
  const all = new Map([...report].map(([id, stats]) => [id, stats as Stats]));
  const find = (type: string): Stats | undefined =>
    [...all.values()].find((stats) => stats.type === type && (stats.kind === undefined || stats.kind === 'video'));
  const rtp = find(direction === 'in' ? 'inbound-rtp' : 'outbound-rtp');
  const remote = find('remote-inbound-rtp');
  const pair = pairOf(all);
  const sample: Sample = {
    at: rtp?.timestamp ?? 0,
    bytes: numberIn(rtp, direction === 'in' ? 'bytesReceived' : 'bytesSent') ?? 0,
    packets: numberIn(rtp, direction === 'in' ? 'packetsReceived' : 'packetsSent') ?? 0,
    lost: numberIn(direction === 'in' ? rtp : remote, 'packetsLost') ?? 0,
    bufferDelay: numberIn(rtp, 'jitterBufferDelay') ?? 0,
    buffered: numberIn(rtp, 'jitterBufferEmittedCount') ?? 0,
  };
  const roundTrip = numberIn(pair, 'currentRoundTripTime') ?? numberIn(remote, 'roundTripTime');
  const quality: Quality = {
    direction,
    bitrate: rtp === undefined ? null : rateOf(sample, before),
    framesPerSecond: numberIn(rtp, 'framesPerSecond'),
    width: numberIn(rtp, 'frameWidth'),
    height: numberIn(rtp, 'frameHeight'),
    loss: lossOf(sample, before, direction),
    roundTripMs: roundTrip === null ? null : roundTrip * 1000,
    delayMs: delayOf(sample, before),
    path: pathOf(all, pair),
  };
  return { quality, sample };
}

function rateOf(sample: Sample, before: Sample | null): number | null {
  if (before === null || sample.at <= before.at) return null;
  return (Math.max(0, sample.bytes - before.bytes) * 8 * 1000) / (sample.at - before.at);
}

/** A viewer counts what came, a sharer what it sent: of these the other end says how many did not come. */
function lossOf(sample: Sample, before: Sample | null, direction: Quality['direction']): number | null {
  if (before === null) return null;
  const lost = Math.max(0, sample.lost - before.lost);
  const counted = Math.max(0, sample.packets - before.packets);
  const sent = direction === 'in' ? counted + lost : counted;
  return sent === 0 ? null : Math.min(1, lost / sent);
}

function delayOf(sample: Sample, before: Sample | null): number | null {
  if (before === null || sample.buffered <= before.buffered) return null;
  return ((sample.bufferDelay - before.bufferDelay) * 1000) / (sample.buffered - before.buffered);
}

function pairOf(all: ReadonlyMap<string, Stats>): Stats | undefined {
  const transport = [...all.values()].find(({ type }) => type === 'transport');
  const selected = transport?.selectedCandidatePairId;
  if (typeof selected === 'string') return all.get(selected);
  return [...all.values()].find(({ type, nominated, state }) => {
    return type === 'candidate-pair' && nominated === true && state === 'succeeded';
  });
}

function pathOf(all: ReadonlyMap<string, Stats>, pair: Stats | undefined): Path | null {
  const [local, remote] = [pair?.localCandidateId, pair?.remoteCandidateId].map((id) =>
    typeof id === 'string' ? all.get(id) : undefined,
  );
  if (local === undefined || remote === undefined) return null;
  const kinds = [local.candidateType, remote.candidateType];
  const by = kinds.includes('relay') ? 'relay' : kinds.every((kind) => kind === 'host') ? 'host' : 'reflexive';
  const protocol = local.relayProtocol ?? local.protocol;
  return { by, protocol: protocol === 'tcp' || protocol === 'tls' ? 'tcp' : 'udp' };
}

function numberIn(stats: Stats | undefined, name: string): number | null {
  const value = stats?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
