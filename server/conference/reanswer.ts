import { MalformedBody } from '../../src/protocol/malformed';
import {
  type Direction,
  directionOf,
  joinSdp,
  mediaOf,
  sdpAttribute,
  splitSdp,
  withDirection,
} from '../../src/protocol/sip/sdp';

const answering: Record<Direction, Direction> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

/**
 * Answers an offer that changes nothing but directions (a pause, or its end): what we `said` last, offer or answer, with
 * the directions that fit. `heard` is what the other end said to it: it settled which end began DTLS (RFC 8842 §5.5).
 * Throws `MalformedBody` when the offer changes something else.
 */
export function answerAgain(said: string, heard: string, offer: string): string {
  const [ours, theirs, offered] = [said, heard, offer].map((sdp) => splitSdp(sdp));
  if (ours === undefined || theirs === undefined || offered === undefined) throw new Error('three are three');
  if (isRestart(theirs.media, offered.media)) throw new MalformedBody('SDP', 'ICE is restarted');
  const isActive = theirs.media.some((section) => sdpAttribute(section, 'setup') === 'passive');
  const media = ours.media.map((section, index) => {
    const other = offered.media[index];
    if (other === undefined || sdpAttribute(other, 'mid') !== sdpAttribute(section, 'mid')) {
      throw new MalformedBody('SDP', 'the media are others');
    }
    const settled = section.map((line) =>
      line === 'a=setup:actpass' ? `a=setup:${isActive ? 'active' : 'passive'}` : line,
    );
    return mediaOf(section).kind === 'application' ? settled : redirected(settled, answering[directionOf(other)]);
  });
  if (offered.media.length !== media.length) throw new MalformedBody('SDP', 'the media are others');
  return joinSdp({ session: nextVersion(ours.session), media });
}

/** True when an offer has other ICE credentials than this end had before (RFC 8839 §4.4.1.1.1). */
export function restartsIce(heard: string, offer: string): boolean {
  return isRestart(splitSdp(heard).media, splitSdp(offer).media);
}

function isRestart(before: readonly (readonly string[])[], now: readonly (readonly string[])[]): boolean {
  const [old = [], next = []] = [before[0], now[0]];
  return ['ice-ufrag', 'ice-pwd'].some((name) => sdpAttribute(old, name) !== sdpAttribute(next, name));
}

function redirected(section: readonly string[], direction: Direction): string[] {
  const flow = 'a=x-applicationsharing-contentflow:';
  return withDirection(
    section.map((line) => (line.startsWith(flow) ? `${flow}${direction}` : line)),
    direction,
  );
}

/** `o=`: the version goes up with each description (RFC 8866 §5.2). */
function nextVersion(session: readonly string[]): string[] {
  return session.map((line) =>
    line.replace(
      /^(o=\S+ \S+) (\d{1,15}) /,
      (_whole, head: string, version: string) => `${head} ${Number(version) + 1} `,
    ),
  );
}
