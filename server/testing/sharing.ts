import { labelSharing, type SharingRole, type Surface } from '../../src/protocol/lync/sharingSdp';
import {
  formatSharingControl,
  parseSharingControl,
  type SharingControl,
  sharingControl,
  sharingControlType,
} from '../../src/protocol/shared/sharingControl';
import type { Direction } from '../../src/protocol/sip/sdp';
import { type FocusUri, mcuUriOf } from '../../src/protocol/sip/uri';
import type { SipMessage } from '../codec';
import type { HeaderLines } from '../role';
import type { Member } from './conference';
import type { Exchange } from './endpoint';

export const sharingOf = (focus: FocusUri) => mcuUriOf(focus, 'applicationsharing');
const controls: HeaderLines = [['Supported', sharingControl]];
export const sdp = (body: string) => ({ contentType: 'application/sdp', body });

/** A browser's SDP, shortened. `ufrag` changes when ICE restarts. */
export function browserSdp(direction: Direction, ufrag = 'brow'): string {
  const lines = ['a=setup:active', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:1', `a=${direction}`];
  return [
    'v=0',
    'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
    'a=mid:0',
    `a=ice-ufrag:${ufrag}`,
    'a=ice-pwd:2/1muCWoOi3uLifh0NuRHlOO',
    `a=${direction}`,
    ...lines,
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'a=mid:2',
    '',
  ].join('\r\n');
}

export const offerOf = (
  role: SharingRole,
  direction: Direction,
  ufrag?: string,
  surface: Surface | null = null,
): string => labelSharing(browserSdp(direction, ufrag), role, surface);

/** INVITE of a sharer; answered. */
export async function share(member: Member, body = offerOf('sharer', 'sendonly')): Promise<Exchange> {
  const exchange = member.endpoint.request('INVITE', sharingOf(member.focus), { headers: controls, ...sdp(body) });
  await exchange.answered();
  if (exchange.final.status === 200) member.endpoint.acknowledge(exchange);
  return exchange;
}

/** INVITE of a viewer, answered; and its ACK with the answer, unless told otherwise. */
export async function look(
  member: Member,
  answer: { contentType?: string; body?: string } | null = sdp(offerOf('viewer', 'recvonly')),
  headers = controls,
): Promise<Exchange> {
  const exchange = member.endpoint.request('INVITE', sharingOf(member.focus), { headers });
  await exchange.answered();
  if (exchange.final.status === 200 && answer !== null) member.endpoint.acknowledge(exchange, answer);
  await new Promise(setImmediate);
  return exchange;
}

/** A re-INVITE, answered and acknowledged. */
export async function reinvite(member: Member, session: Exchange, body: string | null): Promise<SipMessage> {
  const exchange = member.endpoint.inDialog(session, 'INVITE', body === null ? {} : sdp(body));
  await exchange.answered();
  member.endpoint.acknowledge(exchange, body === null ? sdp(offerOf('viewer', 'recvonly', 'fresh')) : {});
  await new Promise(setImmediate);
  return exchange.final;
}

/** INFO with a control; its answer. */
export function control(member: Member, session: Exchange, what: SharingControl): SipMessage {
  const body = formatSharingControl(what);
  return member.endpoint.inDialog(session, 'INFO', { contentType: sharingControlType, body }).final;
}

/** The controls that came to a member, with who said them. */
export async function controlsOf(member: Member): Promise<[sender: string | undefined, control: SharingControl][]> {
  const all = await member.take('INFO');
  return all.map((info) => [info.header('ms-sender'), parseSharingControl(info.body)]);
}
