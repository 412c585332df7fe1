import { MalformedBody } from '../malformed';
import { type Direction, directionOf, joinSdp, mediaOf, sdpAttribute, splitSdp, withDirection } from '../sip/sdp';

/**
 * Program sharing in SDP ([MS-SDPEXT] 3.1.5.18, `lync-wire` 7): the browser's own `m=video`, labelled as Skype for
 * Business labels a shared screen that goes as video, with Lync's `x-applicationsharing` attributes. Browsers pass over
 * attributes that they do not know, so a labelled SDP goes into `setRemoteDescription` as it is.
 */

export type SharingRole = 'sharer' | 'viewer';

/** What is shown. Ours: browsers tell no more of it than its kind. */
export type Surface = 'desktop' | 'program' | 'tab';

export interface Sharing {
  role: SharingRole;
  /** `null` when not told. */
  surface: Surface | null;
  /** What its writer does: `sendonly` shows, `recvonly` looks, `inactive` has paused (`a=inactive`, or `contentflow:inactive`). */
  flow: Direction;
  /** `m=` lines and all, as written: for reading `ice-ufrag`, `fingerprint`, ... with `sdpAttribute`. */
  section: readonly string[];
}

const label = 'applicationsharing-video';
const ours = /^a=(?:label:|content:|x-applicationsharing-|x-confab-surface:)/;

/** The role that answers this one. */
export function otherRole(role: SharingRole): SharingRole {
  return role === 'sharer' ? 'viewer' : 'sharer';
}

/**
 * Adds the sharing attributes to the first live `m=video` section of a browser's (or media engine's) offer or answer. The
 * content flow is the section's own direction. Labelling again replaces the earlier labels. Throws `MalformedBody` when
 * there is no such section.
 */
export function labelSharing(sdp: string, role: SharingRole, surface: Surface | null = null): string {
  return changeVideo(sdp, (section) => {
    const direction = directionOf(section);
    return [
      ...section.filter((line) => !ours.test(line)),
      `a=label:${label}`,
      'a=content:slides',
      'a=x-applicationsharing-session-id:1',
      `a=x-applicationsharing-role:${role}`,
      'a=x-applicationsharing-media-type:vbss',
      ...(direction === 'sendrecv' ? [] : [`a=x-applicationsharing-contentflow:${direction}`]),
      ...(surface === null ? [] : [`a=x-confab-surface:${surface}`]),
    ];
  });
}

/** The same SDP with another direction of its sharing section, e.g. `inactive` for a pause. */
export function redirectSharing(sdp: string, direction: Direction): string {
  return changeVideo(sdp, (section) =>
    withDirection(
      section.map((line) =>
        line.startsWith('a=x-applicationsharing-contentflow:')
          ? `a=x-applicationsharing-contentflow:${direction}`
          : line,
      ),
      direction,
    ),
  );
}

/** What an SDP says of sharing. Throws `MalformedBody` when it shares nothing that a browser can show. */
export function parseSharing(sdp: string): Sharing {
  const section = splitSdp(sdp).media.find(isLiveVideo);
  const role = section && sdpAttribute(section, 'x-applicationsharing-role');
  if (section === undefined || sdpAttribute(section, 'label') !== label) {
    throw new MalformedBody('SDP', `there is no video labelled ${label}`);
  }
  if (role !== 'sharer' && role !== 'viewer') throw new MalformedBody('SDP', 'there is no x-applicationsharing-role');
  const isPaused = sdpAttribute(section, 'x-applicationsharing-contentflow') === 'inactive';
  const surface = sdpAttribute(section, 'x-confab-surface');
  return {
    role,
    surface: surface === 'desktop' || surface === 'program' || surface === 'tab' ? surface : null,
    flow: isPaused ? 'inactive' : directionOf(section),
    section,
  };
}

/**
 * How an SDP shares: `video` as ours, `rdp` as Lync and SIPE do, which a browser cannot show (488 with
 * `ms-client-diagnostics: 52063`), or not at all.
 */
export function sharingKindOf(sdp: string): 'video' | 'rdp' | null {
  const { media } = splitSdp(sdp);
  if (media.some((section) => isLiveVideo(section) && sdpAttribute(section, 'label') === label)) return 'video';
  return media.some((section) => mediaOf(section).kind === 'applicationsharing') ? 'rdp' : null;
}

function isLiveVideo(section: readonly string[]): boolean {
  const { kind, port, protocol } = mediaOf(section);
  return kind === 'video' && port !== 0 && protocol === 'UDP/TLS/RTP/SAVPF';
}

function changeVideo(sdp: string, change: (section: readonly string[]) => readonly string[]): string {
  const { session, media } = splitSdp(sdp);
  const at = media.findIndex(isLiveVideo);
  const section = media[at];
  if (section === undefined) throw new MalformedBody('SDP', 'there is no live video');
  return joinSdp({ session, media: media.toSpliced(at, 1, change(section)) });
}
