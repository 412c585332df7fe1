import type { Membership } from '../../domain/conference';

/** Why nothing can be said in a conference any more; `null` while one is in it or on the way. */
export function membershipText(membership: Membership): string | null {
  switch (membership.is) {
    case 'left':
      return 'You left this conference.';
    case 'removed':
      return 'You were removed from this conference.';
    case 'ended':
      return 'This conference ended.';
    case 'failed':
      return 'You are not in this conference.';
    default:
      return null;
  }
}
