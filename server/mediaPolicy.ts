import { sdpAttribute, splitSdp } from '../src/protocol/sip/sdp';
import type { SipMessage } from './codec';
import type { Refusal } from './diagnostics';
import type { Policy } from './store/accounts';

const noSharing: Refusal = {
  status: 403,
  reason: 'Forbidden',
  id: 3014,
  text: 'Your organization does not let you share programs',
};

/** An INVITE from one person to another that offers what the sender's policy forbids (`meetingPolicy` of provisioning). */
export function refusalOfMedia(request: SipMessage, policy: Policy | undefined): Refusal | null {
  if (request.method !== 'INVITE' || request.contentType !== 'application/sdp') return null;
  return policy?.sharing === 'no' && shows(request.body) ? noSharing : null;
}

/** True for an SDP that shows a program, as video or as RDP. */
function shows(sdp: string): boolean {
  return splitSdp(sdp).media.some((section) => sdpAttribute(section, 'x-applicationsharing-role') === 'sharer');
}
