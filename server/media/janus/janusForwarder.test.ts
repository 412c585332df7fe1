import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sdpAttribute, splitSdp } from '../../../src/protocol/sip/sdp';
import type { Aor } from '../../../src/protocol/sip/uri';
import { ManualClock } from '../../testing/manualClock';
import { ScriptedJanus } from '../../testing/scriptedJanus';
import { browserSdp } from '../../testing/sharing';
import type { Made, MediaFact } from '../forwarder';
import { JanusForwarder } from './janusForwarder';

let janus: ScriptedJanus;
let clock: ManualClock;
let forwarder: JanusForwarder;
let facts: MediaFact[];
beforeEach(async () => {
  janus = await ScriptedJanus.start();
  clock = new ManualClock();
  forwarder = new JanusForwarder({ url: janus.url, secret: 'the secret' }, clock);
  facts = [];
  forwarder.onFact((fact) => facts.push(fact));
});
afterEach(async () => {
  janus.isSilent = false;
  await forwarder.stop();
  await janus.close();
});

const limits = { maxBitrate: 2_000_000 };
const peerOf = (id: string) => ({ id, aor: `sip:${id}@contoso.example` as Aor });
const usable = (sdp: string) => sdp.replace('a=mid:0', 'a=mid:0\r\na=fingerprint:sha-256 00:11');
const offer = usable(browserSdp('sendonly'));
const answer = usable(browserSdp('recvonly'));
const ufragIn = (made: Made<string>) =>
  made.ok ? sdpAttribute(splitSdp(made.value).media[0] ?? [], 'ice-ufrag') : made.why;

/** Shares and presents; answers the handle in Janus. */
async function share(who: string): Promise<number> {
  await forwarder.open('room', limits);
  expect(await forwarder.publish('room', peerOf(who), offer)).toMatchObject({ ok: true });
  expect(await forwarder.present('room', who)).toEqual({ ok: true, value: undefined });
  return janus.last('joinandconfigure')?.handle_id ?? 0;
}

const up = (sender: number) => janus.tell({ janus: 'webrtcup', sender });

async function look(who: string): Promise<number> {
  expect(await forwarder.watch('room', peerOf(who))).toMatchObject({ ok: true });
  const handle = janus.last('join')?.handle_id ?? 0;
  expect(await forwarder.accept('room', who, answer)).toEqual({ ok: true, value: undefined });
  return handle;
}

