import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labelSharing, redirectSharing } from '../../src/protocol/lync/sharingSdp';
import type { Aor } from '../../src/protocol/sip/uri';
import { realClock } from '../clock';
import { SharingPeer } from '../media/testing/sharingPeer';
import { until } from '../media/testing/until';
import { ViewingPeer } from '../media/testing/viewingPeer';
import { WeriftForwarder } from '../media/werift/weriftForwarder';
import type { Member } from '../testing/conference';
import type { Exchange } from '../testing/endpoint';
import { alice, bob, carol, Meeting } from '../testing/meeting';
import { reinvite, sdp, share, sharingOf } from '../testing/sharing';

const network = { listen: ['127.0.0.1'], announce: [], ports: null };

let forwarder: WeriftForwarder;
let meeting: Meeting;
let peers: { close(): Promise<void> }[];
beforeEach(() => {
  forwarder = new WeriftForwarder(network, realClock);
  meeting = new Meeting({}, { media: { forwarder, maxBitrate: 3_000_000 } });
  peers = [];
});
afterEach(async () => {
  await Promise.all([...peers.map((peer) => peer.close()), forwarder.stop()]);
});

/** A member shares over SIP and media. */
async function show(member: Member, name: string): Promise<{ peer: SharingPeer; session: Exchange }> {
  const peer = new SharingPeer(name, network);
  peers.push(peer);
  const session = await share(member, labelSharing(await peer.offer(), 'sharer'));
  expect(session.final.status).toBe(200);
  await peer.answered(session.final.body);
  return { peer, session };
}

/** A member looks, until it sees. */
async function watch(member: Member): Promise<{ peer: ViewingPeer; session: Exchange; answer: string }> {
  const peer = new ViewingPeer(network);
  peers.push(peer);
  const session = member.endpoint.request('INVITE', sharingOf(member.focus));
  const offer = await session.answered();
  expect(offer.status).toBe(200);
  const answer = labelSharing(await peer.answer(offer.body), 'viewer');
  member.endpoint.acknowledge(session, sdp(answer));
  await until(() => peer.seen.length > 0, 'picture');
  return { peer, session, answer };
}

const stateOf = (watcher: Member, aor: Aor) => {
  meeting.pause();
  const users = watcher.told().flatMap(({ users: some }) => some ?? []);
  return users.findLast((user) => user.aor === aor)?.endpoints.at(-1)?.flow?.state;
};

describe('a program shared in a conference, with SIP and media', { timeout: 30_000 }, () => {
  it('SHR-2, SHR-3: goes from the sharer to viewers, also to one who comes late', async () => {
    const [a, b] = meeting.members(alice, bob);
    await show(a, 'ann');
    const { peer } = await watch(b);
    expect(peer.seen[0]).toMatchObject({ source: 'ann', isKey: true });
    const late = await watch(meeting.member(carol));
    expect(late.peer.seen[0]).toMatchObject({ source: 'ann', isKey: true });
    expect(stateOf(b, alice)).toBe('connected');
  });

  it('SHR-5: stops for a viewer who does not look, and begins again', async () => {
    const [a, b] = meeting.members(alice, bob);
    const { peer: sharer } = await show(a, 'ann');
    const { peer, session, answer } = await watch(b);
    expect((await reinvite(b, session, redirectSharing(answer, 'inactive'))).status).toBe(200);
    const [shown, drawn] = [peer.seen.length, sharer.number];
    await until(() => sharer.number > drawn + 20, 'further picture');
    expect(peer.seen.length).toBeLessThanOrEqual(shown + 2);
    expect((await reinvite(b, session, redirectSharing(answer, 'recvonly'))).status).toBe(200);
    const before = peer.seen.length;
    await until(() => peer.seen.length > before, 'picture');
    expect(peer.seen[before]?.isKey).toBe(true);
  });

  it('SHR-7: shows the next sharer in the dialog that a viewer has', async () => {
    const [a, b, c] = meeting.members(alice, bob, carol);
    await show(b, 'ben');
    const { peer } = await watch(c);
    await show(a, 'ann');
    expect(await b.take('BYE')).toHaveLength(1);
    await until(() => peer.seen.at(-1)?.source === 'ann', 'picture of ann');
    expect(await c.take('BYE')).toEqual([]);
  });

  it('a viewer whose connection to the server breaks gets nothing more at once', async () => {
    const [a, b, c] = meeting.members(alice, bob, carol);
    await show(a, 'ann');
    const [gone, other] = [await watch(b), await watch(c)];
    b.endpoint.connection.lose();
    const [shown, seen] = [gone.peer.seen.length, other.peer.seen.length];
    await until(() => other.peer.seen.length > seen + 20, 'further picture');
    expect(gone.peer.seen.length).toBeLessThanOrEqual(shown + 2);
  });
});
