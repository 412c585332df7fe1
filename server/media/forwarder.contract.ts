import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { splitSdp } from '../../src/protocol/sip/sdp';
import type { Aor } from '../../src/protocol/sip/uri';
import type { Made, MediaFact, MediaForwarder, MediaPeer } from './forwarder';
import { SharingPeer } from './testing/sharingPeer';
import { until } from './testing/until';
import { ViewingPeer } from './testing/viewingPeer';
import type { MediaNetwork } from './werift/peerConnection';

export interface ForwarderBench {
  readonly forwarder: MediaForwarder;
  /** Of the peers of the test. */
  readonly network: MediaNetwork;
}

const room = 'sip:alice@contoso.example;gruu;opaque=app:conf:focus:id:7K2M9QXA';
const peerOf = (name: string): MediaPeer => ({ id: name, aor: `sip:${name}@contoso.example` as Aor });

function madeOf<T>(result: Made<T>): T {
  if (!result.ok) throw new Error(`${result.why}: ${result.detail}`);
  return result.value;
}

/** What every forwarder promises to the sharing MCU, whatever carries the media. */
export function describeForwarder(name: string, makeBench: () => Promise<ForwarderBench>): void {
  describe(`the contract of forwarders: ${name}`, { timeout: 30_000 }, () => {
    let forwarder: MediaForwarder;
    let network: MediaNetwork;
    let facts: MediaFact[];
    let peers: { close(): Promise<void> }[];

    beforeAll(async () => {
      ({ forwarder, network } = await makeBench());
      forwarder.onFact((fact) => facts.push(fact));
    });
    beforeEach(async () => {
      facts = [];
      peers = [];
      madeOf(await forwarder.open(room, { maxBitrate: 3_000_000 }));
    });
    afterEach(async () => {
      await Promise.all([...peers.map((peer) => peer.close()), forwarder.close(room)]);
    });
    afterAll(() => forwarder.stop());

    const factOf = (is: MediaFact['is'], peer: string) =>
      facts.filter((fact) => fact.is === is && 'peer' in fact && fact.peer === peer);

    /** Shares and presents, until the first packets are there. */
    async function share(who: string): Promise<SharingPeer> {
      const sharer = new SharingPeer(who, network);
      peers.push(sharer);
      await sharer.answered(madeOf(await forwarder.publish(room, peerOf(who), await sharer.offer())));
      madeOf(await forwarder.present(room, who));
      await until(() => factOf('feed.flowing', who).length > 0, `packet of ${who}`);
      return sharer;
    }

    /** Looks, until the first picture is there. */
    async function look(who: string): Promise<ViewingPeer> {
      const viewer = new ViewingPeer(network);
      peers.push(viewer);
      const answer = await viewer.answer(madeOf(await forwarder.watch(room, peerOf(who))));
      madeOf(await forwarder.accept(room, who, answer));
      await until(() => viewer.seen.length > 0, `picture for ${who}`);
      return viewer;
    }

    /** Waits until `count` more pictures came. */
    async function more(viewer: ViewingPeer, count = 10): Promise<void> {
      const enough = viewer.seen.length + count;
      await until(() => viewer.seen.length >= enough, 'further picture');
    }

    /** The numbers go on without a gap, from the same stream. */
    function expectOneStream(viewer: ViewingPeer): void {
      const numbers = viewer.seen.map(({ sequenceNumber }) => sequenceNumber).sort((a, b) => a - b);
      const wrapped = numbers.findIndex((number, index) => number - (numbers[index - 1] ?? number) > 0x8000);
      const inOrder = wrapped < 0 ? numbers : [...numbers.slice(wrapped), ...numbers.slice(0, wrapped)];
      expect(inOrder).toEqual(inOrder.map((_, index) => ((inOrder[0] ?? 0) + index) & 0xffff));
      expect(new Set(viewer.seen.map(({ ssrc }) => ssrc)).size).toBe(1);
    }

    it('SHR-2: answers a sharer, who then flows', async () => {
      const sharer = new SharingPeer('ann', network);
      peers.push(sharer);
      const answer = madeOf(await forwarder.publish(room, peerOf('ann'), await sharer.offer()));
      const [video = []] = splitSdp(answer).media;
      expect(video).toContain('a=recvonly');
      expect(video.filter((line) => line.startsWith('a=rtpmap:') && !line.includes('rtx'))).toEqual([
        'a=rtpmap:96 VP8/90000',
      ]);
      await sharer.answered(answer);
      await until(() => factOf('feed.flowing', 'ann').length > 0, 'packet');
      expect(factOf('feed.flowing', 'ann')).toHaveLength(1);
      expect(factOf('peer.connected', 'ann')).toHaveLength(1);
    });

    it('SHR-3: offers to a viewer, who then sees from a key frame on', async () => {
      await share('ann');
      const viewer = await look('vera');
      await more(viewer);
      expect(viewer.seen[0]).toMatchObject({ source: 'ann', isKey: true });
      expectOneStream(viewer);
      expect(factOf('peer.connected', 'vera')).toHaveLength(1);
    });

    it('SHR-3: there is nothing to watch before anybody presents, nor after', async () => {
      expect(await forwarder.watch(room, peerOf('vera'))).toMatchObject({ ok: false, why: 'nothingToWatch' });
      await share('ann');
      await forwarder.leave(room, 'ann');
      expect(await forwarder.watch(room, peerOf('vera'))).toMatchObject({ ok: false, why: 'nothingToWatch' });
    });

    it('whoever comes late begins with a key frame too', async () => {
      const sharer = await share('ann');
      const first = await look('vera');
      await more(first, 30);
      const late = await look('vito');
      expect(late.seen[0]?.isKey).toBe(true);
      expect(late.seen[0]?.number).toBeGreaterThan(first.seen[0]?.number ?? 0);
      expect(sharer.asked).toBeGreaterThan(0);
    });

    it('the sharer is not asked for a key frame for each of many', async () => {
      const sharer = await share('ann');
      await Promise.all(['v1', 'v2', 'v3', 'v4', 'v5', 'v6'].map(look));
      expect(sharer.asked).toBeLessThan(6);
    });

    it('SHR-7: another sharer takes over within the same stream, from a key frame on', async () => {
      await share('ann');
      const viewer = await look('vera');
      await more(viewer);
      await share('ben');
      await until(() => viewer.seen.some(({ source }) => source === 'ben'), 'picture of ben');
      await forwarder.leave(room, 'ann');
      await more(viewer);
      const sources = viewer.seen.map(({ source }) => source);
      const change = sources.indexOf('ben');
      expect(viewer.seen[change]?.isKey).toBe(true);
      expect(sources.slice(0, change).every((source) => source === 'ann')).toBe(true);
      expect(sources.slice(change).every((source) => source === 'ben')).toBe(true);
      expectOneStream(viewer);
      const [before, after] = [viewer.seen[change - 1]?.timestamp ?? 0, viewer.seen[change]?.timestamp ?? 0];
      expect((after - before) >>> 0).toBeLessThan(90_000 * 10);
      expect(after).not.toBe(before);
    });

    it('SHR-5: sends nothing to who does not look, and begins with a key frame again', async () => {
      await share('ann');
      const [hidden, other] = [await look('vera'), await look('vito')];
      await more(hidden);
      madeOf(await forwarder.pause(room, 'vera', true));
      await more(other, 3);
      const shown = hidden.seen.length;
      await more(other, 20);
      expect(hidden.seen).toHaveLength(shown);
      madeOf(await forwarder.pause(room, 'vera', false));
      await more(hidden);
      expect(hidden.seen[shown]?.isKey).toBe(true);
      expectOneStream(hidden);
    });

    it('SHR-6: goes on after the sharer has restarted ICE', async () => {
      const sharer = await share('ann');
      const viewer = await look('vera');
      const answer = madeOf(await forwarder.publish(room, peerOf('ann'), await sharer.offer(true)));
      await sharer.answered(answer);
      await more(viewer, 50);
      expect(factOf('peer.lost', 'ann')).toEqual([]);
    });

    it('SHR-6: goes on after a viewer has restarted ICE', async () => {
      await share('ann');
      const viewer = await look('vera');
      const offer = madeOf(await forwarder.watch(room, peerOf('vera')));
      madeOf(await forwarder.accept(room, 'vera', await viewer.answer(offer)));
      await more(viewer, 50);
      expect(factOf('peer.lost', 'vera')).toEqual([]);
    });

    it('SHR-8: what a viewer sends as media reaches nobody', async () => {
      await share('ann');
      const [intruder, other] = [await look('vera'), await look('vito')];
      for (let count = 0; count < 5; count += 1) await intruder.intrude();
      await more(other, 20);
      expect(other.seen.every(({ source }) => source === 'ann')).toBe(true);
      expect(facts.filter(({ is }) => is === 'peer.lost')).toEqual([]);
    });

    /** Every picture from the first seen until `last`. */
    function hasAll(viewer: ViewingPeer, last: number): boolean {
      const numbers = new Set(viewer.seen.map(({ number }) => number));
      const wanted = last - (viewer.seen[0]?.number ?? 0) + 1;
      return [...numbers].filter((number) => number <= last).length === wanted;
    }

    it('what is lost on the way from the sharer is asked for, also where the numbers wrap', async () => {
      const sharer = await share('ann');
      const viewer = await look('vera');
      sharer.loses = (sequenceNumber) => sequenceNumber % 10 === 3 || sequenceNumber === 65_535 || sequenceNumber < 2;
      await until(() => sharer.lost > 10 && sharer.hasWrapped, 'loss over the wrap');
      sharer.loses = () => false;
      const last = sharer.number;
      await until(() => hasAll(viewer, last), 'retransmission of the sharer');
    });

    it('what is lost on the way to a viewer is sent again', async () => {
      const sharer = await share('ann');
      const viewer = await look('vera');
      viewer.loses = ({ number }) => number % 10 === 3;
      await until(() => viewer.lost > 10, 'loss');
      viewer.loses = () => false;
      const last = sharer.number;
      await until(() => hasAll(viewer, last), 'retransmission of ours');
    });

    it('who left gets nothing more, and nobody minds who leaves twice', async () => {
      await share('ann');
      const [gone, other] = [await look('vera'), await look('vito')];
      await forwarder.leave(room, 'vera');
      await forwarder.leave(room, 'vera');
      await more(other, 5);
      const shown = gone.seen.length;
      await more(other, 20);
      expect(gone.seen).toHaveLength(shown);
    });

    describe('SHR-10: the pointer channel', () => {
      const from = (name: string, message: string): string => `sip:${name}@contoso.example\n${message}`;

      async function pointing() {
        const sharer = await share('ann');
        const [first, second] = [await look('vera'), await look('vito')];
        const all = [sharer, first, second];
        if (forwarder.can.pointers) await until(() => all.every(({ isPointerOpen }) => isPointerOpen), 'open channel');
        return { sharer, first, second };
      }

      it('takes what the sharer says to every viewer, with the author', async ({ skip }) => {
        const { sharer, first, second } = await pointing();
        if (!forwarder.can.pointers) skip('the engine has no pointers');
        sharer.say('one');
        sharer.say('two');
        await until(() => first.heard.length === 2 && second.heard.length === 2, 'message');
        expect([first.heard, second.heard]).toEqual([
          [from('ann', 'one'), from('ann', 'two')],
          [from('ann', 'one'), from('ann', 'two')],
        ]);
        expect(sharer.heard).toEqual([]);
      });

      it('takes what a viewer says to the sharer and the others, when granted and as long as it is', async ({
        skip,
      }) => {
        const { sharer, first, second } = await pointing();
        if (!forwarder.can.pointers) skip('the engine has no pointers');
        first.say('not yet');
        second.say('nor I');
        await more(second, 20);
        madeOf(await forwarder.grant(room, 'vera', true));
        first.say('now');
        await until(() => sharer.heard.length > 0 && second.heard.length > 0, 'message');
        expect([sharer.heard, second.heard, first.heard]).toEqual([[from('vera', 'now')], [from('vera', 'now')], []]);
        madeOf(await forwarder.grant(room, 'vera', false));
        first.say('no more');
        sharer.say('end');
        await until(() => first.heard.length > 0, 'message');
        expect(sharer.heard).toEqual([from('vera', 'now')]);
      });

      it('a new sharer has granted nobody anything, and the old one is heard no more', async ({ skip }) => {
        const { sharer, first, second } = await pointing();
        if (!forwarder.can.pointers) skip('the engine has no pointers');
        madeOf(await forwarder.grant(room, 'vera', true));
        const next = await share('ben');
        await until(() => next.isPointerOpen, 'open channel');
        first.say('still?');
        sharer.say('still?');
        next.say('end');
        await until(() => second.heard.length > 0, 'message');
        expect([second.heard, next.heard]).toEqual([[from('ben', 'end')], []]);
      });

      it('drops what is too long and what is no text', async ({ skip }) => {
        const { sharer, first } = await pointing();
        if (!forwarder.can.pointers) skip('the engine has no pointers');
        sharer.say('x'.repeat(4097));
        sharer.say('é'.repeat(2049));
        sharer.say(Buffer.from('bytes'));
        sharer.say('x'.repeat(4096));
        await until(() => first.heard.length > 0, 'message');
        expect(first.heard).toEqual([from('ann', 'x'.repeat(4096))]);
      });

      it('drops a flood, tells of it, and nobody else is harmed', async ({ skip }) => {
        const { sharer, first, second } = await pointing();
        if (!forwarder.can.pointers) skip('the engine has no pointers');
        madeOf(await forwarder.grant(room, 'vito', true));
        await until(() => {
          for (let count = 0; count < 20; count += 1) first.say(`flood ${count}`);
          return factOf('peer.flooding', 'vera').length > 0;
        }, 'fact of the flood');
        sharer.say('fine');
        second.say('fine too');
        await until(() => second.heard.length > 0 && sharer.heard.length > 0, 'message');
        expect([second.heard, sharer.heard]).toEqual([[from('ann', 'fine')], [from('vito', 'fine too')]]);
        await more(second);
      });
    });

    it('SHR-8: an offer that cannot be used is refused, and others go on', async () => {
      await share('ann');
      const viewer = await look('vera');
      const other = new SharingPeer('ben', network);
      peers.push(other);
      const sdp = await other.offer();
      const damaged = {
        nothing: '',
        'no SDP': 'hello',
        'half of it': sdp.slice(0, sdp.length / 2),
        'no fingerprint': sdp.replace(/a=fingerprint:.*\r\n/g, ''),
        'no ICE': sdp.replace(/a=ice-ufrag:.*\r\n/g, ''),
        'a codec that nobody else has': sdp.replaceAll('VP8/90000', 'X-H264UC/90000'),
        'two pictures': sdp + sdp.slice(sdp.indexOf('m=video')),
        'far too much': sdp + 'a=x:y\r\n'.repeat(20_000),
      };
      for (const [what, offer] of Object.entries(damaged)) {
        expect(await forwarder.publish(room, peerOf('ben'), offer), what).toMatchObject({ ok: false, why: 'unusable' });
      }
      await more(viewer);
    });

    it('SHR-3: an answer that cannot be used is refused, and others go on', async () => {
      await share('ann');
      const viewer = await look('vera');
      const other = new ViewingPeer(network);
      peers.push(other);
      const answer = await other.answer(madeOf(await forwarder.watch(room, peerOf('vito'))));
      const damaged = {
        nothing: '',
        'no SDP': 'hello',
        'no fingerprint': answer.replace(/a=fingerprint:.*\r\n/g, ''),
      };
      for (const [what, sdp] of Object.entries(damaged)) {
        expect(await forwarder.accept(room, 'vito', sdp), what).toMatchObject({ ok: false, why: 'unusable' });
      }
      await more(viewer);
    });

    it('knows no room that was not opened, and nobody who is not in it', async () => {
      const unknown = { ok: false, why: 'unknown' };
      const offer = await (peers[peers.push(new SharingPeer('ann', network)) - 1] as SharingPeer).offer();
      expect(await forwarder.publish('another', peerOf('ann'), offer)).toMatchObject(unknown);
      expect(await forwarder.watch('another', peerOf('vera'))).toMatchObject(unknown);
      expect(await forwarder.present(room, 'ann')).toMatchObject(unknown);
      expect(await forwarder.accept(room, 'vera', 'v=0')).toMatchObject(unknown);
      expect(await forwarder.pause(room, 'vera', true)).toMatchObject(unknown);
      expect(await forwarder.grant(room, 'vera', true)).toMatchObject(unknown);
      await forwarder.close('another');
    });

    it('a room that is closed is empty when it is opened again', async () => {
      await share('ann');
      await forwarder.close(room);
      await forwarder.close(room);
      madeOf(await forwarder.open(room, { maxBitrate: 3_000_000 }));
      expect(await forwarder.watch(room, peerOf('vera'))).toMatchObject({ ok: false, why: 'nothingToWatch' });
    });

    it('one room knows nothing of another', async () => {
      const other = `${room}2`;
      await share('ann');
      const viewer = await look('vera');
      madeOf(await forwarder.open(other, { maxBitrate: 3_000_000 }));
      const sharer = new SharingPeer('ben', network);
      peers.push(sharer);
      await sharer.answered(madeOf(await forwarder.publish(other, peerOf('ben'), await sharer.offer())));
      madeOf(await forwarder.present(other, 'ben'));
      await until(() => factOf('feed.flowing', 'ben').length > 0, 'packet of ben');
      await more(viewer);
      expect(viewer.seen.every(({ source }) => source === 'ann')).toBe(true);
      await forwarder.close(other);
    });
  });
}
