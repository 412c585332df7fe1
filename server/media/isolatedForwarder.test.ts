import { afterAll, describe, expect, it } from 'vitest';
import type { Aor } from '../../src/protocol/sip/uri';
import { silentLog } from '../log';
import type { MediaFact } from './forwarder';
import { describeForwarder } from './forwarder.contract';
import { IsolatedForwarder } from './isolatedForwarder';
import { SharingPeer } from './testing/sharingPeer';
import { until } from './testing/until';

const network = { listen: ['127.0.0.1'], announce: [], ports: null };
const ann = { id: 'ann', aor: 'sip:ann@contoso.example' as Aor };

describeForwarder('werift in a thread of its own', async () => ({
  forwarder: new IsolatedForwarder(network, silentLog),
  network,
}));

describe('the thread of the media', { timeout: 30_000 }, () => {
  const errors: object[] = [];
  const facts: MediaFact[] = [];
  const forwarder = new IsolatedForwarder(network, { error: (fields) => void errors.push(fields) });
  forwarder.onFact((fact) => facts.push(fact));
  afterAll(() => forwarder.stop());

  it('ends when werift throws at what a peer sends; that is told, and the next room has another', async () => {
    await forwarder.open('room', { maxBitrate: 1_000_000 });
    const sharer = new SharingPeer('ann', network);
    const answer = await forwarder.publish('room', ann, await sharer.offer());
    if (answer.ok) await sharer.answered(answer.value);
    await until(() => sharer.isPointerOpen, 'open channel');
    // A data message of a kind that does not exist (RFC 8831 §8).
    await sharer.pc.sctpTransport?.sctp.send(1, 99, Buffer.from('x'), { ordered: true });
    await until(() => facts.find(({ is }) => is === 'engine.lost'), 'fact of the loss');
    expect(facts).toContainEqual({ is: 'engine.lost', rooms: ['room'] });
    expect(errors).toHaveLength(1);
    await sharer.close();

    expect(await forwarder.open('room', { maxBitrate: 1_000_000 })).toMatchObject({ ok: true });
    expect(await forwarder.watch('room', ann)).toMatchObject({ ok: false, why: 'nothingToWatch' });
  });
});
