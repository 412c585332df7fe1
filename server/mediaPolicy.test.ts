import { describe, expect, it } from 'vitest';
import { alice, bob, Meeting, refusalIn } from './testing/meeting';
import { offerOf, sdp } from './testing/sharing';

const rdp = 'v=0\r\nm=applicationsharing 51500 TCP/RTP/SAVP 127\r\na=x-applicationsharing-role:sharer\r\n';

describe('what a policy forbids between two people', () => {
  it.each([
    ['a shared program', offerOf('sharer', 'sendonly')],
    ['RDP', rdp],
  ])('SHR-8: %s does not pass when the sender may not share', (_what, body) => {
    const meeting = new Meeting({ sharing: 'no' });
    const other = meeting.signIn(bob);
    expect(refusalIn(meeting.organizer.request('INVITE', bob, sdp(body)).final)).toEqual([403, 3014]);
    expect(refusalIn(meeting.organizer.request('INVITE', other.gruu, sdp(body)).final)).toEqual([403, 3014]);
    expect(other.incoming).toEqual([]);
  });

  it('SHR-8: passes when the sender may, whatever the other may do', () => {
    const meeting = new Meeting({ sharing: 'no' });
    const other = meeting.signIn(bob);
    other.request('INVITE', alice, sdp(offerOf('sharer', 'sendonly')));
    expect(meeting.organizer.expect('INVITE').body).toBe(offerOf('sharer', 'sendonly'));
  });

  it('SHR-5: a viewer who may not share still says that it does not look', () => {
    const meeting = new Meeting({ sharing: 'no' });
    const other = meeting.signIn(bob);
    meeting.organizer.request('INVITE', other.gruu, sdp(offerOf('viewer', 'inactive')));
    expect(other.expect('INVITE').body).toBe(offerOf('viewer', 'inactive'));
  });
});
