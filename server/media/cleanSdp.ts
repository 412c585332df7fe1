import { isIP } from 'node:net';
import { MalformedBody } from '../../src/protocol/malformed';
import { joinSdp, mediaOf, sdpAttribute, splitSdp, withDirection } from '../../src/protocol/sip/sdp';

const limits = { bytes: 64 * 1024, lines: 2000, candidates: 40 };
const transportCc = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';

/**
 * A peer's offer as it may reach an engine: one video, at most one audio and one data section, and of their lines neither
 * simulcast (one picture goes to all), nor candidates that are names (a peer shall not make us look up anything), nor
 * `transport-cc` where the engine is no good at it. Throws `MalformedBody`.
 */
export function cleanOffer(sdp: string, engine: { transportCc: boolean } = { transportCc: false }): string {
  return cleanSdp(sdp, engine.transportCc, (section) => section);
}

/** A viewer's answer: as an offer's, and whatever it says, it sends nothing. */
export function cleanViewerAnswer(sdp: string, engine: { transportCc: boolean } = { transportCc: false }): string {
  return cleanSdp(sdp, engine.transportCc, (section) =>
    mediaOf(section).kind === 'application'
      ? section
      : withDirection(
          section.filter((line) => !/^a=(?:ssrc|ssrc-group|msid):/.test(line)),
          'recvonly',
        ),
  );
}

function cleanSdp(
  sdp: string,
  keepsTransportCc: boolean,
  change: (section: readonly string[]) => readonly string[],
): string {
  if (sdp.length > limits.bytes) throw new MalformedBody('SDP', 'it is too long');
  const { session, media } = splitSdp(sdp);
  if (session.length + media.flat().length > limits.lines) throw new MalformedBody('SDP', 'there are too many lines');
  const kinds = media.map((section) => mediaOf(section).kind);
  const isOne = (kind: string): boolean => kinds.filter((other) => other === kind).length <= 1;
  if (!kinds.includes('video') || !['video', 'audio', 'application'].every(isOne) || kinds.length > 3) {
    throw new MalformedBody('SDP', `these are not the media of a shared program: ${kinds.join(', ').slice(0, 60)}`);
  }
  const all = [session, ...media];
  for (const name of ['ice-ufrag', 'ice-pwd', 'fingerprint'] as const) {
    if (!all.some((lines) => sdpAttribute(lines, name))) throw new MalformedBody('SDP', `there is no ${name}`);
  }
  let candidates = 0;
  const isKept = (line: string): boolean => {
    if (line.startsWith('a=candidate:')) return isUsable(line) && ++candidates <= limits.candidates;
    if (/^a=(?:simulcast|rid):/.test(line)) return false;
    if (keepsTransportCc) return true;
    return !/^a=rtcp-fb:\S+ transport-cc/.test(line) && !(line.startsWith('a=extmap:') && line.includes(transportCc));
  };
  return joinSdp({ session, media: media.map((section) => change(section.filter(isKept))) });
}

/** UDP to a plain address (RFC 8839 §5.1). */
function isUsable(candidate: string): boolean {
  const [, , transport = '', , address = '', port = ''] = candidate.slice('a='.length).split(' ');
  return transport.toLowerCase() === 'udp' && isIP(address) !== 0 && Number(port) > 0 && Number(port) < 65536;
}

/**
 * Adds each host candidate once more under every address by which the world knows this machine (behind a one-to-one NAT
 * its interfaces have others).
 */
export function announceAddresses(sdp: string, addresses: readonly string[]): string {
  if (addresses.length === 0) return sdp;
  const { session, media } = splitSdp(sdp);
  const announced = (line: string): string[] => {
    const words = line.split(' ');
    if (!line.startsWith('a=candidate:') || words[7] !== 'host' || isIP(words[4] ?? '') !== 4) return [line];
    return [line, ...addresses.map((address) => words.with(4, address).join(' '))];
  };
  // Several interfaces share one port each; a name for each port once is enough.
  return joinSdp({ session, media: media.map((section) => [...new Set(section.flatMap(announced))]) });
}

/** Adds words to the `fmtp` of a payload type in every section that has it, e.g. `x-google-start-bitrate=1500`. */
export function withFormat(sdp: string, payloadType: number, words: string): string {
  const { session, media } = splitSdp(sdp);
  const changed = media.map((section) => {
    const map = section.findIndex((line) => line.startsWith(`a=rtpmap:${payloadType} `));
    if (map < 0) return section;
    const known = section.findIndex((line) => line.startsWith(`a=fmtp:${payloadType} `));
    return known < 0
      ? section.toSpliced(map + 1, 0, `a=fmtp:${payloadType} ${words}`)
      : section.with(known, `${section[known]};${words}`);
  });
  return joinSdp({ session, media: changed });
}