describe('media on Janus', () => {
  it('makes a room of its own for each conference, with secrets, and nobody else’s codecs', async () => {
    await forwarder.open('room', limits);
    await forwarder.open('room', limits);
    expect(janus.requests).toEqual(['create']);
    expect(janus.last('create')?.body).toMatchObject({
      admin_key: 'the secret',
      is_private: true,
      permanent: false,
      bitrate: 2_000_000,
      videocodec: 'vp8',
      audiocodec: 'opus',
    });
    expect(janus.last('create')?.body?.secret).toMatch(/^[0-9a-f]{32}$/);
    expect(janus.asked.every(({ apisecret }) => apisecret === 'the secret')).toBe(true);
  });

  it('SHR-2: publishes a sharer with its offer and has the answer; later offers are configured', async () => {
    await forwarder.open('room', limits);
    expect(ufragIn(await forwarder.publish('room', peerOf('ann'), offer))).toMatch(/^ans/);
    const joined = janus.last('joinandconfigure');
    expect(joined?.body).toMatchObject({ ptype: 'publisher', pin: janus.last('create')?.body?.pin });
    expect(joined?.jsep).toEqual({ type: 'offer', sdp: offer });
    expect(ufragIn(await forwarder.publish('room', peerOf('ann'), offer))).toMatch(/^ans/);
    expect(janus.last('configure')).toMatchObject({ handle_id: joined?.handle_id, jsep: { type: 'offer' } });
  });

  it('SHR-3: a viewer is offered to when the sharer is up, and its answer starts it', async () => {
    const sharer = await share('ann');
    const watching = forwarder.watch('room', peerOf('vera'));
    await new Promise(setImmediate);
    expect(janus.requests).not.toContain('join');
    up(sharer);
    expect(ufragIn(await watching)).toMatch(/^off/);
    expect(janus.last('join')?.body).toMatchObject({
      ptype: 'subscriber',
      streams: [{ feed: janus.last('joinandconfigure')?.body?.id }],
    });
    await forwarder.accept('room', 'vera', answer);
    expect(janus.last('start')?.jsep?.type).toBe('answer');
  });

  it('SHR-3: gives up on a sharer that does not connect', async () => {
    await share('ann');
    const watching = forwarder.watch('room', peerOf('vera'));
    await new Promise(setImmediate);
    clock.advance(5_000);
    expect(await watching).toMatchObject({ ok: false, why: 'engine' });
  });

  it('SHR-3: has nothing to watch before anybody presents, nor after', async () => {
    await forwarder.open('room', limits);
    expect(await forwarder.watch('room', peerOf('vera'))).toMatchObject({ why: 'nothingToWatch' });
    await share('ann');
    await forwarder.leave('room', 'ann');
    expect(await forwarder.watch('room', peerOf('vera'))).toMatchObject({ why: 'nothingToWatch' });
  });

  it('SHR-5: pauses a viewer and starts it again', async () => {
    up(await share('ann'));
    const handle = await look('vera');
    await forwarder.pause('room', 'vera', true);
    expect(janus.last('pause')?.handle_id).toBe(handle);
    await forwarder.pause('room', 'vera', false);
    expect(janus.last('start')).toMatchObject({ handle_id: handle });
    expect(janus.last('start')?.jsep).toBeUndefined();
  });

  it('SHR-6: restarts a viewer’s ICE by an offer of Janus', async () => {
    up(await share('ann'));
    const handle = await look('vera');
    expect(ufragIn(await forwarder.watch('room', peerOf('vera')))).toMatch(/^off/);
    expect(janus.last('configure')).toMatchObject({ handle_id: handle, body: { restart: true } });
  });

  it('SHR-7: switches the viewers when the next sharer is up, and lets the one before go only then', async () => {
    const first = await share('ann');
    up(first);
    const viewer = await look('vera');
    const next = await share('ben');
    await forwarder.leave('room', 'ann');
    expect(janus.requests).not.toContain('switch');
    expect(janus.asked.some(({ janus: verb, handle_id }) => verb === 'detach' && handle_id === first)).toBe(false);
    up(next);
    await expect.poll(() => janus.last('switch')?.handle_id).toBe(viewer);
    expect(janus.last('switch')?.body?.streams).toEqual([
      { feed: janus.last('joinandconfigure')?.body?.id, mid: '0', sub_mid: '0' },
    ]);
    await expect
      .poll(() => janus.asked.some(({ janus: verb, handle_id }) => verb === 'detach' && handle_id === first))
      .toBe(true);
  });

  it('SHR-7: tells that viewers are lost when they cannot be switched', async () => {
    up(await share('ann'));
    await look('vera');
    const next = await share('ben');
    janus.refuse = { request: 'switch', code: 499 };
    up(next);
    await expect.poll(() => facts).toContainEqual({ is: 'peer.lost', room: 'room', peer: 'vera' });
  });

  it('tells what Janus tells of connections', async () => {
    const sender = await share('ann');
    up(sender);
    for (const _ of [1, 2]) janus.tell({ janus: 'media', sender, type: 'video', receiving: true });
    janus.tell({ janus: 'media', sender, type: 'audio', receiving: true });
    janus.tell({ janus: 'hangup', sender, reason: 'ICE failed' });
    await expect
      .poll(() => facts)
      .toEqual([
        { is: 'peer.connected', room: 'room', peer: 'ann' },
        { is: 'feed.flowing', room: 'room', peer: 'ann' },
        { is: 'peer.lost', room: 'room', peer: 'ann' },
      ]);
  });

  it.each([
    ['an offer that Janus cannot use', 465, 'unusable'],
    ['a refusal of another kind', 433, 'engine'],
  ])('%s is a failure', async (_what, code, why) => {
    await forwarder.open('room', limits);
    janus.refuse = { request: 'joinandconfigure', code };
    expect(await forwarder.publish('room', peerOf('ann'), offer)).toMatchObject({ ok: false, why });
    expect(janus.asked.at(-1)?.janus).toBe('detach');
  });

  it('an SDP that makes no sense does not reach Janus', async () => {
    await forwarder.open('room', limits);
    expect(await forwarder.publish('room', peerOf('ann'), 'hello')).toMatchObject({ ok: false, why: 'unusable' });
    expect(janus.requests).toEqual(['create']);
  });

  it('knows no room that was not opened, and nobody who is not in it', async () => {
    const unknown = { ok: false, why: 'unknown' };
    expect(await forwarder.publish('room', peerOf('ann'), offer)).toMatchObject(unknown);
    await forwarder.open('room', limits);
    expect(await forwarder.present('room', 'ann')).toMatchObject(unknown);
    expect(await forwarder.accept('room', 'vera', answer)).toMatchObject(unknown);
    expect(await forwarder.pause('room', 'vera', true)).toMatchObject(unknown);
    expect(await forwarder.grant('room', 'vera')).toMatchObject(unknown);
    await forwarder.leave('room', 'vera');
  });

  it('destroys a room that is closed', async () => {
    up(await share('ann'));
    await look('vera');
    await forwarder.close('room');
    expect(janus.last('destroy')?.body).toMatchObject({ secret: janus.last('create')?.body?.secret });
    expect(janus.asked.filter(({ janus: verb }) => verb === 'detach')).toHaveLength(3);
  });

  it('keeps the session alive', async () => {
    await forwarder.open('room', limits);
    clock.advance(25_000);
    clock.advance(25_000);
    await expect.poll(() => janus.asked.filter(({ janus: verb }) => verb === 'keepalive')).toHaveLength(2);
  });

  it('loses its rooms with the connection, tells it, and connects anew', async () => {
    await share('ann');
    janus.drop();
    await expect.poll(() => facts).toContainEqual({ is: 'engine.lost', rooms: ['room'] });
    expect(await forwarder.publish('room', peerOf('ann'), offer)).toMatchObject({ why: 'unknown' });
    await share('ann');
    expect(janus.requests.filter((request) => request === 'create')).toHaveLength(2);
  });

  it('an answer that does not come is a failure', async () => {
    await forwarder.open('room', limits);
    janus.isSilent = true;
    const publishing = forwarder.publish('room', peerOf('ann'), offer);
    await expect.poll(() => janus.asked.at(-1)?.janus).toBe('attach');
    clock.advance(10_000);
    expect(await publishing).toMatchObject({ ok: false, why: 'engine' });
  });

  it('a Janus that is not there, or has another secret, is a failure, and is tried again', async () => {
    const wrong = new JanusForwarder({ url: janus.url, secret: 'another' }, clock);
    expect(await wrong.open('room', limits)).toMatchObject({ ok: false, why: 'engine' });
    await wrong.stop();
    const { url } = janus;
    await janus.close();
    const nowhere = new JanusForwarder({ url, secret: 'the secret' }, clock);
    expect(await nowhere.open('room', limits)).toMatchObject({ ok: false, why: 'engine' });
    expect(await nowhere.open('room', limits)).toMatchObject({ ok: false, why: 'engine' });
    await nowhere.stop();
  });
});
