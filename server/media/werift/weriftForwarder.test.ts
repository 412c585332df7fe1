import { afterEach, describe, expect, it } from 'vitest';
import type { Aor } from '../../../src/protocol/sip/uri';
import { realClock } from '../../clock';
import { SharingPeer } from '../testing/sharingPeer';
import { until } from '../testing/until';
import { ViewingPeer } from '../testing/viewingPeer';
import { WeriftForwarder } from './weriftForwarder';

const network = { listen: ['127.0.0.1'], announce: [], ports: null };

/** The rest of its behaviour is tried by the contract, in the thread that it runs in (`isolatedForwarder.test.ts`). */
describe('bandwidth on werift', { timeout: 30_000 }, () => {
  const forwarder = new WeriftForwarder(network, realClock);
  const peers: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(peers.splice(0).map((peer) => peer.close()));
    await forwarder.close('room');
  });

  const peerOf = (id: string) => ({ id, aor: `sip:${id}@contoso.example` as Aor });

  async function shareTo(names: string[], maxBitrate = 3_000_000) {
    await forwarder.open('room', { maxBitrate });
    const sharer = new SharingPeer('ann', network);
    peers.push(sharer);
    const answer = await forwarder.publish('room', peerOf('ann'), await sharer.offer());
    const sdp = answer.ok ? answer.value : answer.detail;
    await sharer.answered(sdp);
    await forwarder.present('room', 'ann');
    const viewers = await Promise.all(
      names.map(async (name) => {
        const viewer = new ViewingPeer(network);
        peers.push(viewer);
        const offer = await forwarder.watch('room', peerOf(name));
        if (offer.ok) await forwarder.accept('room', name, await viewer.answer(offer.value));
        await until(() => viewer.seen.length > 0, 'picture');
        return viewer;
      }),
    );
    return { sharer, sdp, viewers };
  }

  it('1.3: offers no transport-cc, takes REMB, and tells the browser where to begin', async () => {
    const { sdp } = await shareTo([]);
    expect(sdp).not.toMatch(/transport-cc|transport-wide/);
    expect(sdp).toContain('a=rtcp-fb:96 goog-remb');
    expect(sdp).toContain('a=fmtp:96 x-google-start-bitrate=1500\r\n');
  });

  it('lets the sharer send more while nobody loses anything, up to the limit', async () => {
    const { sharer } = await shareTo(['vera'], 1_600_000);
    await until(() => sharer.bitrate > 1_590_000, 'limit');
    expect(sharer.bitrate).toBeLessThanOrEqual(1_600_000);
  });

  it('lets the sharer send less when a viewer loses much, and more again after', async () => {
    const { sharer, viewers } = await shareTo(['vera', 'vito']);
    await until(() => sharer.bitrate > 1_400_000, 'first limit');
    const [viewer] = viewers;
    const reporting = setInterval(() => void viewer?.report(0.5), 100);
    await until(() => sharer.bitrate < 400_000, 'lower limit');
    clearInterval(reporting);
    const lowest = sharer.bitrate;
    expect(lowest).toBeGreaterThanOrEqual(249_000);
    await until(() => sharer.bitrate > lowest * 1.1, 'recovery');
  });
});
