import { describe, expect, it } from 'vitest';
import type { ConversationId, ItemId } from '../domain/ids';
import { MemoryHistory } from '../history/memoryHistory';
import { itemsOfConversation } from '../state/selectors';
import { ClientBench, linesOf, onlyConversation, open, talking } from '../testing/clientBench';
import { alice, bob, carol } from '../testing/people';
import type { Client } from './client';

const textsOf = (client: Client, id: ConversationId): string[] =>
  itemsOfConversation(client.state, id).flatMap((item) => (item.kind === 'message' ? [item.body.text] : []));
const deliveriesOf = (client: Client, id: ConversationId): string[] =>
  itemsOfConversation(client.state, id).flatMap((item) =>
    item.kind === 'message' && item.own ? [item.delivery.is] : [],
  );

describe('client', () => {
  it('says that a wrong password was refused', async () => {
    const bench = new ClientBench();
    const client = bench.client(alice);
    void client.signIn({
      address: 'alice@contoso.example',
      password: 'wrong',
      server: 'localhost:1',
      savePassword: false,
    });
    await bench.world.elapse(50);
    expect(client.state.signIn).toMatchObject({ is: 'failed', failure: { is: 'refused' } });
  });

  it('shows a message once at both ends, in order', async () => {
    const bench = new ClientBench();
    const [alices, bobs] = [await bench.signedIn(alice), await bench.signedIn(bob)];
    const id = await talking(bench, alices, bobs);
    for (const text of ['one', 'two', 'three']) void alices.send(id, { text });
    await bench.world.elapse(100);
    expect(textsOf(bobs, onlyConversation(bobs).id)).toEqual(['hello', 'one', 'two', 'three']);
    expect(deliveriesOf(alices, id)).toEqual(['sent', 'sent', 'sent', 'sent']);
  });

  it('keeps the text of a message to somebody offline, and sends it again when asked', async () => {
    const bench = new ClientBench();
    const alices = await bench.signedIn(alice);
    const id = await open(alices, bob);
    const sent = alices.send(id, { text: 'are you there?' });
    await bench.world.elapse(50);
    expect(await sent).toMatchObject({ ok: false, failure: { is: 'rejected', status: 480 } });
    expect([textsOf(alices, id), deliveriesOf(alices, id)]).toEqual([['are you there?'], ['failed']]);
    await bench.signedIn(bob);
    const [message] = itemsOfConversation(alices.state, id);
    void alices.retry(id, message?.id as Parameters<Client['retry']>[1]);
    await bench.world.elapse(50);
    expect(deliveriesOf(alices, id)).toEqual(['sending']);
  });

  it('a message that did not arrive can be thrown away, here and on disk; one that did cannot', async () => {
    const bench = new ClientBench();
    const history = new MemoryHistory();
    const [alices, bobs] = [await bench.signedIn(alice, history), await bench.signedIn(bob)];
    const id = await talking(bench, alices, bobs);
    const [arrived] = itemsOfConversation(alices.state, id);
    expect(await alices.discard(id, arrived?.id as Parameters<Client['discard']>[1])).toMatchObject({ ok: false });
    const other = await open(alices, carol);
    void alices.send(other, { text: 'lost' });
    await bench.world.elapse(50);
    const [lost] = itemsOfConversation(alices.state, other);
    expect(await alices.discard(other, lost?.id as Parameters<Client['discard']>[1])).toMatchObject({ ok: true });
    expect([textsOf(alices, other), textsOf(alices, id)]).toEqual([[], ['hello']]);
    expect([...history.items.values()].map(({ conversation }) => conversation)).toEqual([id]);
    expect(alices.state.conversations[other]).toMatchObject({ preview: '' });
  });

  it('a message that the tab gives a second time is sent once, also when only the history knows it', async () => {
    const bench = new ClientBench();
    const history = new MemoryHistory();
    const [alices, bobs] = [await bench.signedIn(alice, history), await bench.signedIn(bob)];
    const id = await talking(bench, alices, bobs);
    const give = (client: Client, name: string, isAgain: boolean) => {
      void client.send(id, { text: name }, { id: `item-${name}` as ItemId, isAgain });
      return bench.world.elapse(50);
    };
    await give(alices, 'one', false);
    await give(alices, 'one', true);
    await give(alices, 'two', true);
    expect(textsOf(bobs, onlyConversation(bobs).id)).toEqual(['hello', 'one', 'two']);
    // Kept, but not among what is in memory.
    const message = history.items.get('item-two' as ItemId);
    if (message === undefined) throw new Error('not kept');
    history.items.set('item-three' as ItemId, { ...message, id: 'item-three' as ItemId });
    await give(alices, 'three', true);
    expect(textsOf(bobs, onlyConversation(bobs).id)).toEqual(['hello', 'one', 'two']);
  });

  it('an invitation that nobody answers lapses after 30 s and is a missed conversation with its text', async () => {
    const bench = new ClientBench();
    const [alices, bobs] = [await bench.signedIn(alice), await bench.signedIn(bob)];
    const id = await open(alices, bob);
    void alices.send(id, { text: 'lunch?' });
    await bench.world.elapse(29_000);
    expect(Object.keys(bobs.state.invitations)).toHaveLength(1);
    await bench.world.elapse(2_000);
    expect(Object.keys(bobs.state.invitations)).toHaveLength(0);
    expect(onlyConversation(bobs)).toMatchObject({ missed: true, preview: 'lunch?' });
    expect(linesOf(bobs, onlyConversation(bobs).id)).toEqual(['missed']);
    expect(deliveriesOf(alices, id)).toEqual(['failed']);
  });

  it('what is written without a connection waits, and goes once and in order when it is back', async () => {
    const bench = new ClientBench();
    const [alices, bobs] = [await bench.signedIn(alice), await bench.signedIn(bob)];
    const id = await talking(bench, alices, bobs);
    bench.endpoint(alice).lose();
    await bench.world.elapse(50);
    expect(alices.state.signIn.is).toBe('reconnecting');
    for (const text of ['one', 'two']) void alices.send(id, { text });
    await bench.world.elapse(50);
    expect(deliveriesOf(alices, id)).toEqual(['sent', 'queued', 'queued']);
    bench.endpoint(alice).regain();
    await bench.world.elapse(15_000);
    expect(deliveriesOf(alices, id)).toEqual(['sent', 'sent', 'sent']);
    expect(textsOf(bobs, onlyConversation(bobs).id)).toEqual(['hello', 'one', 'two']);
  });

  it('what was on the way when the engine died is sent after the next start, and shown once', async () => {
    const bench = new ClientBench();
    const history = new MemoryHistory();
    const [first, bobs] = [await bench.signedIn(alice, history), await bench.signedIn(bob)];
    const id = await talking(bench, first, bobs);
    bench.endpoint(alice).lose();
    await bench.world.elapse(50);
    void first.send(id, { text: 'before the end' });
    await bench.world.elapse(50);
    const second = await bench.signedIn(alice, history);
    await bench.world.elapse(15_000);
    expect(textsOf(second, id)).toEqual(['hello', 'before the end']);
    expect(textsOf(bobs, onlyConversation(bobs).id)).toEqual(['hello', 'before the end']);
  });

  it('a conversation of two becomes a conference: the same conversation, with everything said', async () => {
    const bench = new ClientBench();
    const clients = [await bench.signedIn(alice), await bench.signedIn(bob), await bench.signedIn(carol)] as const;
    const [alices, bobs, carols] = clients;
    const id = await talking(bench, alices, bobs, 'between us');
    void alices.invite(id, [carol]);
    await bench.world.elapse(100);
    const [invitation] = Object.keys(carols.state.invitations);
    void carols.accept(invitation as Parameters<Client['accept']>[0]);
    await bench.world.elapse(100);
    void carols.send(onlyConversation(carols).id, { text: 'hello both' });
    await bench.world.elapse(100);
    expect(textsOf(alices, id)).toEqual(['between us', 'hello both']);
    expect(textsOf(bobs, onlyConversation(bobs).id)).toEqual(['between us', 'hello both']);
    expect(Object.values(bobs.state.conversations)).toHaveLength(1);
    expect(linesOf(alices, id)).toContain('escalated');
    expect(linesOf(alices, id)).toContain('joined');
  });

  it('a conference that cannot be made leaves the conversation of two as it was', async () => {
    const bench = new ClientBench();
    const [alices, bobs] = [await bench.signedIn(alice), await bench.signedIn(bob)];
    const id = await talking(bench, alices, bobs);
    bench.endpoint(alice).failNext({ is: 'rejected', status: 500, reason: 'Server Internal Error' });
    const invited = alices.invite(id, [carol]);
    await bench.world.elapse(100);
    expect(await invited).toMatchObject({ ok: false });
    expect(alices.state.conversations[id]?.party).toEqual({ is: 'pairwise', peer: bob });
    void bobs.send(onlyConversation(bobs).id, { text: 'still here' });
    await bench.world.elapse(50);
    expect(textsOf(alices, id)).toEqual(['hello', 'still here']);
  });

  it('is inactive after five minutes without a touch, away after five more, active at the next', async () => {
    const bench = new ClientBench();
    const alices = await bench.signedIn(alice);
    const statusAfter = async (ms: number) => {
      await bench.world.elapse(ms);
      return alices.state.self.presence.status;
    };
    expect(await statusAfter(4 * 60_000)).toBe('available');
    expect(await statusAfter(60_000)).toBe('inactive');
    expect(await statusAfter(5 * 60_000)).toBe('away');
    void alices.touched();
    expect(await statusAfter(50)).toBe('available');
  });

  it('knows of a refusal in the log until somebody has looked, and takes a challenge for none', async () => {
    const alices = await new ClientBench().signedIn(alice);
    const logs = (direction: 'in' | 'out', text: string, more: { fault?: string } = {}) =>
      alices.logged({ seq: 1, at: 0, direction, kind: 'sip', url: '', text, ...more });
    for (const text of [
      'SIP/2.0 200 OK',
      'SIP/2.0 401 Unauthorized',
      'SIP/2.0 487 Request Terminated',
      'BYE sip:a@b',
    ]) {
      logs('in', `${text}\r\n\r\n`);
    }
    logs('out', 'SIP/2.0 486 Busy Here\r\n\r\n');
    expect(alices.state.logging.hasNews).toBe(false);
    logs('in', 'SIP/2.0 480 Temporarily Unavailable\r\n\r\n');
    expect(alices.state.logging.hasNews).toBe(true);
    await alices.seeLog();
    expect(alices.state.logging.hasNews).toBe(false);
    logs('in', 'INVITE\r\n', { fault: 'This is not a SIP message; it was dropped.' });
    expect(alices.state.logging.hasNews).toBe(true);
  });
});
